"""A sheet is read as it is stored, and what it does not show as it stores it is found."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from partners.tables.cells import Spoilt
from partners.tables.faults import FaultyInputError
from partners.tables.rows import rows_of


def cells_of(path: Path, sheet: str | None = None) -> list[list[Any]]:
    """All cells of a table."""
    return [list(cells) for _, cells in rows_of(path, sheet)]


def saved(book: Workbook, path: Path) -> Path:
    """A workbook's file."""
    book.save(path)
    return path


def test_merged_cells_hold_for_each_row(tmp_path: Path) -> None:
    """The value of cells that are merged down a column stands in each of their rows, also where a row is cut short."""
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in (["S-1", "铅", "≤0.2"], [None, "镉"], ["S-2", "铅", "≤0.5"], [None, "镉", "≤0.1"]):
        sheet.append(cells)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("C1:C2")
    sheet.merge_cells("A3:A4")
    assert [
        ["S-1", "铅", "≤0.2"],
        ["S-1", "镉", "≤0.2"],
        ["S-2", "铅", "≤0.5"],
        ["S-2", "镉", "≤0.1"],
    ] == cells_of(saved(book, tmp_path / "t.xlsx"))


def test_raised_figures_stay_raised(tmp_path: Path) -> None:
    """10 with a raised 4 is no 104."""
    book = Workbook()
    raised = TextBlock(InlineFont(vertAlign="superscript"), "-4")
    book.worksheets[0].append([CellRichText("3.7×10", raised, " CFU/g")])
    assert [["3.7×10⁻⁴ CFU/g"]] == cells_of(saved(book, tmp_path / "t.xlsx"))


@pytest.mark.parametrize(
    ("value", "number_format"),
    [("=1+1", "General"), ("#N/A", "General"), (0.05, "0%"), (0.05, '0.00"mg/kg"'), (0.05, "0.00\\g")],
)
def test_cell_that_shows_something_else_is_spoilt(tmp_path: Path, value: Any, number_format: str) -> None:
    """A formula, an error, a percentage and a number with words in its format are not what is printed."""
    book = Workbook()
    cell = book.worksheets[0].cell(1, 1, value)
    cell.number_format = number_format
    assert isinstance(cells_of(saved(book, tmp_path / "t.xlsx"))[0][0], Spoilt)


@pytest.mark.parametrize(
    "number_format",
    ["General", "0.00", "#,##0.00_);[Red]\\(#,##0.00\\)", "0.00E+00", "_ * #,##0_ ", "[$¥-804]#,##0.00"],
)
def test_plain_number_is_no_spoilt_cell(tmp_path: Path, number_format: str) -> None:
    """Places, groups, colours and the sign of the yuan change nothing of a number."""
    book = Workbook()
    book.worksheets[0].cell(1, 1, 0.05).number_format = number_format
    assert [[0.05]] == cells_of(saved(book, tmp_path / "t.xlsx"))


def test_several_sheets(tmp_path: Path) -> None:
    """Where several sheets hold something one has to be named; empty ones do not count."""
    book = Workbook()
    book.worksheets[0].append(["一"])
    book.create_sheet("空")
    path = saved(book, tmp_path / "t.xlsx")
    assert [["一"]] == cells_of(path)
    book.create_sheet("二").append(["二"])
    book.save(path)
    with pytest.raises(
        FaultyInputError, match=r"several sheets that hold something \(Sheet、二\); name one with --sheet"
    ):
        cells_of(path)
    assert [["二"]] == cells_of(path, "二")
    with pytest.raises(FaultyInputError, match="has no sheet '三'"):
        cells_of(path, "三")
