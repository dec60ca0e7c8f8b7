"""Reading a table row by row, without ever holding it whole: CSV, as text, or one sheet of a workbook, with types."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.utils.exceptions import InvalidFileException

from partners.tables.faults import Fault, FaultyInputError
from partners.tables.text import open_text
from partners.tables.workbooks import rows_of_workbook

Row = tuple[int, Sequence[Any]]
"""The number that the spreadsheet program shows, and the cells."""

_WORKBOOKS = (".xlsx", ".xlsm")
_OTHERS = (".xls", ".et", ".ods")
_TABS = (".tsv", ".txt")


def rows_of(path: Path, sheet: str | None = None) -> Iterator[Row]:
    """Every row of a table; raises FaultyInputError where it cannot be read."""
    kind = path.suffix.lower()
    if kind in _OTHERS:
        raise FaultyInputError([Fault(str(path), "is of a kind that cannot be read; save it as .xlsx or CSV.")])
    try:
        yield from rows_of_workbook(path, sheet) if kind in _WORKBOOKS else _rows_of_text(path, kind)
    except OSError as error:
        raise FaultyInputError([Fault(str(path), f"cannot be read ({error.strerror or error}).")]) from error
    except csv.Error as error:
        raise FaultyInputError([Fault(str(path), f"is no CSV: {error}; save it anew as CSV.")]) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ParseError) as error:
        text = "is no workbook that can be opened; save it as .xlsx, without a password."
        raise FaultyInputError([Fault(str(path), text)]) from error


def _rows_of_text(path: Path, kind: str) -> Iterator[Row]:
    with open_text(path) as file:
        tabs = kind in _TABS or file.encoding == "utf-16"
        yield from enumerate(csv.reader(file, delimiter="\t" if tabs else ",", strict=True), start=1)
