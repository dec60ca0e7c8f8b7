"""Reading one sheet of a workbook row by row.

A workbook stores what a spreadsheet made of what was typed. Cells whose content is not what the program shows come out
as ``Spoilt``, with the sentence to say should anybody need them: a formula, an error, a percentage, a number with words
in its format. Raised figures come out as such (10⁴), where reading the text alone would make 104 of them.

The library's own reading of a sheet by rows forgets what is raised, and trusts the size that a sheet says it has, which
some programs write wrongly; so its parser is used directly.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet._reader import WorkSheetParser

from partners.tables.cells import Spoilt, is_empty
from partners.tables.faults import Fault, FaultyInputError
from partners.tables.merged import filled

_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SHOWS_MORE = re.compile(r'%|"[^"]*\w[^"]*"|\\\w|\[\$[^\]¥￥-]')
_SKIPPED = re.compile(r"[_*].")
_FORMULA = Spoilt("holds a formula; copy the column and paste it as values.")
_OTHERWISE = Spoilt(
    "the spreadsheet shows more than the number that it keeps, such as % or a unit; make the column text."
)


def rows_of_workbook(path: Path, name: str | None) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of the sheet of this name, or of the only one that holds anything; raises FaultyInputError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library cannot keep when it saves; here nothing is saved
        book = load_workbook(path, read_only=True, rich_text=True)
        try:
            if book.epoch != WINDOWS_EPOCH:
                text = "counts days from 1904; switch that off in the program's settings, or save it as CSV."
                raise FaultyInputError([Fault(str(path), text)])
            sheet = _sheet(book, path, name)
            yield from filled(_rows(book, sheet), sheet)
        finally:
            book.close()


def _sheet(book: Workbook, path: Path, name: str | None) -> Any:
    sheets = {
        sheet.title: sheet for sheet in book.worksheets if name == sheet.title or (not name and _holds(book, sheet))
    }
    if len(sheets) == 1:
        return next(iter(sheets.values()))
    if name:
        text = f"has no sheet '{name}'; it has {'、'.join(sheet.title for sheet in book.worksheets)}."
    elif sheets:
        text = f"has several sheets that hold something ({'、'.join(sheets)}); name one with --sheet."
    else:
        text = "is empty."
    raise FaultyInputError([Fault(str(path), text)])


def _holds(book: Workbook, sheet: Any) -> bool:
    return any(not is_empty(cell) for _, cells in _rows(book, sheet) for cell in cells)


def _rows(book: Any, sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    with sheet._get_source() as source:  # noqa: SLF001 - as the parser
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            rich_text=True,
        )
        for number, cells in parser.parse():
            row = [None] * (cells[-1]["column"] if cells else 0)
            for cell in cells:
                row[cell["column"] - 1] = _value(sheet, cell)
            yield number, row


def _value(sheet: Any, cell: dict[str, Any]) -> Any:
    value, kind = cell["value"], cell["data_type"]
    if value is None or (kind == "s" and isinstance(value, str)):
        return value
    match kind:
        case "n":
            return _OTHERWISE if cell["style_id"] and _shows_more(_format(sheet, cell)) else value
        case "s":
            return "".join(map(_part, value)) if isinstance(value, CellRichText) else str(value)
        case "f":
            return _FORMULA
        case "e":
            return Spoilt(f"holds the error {value}; mend it.")
    return value


def _format(sheet: Any, cell: dict[str, Any]) -> str:
    return ReadOnlyCell(sheet, **cell).number_format or ""


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    text = str(part.text or "")
    return text.translate(_RAISED) if part.font and part.font.vertAlign == "superscript" else text


@lru_cache(maxsize=1000)
def _shows_more(number_format: str) -> bool:
    """Whether a format shows words or a percent sign beside the number."""
    return bool(_SHOWS_MORE.search(_SKIPPED.sub("", number_format.partition(";")[0])))
