"""Reading a table: CSV, as text, or the first sheet of a workbook (XLSX), with the cells' own types.

Spreadsheet programs in China save CSV as GB 18030; a file that is no UTF-8 is read as that.
"""

import csv
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from partners.office.faults import Fault, FaultyInputError

_WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: what stands above its columns, and its rows with the numbers that the program shows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]


def sheet_of(path: Path) -> Sheet:
    """Read a table; raises FaultyInputError where it cannot be read or a row is longer than its head."""
    try:
        rows = list(_workbook(path) if path.suffix.lower() in _WORKBOOKS else _csv(path))
    except OSError as error:
        raise FaultyInputError([Fault(str(path), f"cannot be read ({error.strerror}).")]) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, csv.Error) as error:
        text = "is neither CSV nor a workbook (.xlsx); save it as one of them."
        raise FaultyInputError([Fault(str(path), text)]) from error
    filled = [(number, row) for number, row in rows if any(cell not in (None, "") for cell in row)]
    if not filled:
        raise FaultyInputError([Fault(str(path), "is empty; the first row names the columns.")])
    (_, first), *rest = filled
    heads = tuple(str(head or "").strip() for head in first)
    too_long = [
        Fault(f"row {number}", f"'{cell}' stands in a column without a name; name the column, or mend the row.")
        for number, row in rest
        for head, cell in zip_longest(heads, row, fillvalue="")
        if not head and cell not in (None, "")
    ]
    if too_long:
        raise FaultyInputError(too_long)
    return Sheet(heads, tuple((number, tuple(row[: len(heads)])) for number, row in rest))


def _csv(path: Path) -> Iterable[tuple[int, list[Any]]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    yield from enumerate(csv.reader(text.splitlines(keepends=True), strict=True), start=1)


def _workbook(path: Path) -> Iterable[tuple[int, tuple[Any, ...]]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
    finally:
        book.close()
