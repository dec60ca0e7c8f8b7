"""Events with many entries: in the document itself, or in a table beside it."""

from pathlib import Path

import pytest

from partners.office.entries import event_with
from partners.office.laboratory import RESULTS, SCOPE
from partners.office.plan import LINES
from partners.tables.faults import FaultyInputError
from shared.contracts import Hazard, LaboratoryAccredited, PlaceKind, PlanAdopted, ProficiencyRoundClosed

HEAD = """plan_no = "PLAN-2026"
title = "2026年度食品安全抽检计划"
kind = "年度计划"
starts = 2026-01-01
ends = 2026-12-31
"""
IN_WHOLE = f"""{HEAD}
[[lines]]
township = "210283104"
category = "食用农产品"
hazard = "兽药残留"
samples = 40

[[lines]]
place_kind = "school_canteen"
samples = 12
"""
TABLE = "乡镇代码,食品大类,危害类别,抽样场所,批次\n210283104,食用农产品,兽药残留,,40\n/,,,学校食堂,12\n"


STRANGE = "stands in a field that this request does not have; leave it out, or mend the field's name."
NO_TOWNSHIP = "'庄河' does not fit; write the nine figures of the township, such as 210283104."


def written(folder: Path, name: str, text: str) -> Path:
    """A file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def faults(plan: Path, table: Path | None = None) -> list[str]:
    """What is wrong with a plan."""
    with pytest.raises(FaultyInputError) as caught:
        event_with(PlanAdopted, LINES, plan, table)
    return [str(fault) for fault in caught.value.faults]


def test_lines_of_a_table_are_those_of_the_document(tmp_path: Path) -> None:
    """A plan is the same whether its lines stand in it or in a spreadsheet, in the words of either."""
    whole = event_with(PlanAdopted, LINES, written(tmp_path, "whole.toml", IN_WHOLE), None)
    head, table = written(tmp_path, "head.toml", HEAD), written(tmp_path, "lines.csv", TABLE)
    assert whole == event_with(PlanAdopted, LINES, head, table)
    assert ["annual", Hazard.VETERINARY_DRUG, PlaceKind.SCHOOL_CANTEEN] == [
        whole.kind,
        whole.lines[0].hazard,
        whole.lines[1].place_kind,
    ]


def test_fault_of_a_line_stands_where_its_entry_begins(tmp_path: Path) -> None:
    """Every fault of head and lines is listed with its line in the document."""
    text = IN_WHOLE.replace("210283104", "庄河").replace("= 12", '= "twelve"').replace("2026-12-31", "2025-12-31")
    plan = written(tmp_path, "plan.toml", text)
    assert [
        f"plan.toml, line 7, lines, entry 1, township: {NO_TOWNSHIP}",
        "plan.toml, line 13, lines, entry 2, samples: 'twelve' is no whole number; write figures only.",
    ] == faults(plan)
    assert ["plan.toml, the whole: ends is before starts: give the first and the last day of the plan."] == faults(
        written(tmp_path, "plan.toml", IN_WHOLE.replace("2026-12-31", "2025-12-31"))
    )


def test_misspelt_field_of_a_line_is_a_fault(tmp_path: Path) -> None:
    """A field that a line does not have would leave the line meaning more than was written."""
    plan = written(tmp_path, "plan.toml", IN_WHOLE.replace("category", "categry"))
    (fault,) = faults(plan)
    assert fault.startswith(
        "plan.toml, line 7, lines, entry 1, categry: 'categry' is no field of this entry; write one"
    )


def test_misspelt_field_of_the_head_is_a_fault(tmp_path: Path) -> None:
    """So is one of the plan itself."""
    plan = written(tmp_path, "plan.toml", IN_WHOLE.replace("title", "titel"))
    assert [
        "plan.toml, title: is empty and has to be filled in.",
        f"plan.toml, line 2, titel: {STRANGE}",
    ] == faults(plan)


def test_fault_of_a_table_stands_at_row_and_column(tmp_path: Path) -> None:
    """A fault in a spreadsheet is named with the row and the head that the person sees."""
    table = written(tmp_path, "lines.csv", TABLE.replace("12", "一打"))
    assert ["row 3, column 批次 (samples): '一打' is no whole number; write figures only."] == faults(
        written(tmp_path, "head.toml", HEAD), table
    )


@pytest.mark.parametrize(
    ("text", "table", "words"),
    [
        (IN_WHOLE, TABLE, "lines: stands here and in lines.csv; keep one of them."),
        (HEAD, None, "lines: is empty and has to be filled in."),
        (HEAD, "乡镇代码,批次\n", "lines: holds 0 and needs at least 1."),
        (HEAD, "乡镇代码,颜色\n210283104,1\n", "column 2: '颜色' is no field of this table"),
        (f'{HEAD}\nlines = "all"\n', None, "lines: 'all' is no list"),
        (f"{HEAD}\nlines = [1]\n", None, "lines, entry 1: '1' is not made of named fields"),
    ],
)
def test_lines_that_are_none_or_twice_are_a_fault(tmp_path: Path, text: str, table: str | None, words: str) -> None:
    """Lines stand in one place, and there is at least one."""
    plan = written(tmp_path, "plan.toml", text)
    (fault,) = faults(plan, written(tmp_path, "lines.csv", table) if table is not None else None)
    assert words in fault


def test_document_without_fields_is_a_fault(tmp_path: Path) -> None:
    """A file that holds a list is no plan."""
    assert "holds no named fields" in faults(written(tmp_path, "plan.json", "[]"))[0]


def test_scope_and_results_may_be_tables_too(tmp_path: Path) -> None:
    """An accreditation's scope and a round's results are read from spreadsheets in the same way."""
    certificate = written(
        tmp_path,
        "certificate.toml",
        'laboratory = "L0142"\ncertificate_no = "CMA-1"\nvalid_from = 2024-01-01\nvalid_to = 2029-12-31\n',
    )
    scope = written(tmp_path, "scope.csv", "产品类别,项目类别,检测方法\n食用农产品,兽药残留,\n,,GB 4789.2\n")
    accredited = event_with(LaboratoryAccredited, SCOPE, certificate, scope)
    assert [("食用农产品", Hazard.VETERINARY_DRUG, ""), ("", None, "GB 4789.2")] == [
        (item.category, item.hazard, item.method) for item in accredited.scope
    ]
    head = written(
        tmp_path, "round.toml", 'round_no = "PT-1"\nsubstance = "镉"\nunit = "mg/kg"\nclosed_on = 2026-03-01\n'
    )
    results = written(tmp_path, "results.csv", "实验室,结果\nL0142,0.211\nL0200,0.27\n")
    closed = event_with(ProficiencyRoundClosed, RESULTS, head, results)
    assert [("L0142", "0.211"), ("L0200", "0.27")] == [(one.laboratory, str(one.value)) for one in closed.results]
