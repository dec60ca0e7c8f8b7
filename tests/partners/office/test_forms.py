"""Reading sampling forms: a file is read whole, with every fault of every form, or not at all."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from partners.asking.checking import put_aside
from partners.asking.memory import Memory
from partners.asking.spool import Spool
from partners.office.forms import Forms, region_of
from partners.person import Person
from partners.tables.faults import FaultyInputError
from shared.contracts import SampleCollected
from shared.keys import seed_in
from shared.settings import Settings
from tests.examples import form, report
from tests.partners.laboratory.files import workbook

ROW = {
    "抽样编号": "S-1",
    "抽样人员": "S01、S02",
    "抽样时间": "2026-02-24 09:30",
    "乡镇代码": "210283104",
    "抽样地点(环节)": "流通",
    "抽样地点(场所)": "农贸市场",
    "被抽样单位名称": "张三菜店",
    "社会信用代码": "V0001",
    "样品名称": "大米",
    "食品大类": "粮食加工品",
    "抽样数量": "2",
    "备样数量": "1",
    "单位": "kg",
    "单价": "12.50",
    "封样编号": "F-S-1",
    "生产企业社会信用代码": "P0001",
}
FIGURES = "write figures with a point, such as 2.5, and no unit."
EXPECTED = form(report("1"), seal_no="F-S-1")


def in_csv(folder: Path, *rows: dict[str, Any]) -> Path:
    """The rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "forms.csv"
    path.write_text(text.getvalue(), "utf-8")
    return path


def forms_in(path: Path) -> list[SampleCollected | None]:
    """The forms of a file."""
    return [request.event for request in Forms(path)]  # type: ignore[misc]


def faults(path: Path) -> list[str]:
    """Every fault of a file, one without a form among them."""
    found: list[str] = []
    try:
        for request in Forms(path):
            found += map(str, request.faults)
            assert bool(request.faults) == (request.event is None)
    except FaultyInputError as error:
        found += map(str, error.faults)
    return found


def test_national_form_in_csv_is_the_event(tmp_path: Path) -> None:
    """The national form's labels and words make the event; the unit's name is left out, and said so."""
    forms = Forms(in_csv(tmp_path, ROW, ROW | {"抽样编号": "S-2"}))
    first, second = forms
    assert EXPECTED == first.event
    assert ("S-2", 3, "row 3", "21.02.83") == (
        second.place.sample_no,
        *second.place.numbers,
        second.place.name,
        second.region,
    )
    assert {"被抽样单位名称 (a name: the unit is told by its credit code)": 1} == forms.left_out


def test_workbook_is_the_same(tmp_path: Path) -> None:
    """A workbook with numbers and days in its cells makes the same event as the text."""
    book = Workbook()
    assert book.active is not None
    cells: dict[str, Any] = ROW | {
        "抽样数量": 2,
        "备样数量": 1.0,
        "单价": 12.5,
        "抽样时间": datetime(2026, 2, 24, 9, 30),  # noqa: DTZ001 - a workbook knows no zone
    }
    book.active.append(list(cells))
    book.active.append(list(cells.values()))
    path = tmp_path / "forms.xlsx"
    book.save(path)
    assert [EXPECTED] == forms_in(path)


@pytest.mark.parametrize("as_list", [True, False])
def test_json_is_the_same(tmp_path: Path, as_list: bool) -> None:  # noqa: FBT001 - the case
    """One form or a list, by the labels or by the contract's names, is the same event."""
    for number, fields in enumerate((ROW, EXPECTED.model_dump(mode="json"))):
        path = tmp_path / f"forms{number}.json"
        path.write_text(json.dumps([fields] if as_list else fields), "utf-8")
        assert [EXPECTED] == forms_in(path)


def test_portion_for_the_test_is_what_is_left(tmp_path: Path) -> None:
    """The national form does not say what is tested: it is what was taken without the reserve."""
    (read,) = forms_in(in_csv(tmp_path, ROW | {"抽样数量": "2.4", "备样数量": "1.1"}))
    assert read
    assert "1.3" == str(read.test_quantity)


def test_every_fault_of_every_row_is_listed(tmp_path: Path) -> None:
    """All that is wrong is said at once, with row and column, and nothing of the file is read."""
    bad = ROW | {"抽样编号": "S-2", "抽样数量": "两公斤", "抽样人员": "S01", "抽样时间": "2026-02-24", "单价": ""}
    assert [
        "row 3, column 抽样时间 (sampled_at): the time of day is missing; write it as 2026-11-24 09:30.",
        "row 3, column 抽样人员 (samplers): holds 1 and needs at least 2.",
        f"row 3, column 抽样数量 (quantity): '两公斤' is no number; {FIGURES}",
        "row 3, column 单价 (unit_price): is empty and has to be filled in.",
    ] == faults(in_csv(tmp_path, ROW, bad))


