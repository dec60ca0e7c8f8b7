"""Rows become reports: continuation rows belong to the sample above, and every fault is named where it stands."""

import json
import string
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from partners.laboratory.cells import printed
from partners.laboratory.lines import Lines
from partners.laboratory.reports import Read, read_reports
from partners.tables.cells import SpoiltError
from partners.tables.faults import FaultyInputError
from shared.contracts import ResultReported
from tests.examples import report
from tests.partners.laboratory.files import CADMIUM, HEADS, LEAD, continuation, json_lines, row, table, workbook

TODAY = date(2026, 11, 25)
MARGIN = ("附件1", None, None, None, None, None, None, None, None, None)


def read(path: Path, **options: Any) -> list[Read]:
    """The reports of a file."""
    return list(read_reports(Lines(path, **options), TODAY))


def reports_of(path: Path) -> list[ResultReported]:
    """The reports of a file without faults."""
    found = read(path)
    assert [] == [fault for one in found for fault in one.faults]
    return [one.report for one in found if one.report]


def faults_of(path: Path) -> list[str]:
    """The faults of a file, as they are shown."""
    return [str(fault) for one in read(path) for fault in one.faults]


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.jsonl"])
def test_continuation_rows_belong_to_the_sample_above(tmp_path: Path, name: str) -> None:
    """Rows that leave the sample empty, or say it again, are further items of it, in whichever kind of file."""
    lines = [row(1), continuation(), row(1, item=LEAD), row(2)]
    write = {"r.csv": table, "r.xlsx": workbook, "r.jsonl": json_lines}[name]
    first, second = reports_of(write(tmp_path / name, lines))
    assert ["镉(以Cd计)", "铅(以Pb计)", "铅(以Pb计)"] == [one.analyte for one in first.determinations]
    assert ("R-1", "S-1", "大米", date(2026, 1, 5)) == (
        first.report_no,
        first.sample_no,
        first.product,
        first.production_date,
    )
    assert 1 == len(second.determinations)


def test_merged_workbook_with_title_and_serial_days(tmp_path: Path) -> None:
    """A workbook as laboratories keep it: a title, merged sample cells, a merged limit, a day as a number."""
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (MARGIN, HEADS, row(1, made=46027), continuation(item=("铅", 0.05, None, None, None)), row(2)):
        sheet.append(list(line))
    for column in "ABCDEH":
        sheet.merge_cells(f"{column}3:{column}4")
    book.save(tmp_path / "r.xlsx")
    first, _ = reports_of(tmp_path / "r.xlsx")
    assert date(2026, 1, 5) == first.production_date
    assert [("0.12mg/kg", "≤0.2mg/kg"), ("0.05", "≤0.2mg/kg")] == [
        (one.result, one.limit) for one in first.determinations
    ]


def test_numbers_name_the_row_of_each_item(tmp_path: Path) -> None:
    """The row of each item is known, over empty rows, as the spreadsheet program counts."""
    (found,) = read(workbook(tmp_path / "r.xlsx", [MARGIN, [None], row(1), [None], continuation()], heads=HEADS))[1:]
    assert (4, 6) == found.numbers


def test_contract_as_json(tmp_path: Path) -> None:
    """A report as the contract writes it is taken as it is, alone or in a list."""
    whole = report("1", production_date=date(2026, 1, 5))
    (tmp_path / "r.json").write_text(json.dumps([whole.model_dump(mode="json", exclude_none=True)]), "utf-8")
    assert [whole] == reports_of(tmp_path / "r.json")


PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


def assume_printed(text: str) -> None:
    """What is only a day is refused and not printed."""
    try:
        printed(text)
    except SpoiltError:
        assume(condition=False)


@given(result=PRINTED, limit=PRINTED)
@settings(max_examples=60)
@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.jsonl"])
def test_what_is_printed_survives(tmp_path_factory: pytest.TempPathFactory, name: str, result: str, limit: str) -> None:
    """Any text of a result or a limit reaches the event unchanged, from whichever kind of file."""
    assume_printed(result)
    assume_printed(limit)
    path = tmp_path_factory.mktemp("printed") / name
    line = row(1, item=("铅", result, limit, "", ""))
    if name == "r.xlsx":
        _save_as_text(path, line)
    else:
        {"r.csv": table, "r.jsonl": json_lines}[name](path, [line])
    (only,) = reports_of(path)
    assert (result, limit) == (only.determinations[0].result, only.determinations[0].limit)


