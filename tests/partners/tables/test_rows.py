"""A table is read in whichever encoding it has, and a file that is no table is refused with what to do."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from partners.tables.faults import FaultyInputError
from partners.tables.rows import rows_of


def cells_of(path: Path) -> list[list[Any]]:
    """All cells of a table."""
    return [list(cells) for _, cells in rows_of(path)]


def test_encodings_and_line_ends(tmp_path: Path) -> None:
    """UTF-8 with and without its mark, UTF-16 with tabs and GB 18030 are read; a cell keeps its own line ends."""
    text = '抽样编号,检验结果\r\nS-1,"<0.05\r\nmg/kg\u2028"\r\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        (tmp_path / "t.csv").write_bytes(text.encode(encoding))
        assert [["抽样编号", "检验结果"], ["S-1", "<0.05\r\nmg/kg\u2028"]] == cells_of(tmp_path / "t.csv")
    (tmp_path / "t.txt").write_bytes("抽样编号\t检验结果\r\nS-1\t0,05\r\n".encode("utf-16"))
    assert [["抽样编号", "检验结果"], ["S-1", "0,05"]] == cells_of(tmp_path / "t.txt")


def test_files_that_are_no_table(tmp_path: Path) -> None:
    """Each kind of file that cannot be read is refused with what to do."""
    (tmp_path / "t.xlsx").write_bytes(b"PK no workbook")
    (tmp_path / "quote.csv").write_text('a,"b"c\n')
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xff\xff\x00\x81")
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append([1])
    book.save(tmp_path / "mac.xlsx")
    for name, says in (
        ("t.xlsx", "save it as .xlsx, without a password"),
        ("quote.csv", "is no CSV"),
        ("bytes.csv", "is no text"),
        ("old.xls", "save it as .xlsx or CSV"),
        ("missing.csv", "cannot be read"),
        ("missing.xlsx", "cannot be read"),
        ("mac.xlsx", "counts days from 1904"),
    ):
        with pytest.raises(FaultyInputError, match=says):
            cells_of(tmp_path / name)