def test_rule_over_several_fields_stands_at_the_row(tmp_path: Path) -> None:
    """What no single column is to blame for is said of the row."""
    (fault,) = faults(in_csv(tmp_path, ROW | {"抽样人员": "S01 S01"}))
    assert fault.startswith("row 2: the same sampler stands on the form twice")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "holds no form."),
        ([1], "line 1: holds no named fields"),
        ([{"colour": "red"}], "line 1: 'colour' is no field of this table"),
    ],
)
def test_document_without_forms_is_a_fault(tmp_path: Path, document: Any, words: str) -> None:
    """What is no form is said to be none, with its number."""
    path = tmp_path / "forms.json"
    path.write_text(json.dumps(document), "utf-8")
    assert words in faults(path)[0]


def test_column_that_nobody_knows_stops_the_reading(tmp_path: Path) -> None:
    """A column whose meaning is unknown is asked about before any row is read."""
    path = in_csv(tmp_path, ROW)
    path.write_text(path.read_text("utf-8").replace("单价", "价钱"), "utf-8")
    (fault,) = faults(path)
    assert fault.startswith("column 14: '价钱' is no field of this table")


def test_region_is_the_townships_county() -> None:
    """The sample belongs to the county where it was taken."""
    assert "21.02.83" == region_of(EXPECTED)


def test_source_of_the_task_is_a_number_or_left_out(tmp_path: Path) -> None:
    """Only a plan's number stands in the event; a source in words is left out, and said to be so how often."""
    forms = Forms(
        in_csv(
            tmp_path,
            *(ROW | {"任务来源": source} for source in ("2026年省级食品安全监督抽检", "PLAN-2026", "市级 专项", "/")),
        )
    )
    assert [None, "PLAN-2026", None, None] == [
        request.event.plan_no for request in forms if isinstance(request.event, SampleCollected)
    ]
    left_out = "任务来源 where it is no plan's number (the annual plan of the county counts)"
    assert 2 == forms.left_out[left_out]


def test_formula_is_refused_and_never_read_as_nothing(tmp_path: Path) -> None:
    """A formula whose value no program computed yet is no empty cell."""
    book = Workbook()
    book.worksheets[0].append(list(ROW))
    book.worksheets[0].append(list((ROW | {"生产企业社会信用代码": "=A1"}).values()))
    book.save(tmp_path / "forms.xlsx")
    (fault,) = faults(tmp_path / "forms.xlsx")
    assert "(producer): holds a formula" in fault


def test_sheet_that_holds_the_forms_has_to_be_named(tmp_path: Path) -> None:
    """Where two sheets hold something neither is taken unasked."""
    book = Workbook()
    book.worksheets[0].append(["说明"])
    sheet = book.create_sheet("抽样单")
    sheet.append(list(ROW))
    sheet.append(list(ROW.values()))
    book.save(tmp_path / "forms.xlsx")
    assert "name one with --sheet" in faults(tmp_path / "forms.xlsx")[0]
    assert [EXPECTED] == [request.event for request in Forms(tmp_path / "forms.xlsx", "抽样单")]


def test_size_that_a_sheet_claims_is_not_believed(tmp_path: Path) -> None:
    """Some programs write that a sheet has one cell; all its rows are read."""
    book = Workbook()
    for cells in (list(ROW), list(ROW.values())):
        book.worksheets[0].append(cells)
    book.save(tmp_path / "right.xlsx")
    with zipfile.ZipFile(tmp_path / "right.xlsx") as right, zipfile.ZipFile(tmp_path / "wrong.xlsx", "w") as wrong:
        for name in right.namelist():
            content = right.read(name)
            wrong.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content))
    assert [EXPECTED] == forms_in(tmp_path / "wrong.xlsx")


@pytest.mark.parametrize(("kind", "count"), [("csv", 10_000), ("xlsx", 3_000)])
def test_file_is_streamed(tmp_path: Path, kind: str, count: int) -> None:
    """Checking many forms never holds more than a small part of them, in whichever kind of file."""
    rows = (ROW | {"抽样编号": f"S-{number}"} for number in range(count))
    path = (
        in_csv(tmp_path, *rows)
        if kind == "csv"
        else workbook(tmp_path / "forms.xlsx", (list(one.values()) for one in rows), list(ROW))
    )
    seed_in(tmp_path / "keys", "sampler-S01")
    sampler = Person("sampler", "S01", Settings(keys_folder=tmp_path / "keys"))
    memory = Memory(tmp_path / "memory.db")
    spool = Spool(memory)
    tracemalloc.start()
    try:
        found = put_aside(Forms(path), spool, sampler)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (0, count) == (found.count, spool.total())
    assert peak < 8_000_000
    memory.close()
