"""Tables of limits as people have them, CSV or XLSX, read row by row with the place of each row."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.sampling.judging.offline import text_lines
from shared.failure import CannotStartError

Line = tuple[int, dict[str, str]]
"""The number of a row, as a spreadsheet counts, and its cells by column."""


def lines(path: Path) -> Iterator[Line]:
    """The rows of a table that are not empty.

    Raises:
        CannotStartError: The file is no table; the sentence names it and says what to do.
    """
    try:
        yield from _workbook(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path)
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); name a CSV or XLSX file."
        raise CannotStartError(message) from error
    except (csv.Error, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        message = f"{path} is no table that can be read ({error}); save it as CSV or XLSX."
        raise CannotStartError(message) from error


def _csv(path: Path) -> Iterator[Line]:
    with path.open("rb") as table:
        reader = csv.reader(text_lines(table), strict=True)
        yield from _by_column(path, ((reader.line_num, cells) for cells in reader))


def _workbook(path: Path) -> Iterator[Line]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        yield from _by_column(path, ((number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)))
    finally:
        book.close()


def _by_column(path: Path, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Line]:
    header: list[str] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [name.strip().removeprefix("\ufeff") for name in cells]
            if "row_id" not in header:
                message = f"{path}, row {number}, holds no column row_id; begin the table with a line of column names."
                raise CannotStartError(message)
            continue
        yield number, dict(zip(header, cells, strict=False))


def _text(cell: Any) -> str:
    """A cell as it would be printed; a whole number without the point that a spreadsheet keeps behind it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
