"""Reading tables: CSV in UTF-8 or GB 18030, and workbooks with their cells' own types."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from partners.office.faults import FaultyInputError
from partners.office.sheets import sheet_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_programs_write(tmp_path: Path, encoding: str) -> None:
    """The same table in each encoding has the same heads and rows, with the program's own row numbers."""
    path = tmp_path / "forms.csv"
    path.write_bytes('样品名称,数量\n草鱼,2\n\n"韭\n菜",3\n'.encode(encoding))
    sheet = sheet_of(path)
    assert ("样品名称", "数量") == sheet.heads
    assert [("草鱼", "2"), ("韭\n菜", "3")] == [row for _, row in sheet.rows]
    assert 2 == sheet.rows[0][0]


def test_workbook_keeps_types_and_row_numbers(tmp_path: Path) -> None:
    """A day and a number stay what they are, and empty rows count."""
    book = Workbook()
    assert book.active is not None
    for row in (["样品名称", "日期", "数量"], [None, None, None], ["草鱼", datetime(2026, 3, 1), 2.5]):  # noqa: DTZ001 - a workbook knows no zone
        book.active.append(row)
    path = tmp_path / "forms.xlsx"
    book.save(path)
    assert ((3, ("草鱼", datetime(2026, 3, 1), 2.5)),) == sheet_of(path).rows  # noqa: DTZ001 - as above


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.csv", None, "cannot be read"),
        ("empty.csv", b"\n\n", "is empty; the first row names the columns."),
        ("long.csv", b"a,b\n1,2,3\n", "row 2: '3' stands in a column without a name"),
        ("quote.csv", b'a,b\n"1,2\n', "is neither CSV nor a workbook"),
        ("fake.xlsx", b"no zip", "is neither CSV nor a workbook"),
        ("fake.csv", b"\xff\xff\xff", "is neither CSV nor a workbook"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    """Each file that cannot be read is refused with its reason."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FaultyInputError, match=words):
        sheet_of(path)
