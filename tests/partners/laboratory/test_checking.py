"""The first reading holds one report at a time, finds what comes twice, and counts more faults than it shows."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from partners.asking.memory import Memory
from partners.asking.spool import Spool
from partners.laboratory.checking import Check, Checked
from partners.laboratory.lines import Lines
from partners.person import Person
from shared.contracts import ResultReported
from shared.keys import seed_in
from shared.settings import Settings
from tests.partners.laboratory.files import continuation, json_lines, row, table, workbook


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """A check for laboratory L0142."""
    seed_in(tmp_path / "keys", "lab-L0142")
    return Check(Person("lab", "L0142", Settings(keys_folder=tmp_path / "keys")), "21.02.83")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """An empty spool."""
    memory = Memory(tmp_path / "memory.db")
    yield Spool(memory)
    memory.close()


@pytest.mark.parametrize(
    ("name", "write", "lines"),
    [("r.csv", table, 20_000), ("r.jsonl", json_lines, 20_000), ("r.xlsx", workbook, 5_000)],
)
def test_file_is_streamed(  # a workbook is ten times as slow to read as text
    check: Check, spool: Spool, tmp_path: Path, name: str, write: Callable[..., Path], lines: int
) -> None:
    """Reading many rows never holds more than a small part of them, in whichever kind of file."""
    path = write(tmp_path / name, (row(number) for number in range(lines)))
    tracemalloc.start()
    try:
        checked = check.file(Lines(path), spool)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (0, lines) == (checked.faults.count, spool.total())
    assert peak < 8_000_000


def test_what_was_checked_is_what_is_put_aside(check: Check, spool: Spool, tmp_path: Path) -> None:
    """The spool holds the reports in the order of the file, each with an id that follows from its content."""
    path = table(tmp_path / "r.csv", [row(1), continuation(), row(2)])
    check.file(Lines(path), spool)
    first, second = spool.next_to_send(10, 10**6)
    assert ("R-1", "R-2") == (first.report_no, second.report_no)
    assert isinstance(first.event, ResultReported)
    assert 2 == len(first.event.determinations)
    assert first.event_id != second.event_id


def test_sample_that_comes_again_is_a_fault(check: Check, spool: Spool, tmp_path: Path) -> None:
    """A sample or a report that comes again further down names both rows, also where the first one is faulty."""
    lines = [row(1, made="soon"), row(2), row(1), ["R-2", "S-4", *row(4)[2:]], ["R-5", "S-2", *row(5)[2:]]]
    checked = check.file(Lines(table(tmp_path / "r.csv", lines)), spool)
    again = [str(fault).partition(";")[0] for fault in checked.faults.first if "already" in str(fault)]
    assert [
        "row 4, column 抽样编号 (sample_no): sample S-1 or report R-1 stands in row 2 already",
        "row 5, column 抽样编号 (sample_no): sample S-4 or report R-2 stands in row 3 already",
        "row 6, column 抽样编号 (sample_no): sample S-2 or report R-5 stands in row 3 already",
    ] == again


def test_faults_are_counted_beyond_what_is_shown(check: Check, spool: Spool, tmp_path: Path) -> None:
    """Of many faults the first fifty are kept and all are counted."""
    lines = [row(number, made="soon") for number in range(120)]
    checked: Checked = check.file(Lines(table(tmp_path / "r.csv", lines)), spool)
    assert (120, 50) == (checked.faults.count, len(checked.faults.first))


def test_empty_file(check: Check, spool: Spool, tmp_path: Path) -> None:
    """A file that names columns and holds no report is a fault."""
    checked = check.file(Lines(table(tmp_path / "r.csv", [])), spool)
    assert ["holds no report."] == [fault.text for fault in checked.faults.first]
    (tmp_path / "r.json").write_text("[]")
    assert 1 == check.file(Lines(tmp_path / "r.json"), spool).faults.count


def test_remarks(check: Check, spool: Spool, tmp_path: Path) -> None:
    """What is left out is said once, with the reason."""
    heads = ("报告编号", "抽样编号", "食品名称", "分类", "生产日期/批号", "备注", "不合格项目‖检验结果‖标准值")
    lines = [[f"R-{n}", f"S-{n}", "大米", "粮食加工品", "批号：A1", "-", "铅‖0.3mg/kg‖≤0.2mg/kg"] for n in (1, 2)]
    checked = check.file(Lines(table(tmp_path / "r.csv", lines, heads)), spool)
    assert [] == checked.faults.first
    assert [
        "left out: 备注 (a remark)",
        "2 report(s) name no day of production in the column for day or batch.",
    ] == checked.remarks()