def _save_as_text(path: Path, line: list[Any]) -> None:
    """Save a workbook in which what begins with = or # is a text like any other."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(HEADS))
    for column, value in enumerate(line, start=1):
        cell = sheet.cell(2, column, value)
        cell.data_type = "s"
    book.save(path)


def test_every_fault_is_named_with_row_and_column(tmp_path: Path) -> None:
    """Faults of the sample stand at its first row, those of an item at its own; none hides another."""
    lines = [
        row(1, made="2027-01-01"),
        continuation(item=("", 1 / 3, "≤0.2", "", "")),
        ["R-2", "S-2", "", "粮食加工品", "soon", *CADMIUM],
        [None, None, "小米", None, None, *LEAD],
    ]
    assert [
        "row 3, column 检验结果 (result): 0.3333333333333333 was computed or has lost figures",
        "row 3, column 检验项目 (analyte): is empty and has to be filled in.",
        "row 2, column 生产日期 (production_date): 2027-01-01 is still to come",
        "row 5, column 样品名称 (product): '小米' differs: row 4 says nothing of the same sample",
        "row 4, column 样品名称 (product): is empty and has to be filled in.",
        "row 4, column 生产日期 (production_date): 'soon' is no day",
    ] == [fault.partition(";")[0] for fault in faults_of(workbook(tmp_path / "r.xlsx", lines))]


def test_days_that_cannot_be(tmp_path: Path) -> None:
    """A day to come, and a conclusion before the production, are faults."""
    heads = (*HEADS, "结论日期")
    lines = [[*row(1, made="2026-11-26"), ""], [*row(2), "2026-01-04"], [*row(3), "2026-01-05"]]
    assert [
        "row 2, column 生产日期 (production_date): 2026-11-26 is still to come",
        "row 3, column 结论日期 (concluded_on): 2026-01-04 is before the production on 2026-01-05",
    ] == [fault.partition(";")[0] for fault in faults_of(table(tmp_path / "r.csv", lines, heads))]


def test_cell_without_a_column(tmp_path: Path) -> None:
    """What stands outside the named columns is not lost in silence."""
    lines = [row(1), [*continuation(), "0.3mg/kg"]]
    assert ["row 3: '0.3mg/kg' stands in a column without a name; name the column, or mend the row."] == faults_of(
        table(tmp_path / "r.csv", lines)
    )


def test_faults_of_json_name_the_line(tmp_path: Path) -> None:
    """In JSON a fault is named by its line, its entry and its field."""
    good = report("1").model_dump(mode="json", exclude_none=True)
    bad = good | {"sample_no": "", "determinations": [{"analyte": "", "result": "1", "limit": [1]}], "colour": "red"}
    lines = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in (good, bad, "R-3"))
    (tmp_path / "r.jsonl").write_text(lines, "utf-8")
    assert [
        "line 2: 'colour' is no field of this table; mend its name, or leave it out with --without 'colour'.",
        "line 2, entry 1 of determinations, limit: is no text; write it in quotation marks.",
        "line 3: holds no named fields; write each field with its name.",
        "line 2, sample_no: is empty and has to be filled in.",
        "line 2, entry 1 of determinations, analyte: is empty and has to be filled in.",
    ] == faults_of(tmp_path / "r.jsonl")


@pytest.mark.parametrize("lines", [[], [["nothing", "of", "use"]], [string.ascii_letters] * 30])
def test_file_without_columns(tmp_path: Path, lines: Any) -> None:
    """A file in which no row names columns is refused with what is looked for."""
    path = tmp_path / "r.csv"
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8")
    with pytest.raises(
        FaultyInputError, match=r"none of the first 20 rows names columns such as 报告编号、抽样编号 and 样品名称\."
    ):
        read(path)
