"""Reading sampling forms: a file is read whole, with every fault of every form, or not at all."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from partners.office.faults import FaultyInputError
from partners.office.forms import Forms, read_forms, region_of
from shared.contracts import SampleCollected
from tests.examples import form, report

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
    writer = csv.DictWriter(text, list(ROW))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "forms.csv"
    path.write_text(text.getvalue(), "utf-8")
    return path


def faults(path: Path) -> list[str]:
    """Every fault of a file."""
    with pytest.raises(FaultyInputError) as caught:
        read_forms(path)
    return [str(fault) for fault in caught.value.faults]


def test_national_form_in_csv_is_the_event(tmp_path: Path) -> None:
    """The national form's labels and words make the event; the unit's name is left out, and said so."""
    read = read_forms(in_csv(tmp_path, ROW, ROW | {"抽样编号": "S-2"}))
    assert EXPECTED == read.forms[0]
    assert ("S-2", ("被抽样单位名称 (a name: the unit is told by its credit code)",)) == (
        read.forms[1].sample_no,
        read.left_out,
    )


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
    assert (EXPECTED,) == read_forms(path).forms


@pytest.mark.parametrize("as_list", [True, False])
def test_json_is_the_same(tmp_path: Path, as_list: bool) -> None:  # noqa: FBT001 - the case
    """One form or a list, by the labels or by the contract's names, is the same event."""
    for number, fields in enumerate((ROW, EXPECTED.model_dump(mode="json"))):
        path = tmp_path / f"forms{number}.json"
        path.write_text(json.dumps([fields] if as_list else fields), "utf-8")
        assert (EXPECTED,) == read_forms(path).forms


def test_portion_for_the_test_is_what_is_left(tmp_path: Path) -> None:
    """The national form does not say what is tested: it is what was taken without the reserve."""
    (read,) = read_forms(in_csv(tmp_path, ROW | {"抽样数量": "2.4", "备样数量": "1.1"})).forms
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


def test_sample_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    """Every sample has its own number."""
    assert [
        "row 3, column 抽样编号 (sample_no): sample S-1 stands in row 2 as well; every sample has its own number."
    ] == faults(in_csv(tmp_path, ROW, ROW))


def test_rule_over_several_fields_stands_at_the_row(tmp_path: Path) -> None:
    """What no single column is to blame for is said of the row."""
    (fault,) = faults(in_csv(tmp_path, ROW | {"抽样人员": "S01 S01"}))
    assert fault.startswith("row 2: the same sampler stands on the form twice")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "the file: holds no form."),
        ([1], "form 1: holds no named fields"),
        ([{"colour": "red"}], "form 1: 'colour' is no field of this table"),
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


def test_forms_are_events_of_the_contract(tmp_path: Path) -> None:
    """What is read is ready to be sent."""
    read: Forms = read_forms(in_csv(tmp_path, ROW))
    assert SampleCollected.model_validate_json(read.forms[0].model_dump_json()) == read.forms[0]
