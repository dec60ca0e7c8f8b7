"""A table as a person sees it: the row that names its columns, and the rows below it with their own numbers."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from partners.office.columns import names
from partners.tables.faults import FaultyInputError
from partners.tables.sheets import Sheet, sheet_of
from shared.contracts import SampleCollected

NAMES = names("form", SampleCollected)


def read(path: Path, fewest: int = 0) -> Sheet:
    """A table of sampling forms."""
    return sheet_of(path, NAMES, fewest=fewest)


def test_rows_have_the_numbers_that_the_program_shows(tmp_path: Path) -> None:
    """Titles and empty rows count, and a line end within a cell does not."""
    path = tmp_path / "forms.csv"
    path.write_text('某市抽样单\n\n样品名称,抽样数量,备样数量\n草鱼,2,\n\n"韭\n菜\u2028",3,\n', "utf-8")
    sheet = read(path, 3)
    assert ("product", "quantity", "reserve_quantity") == sheet.columns.fields
    assert [(4, ["草鱼", "2", ""]), (6, ["韭\n菜\u2028", "3", ""])] == [(row.number, row.cells) for row in sheet.rows]


def test_workbook_keeps_types_and_row_numbers(tmp_path: Path) -> None:
    """A day and a number stay what they are, and empty rows count."""
    book = Workbook()
    for cells in (["样品名称", "生产日期", "抽样数量"], [None, None, None], ["草鱼", datetime(2026, 3, 1), 2.5]):  # noqa: DTZ001 - a workbook knows no zone
        book.worksheets[0].append(cells)
    book.save(tmp_path / "forms.xlsx")
    assert [(3, ["草鱼", datetime(2026, 3, 1), 2.5])] == [  # noqa: DTZ001 - as above
        (row.number, row.cells) for row in read(tmp_path / "forms.xlsx").rows
    ]


@pytest.mark.parametrize("line", ["草鱼,2,x,3", "草鱼,2,x,,3"])
def test_cell_in_a_column_without_a_name_is_a_fault(tmp_path: Path, line: str) -> None:
    """What stands below or behind the named columns would be lost, so it is said."""
    path = tmp_path / "forms.csv"
    path.write_text(f"样品名称,抽样数量,商标,\n{line}\n", "utf-8")
    (row,) = read(path).rows
    assert ["row 2: '3' stands in a column without a name; name the column, or mend the row."] == list(
        map(str, row.faults)
    )


@pytest.mark.parametrize(
    ("text", "fewest", "words"),
    [
        ("\n\n", 0, "is empty; the first row names the columns."),
        ("标题\n草鱼,2,1\n", 3, "none of the first 20 rows names columns such as "),
    ],
)
def test_table_without_names_of_columns(tmp_path: Path, text: str, fewest: int, words: str) -> None:
    """A table of which no row names the columns is refused with what is missing."""
    path = tmp_path / "forms.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(FaultyInputError, match=words):
        read(path, fewest)
