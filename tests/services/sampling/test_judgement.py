"""Findings: the laboratory's limit and the catalogue's, and all published failures."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.sampling import limits
from services.sampling.judgement import judge, judge_determination, verdict_of
from services.sampling.limits import Catalogue
from shared.contracts.result import Determination, ResultReported
from shared.contracts.sample import Finding, Hazard, JudgementReason, LimitSource, Verdict
from tests.services.sampling.made import NO_LIMITS, finding, row, two_editions

REASON = JudgementReason
HERE = Path(__file__).parent
PUBLISHED = HERE.parents[2] / "demo" / "published_failures.csv"
CADMIUM = "镉(以Cd计)"
BEFORE, FLIP, AFTER = date(2023, 6, 29), date(2023, 6, 30), date(2023, 7, 1)


@pytest.mark.parametrize(
    ("made_on", "printed", "reason", "source"),
    [
        (BEFORE, "≤0.5mg/kg", REASON.ABOVE_MAXIMUM, LimitSource.BOTH),
        (FLIP, "≤0.5mg/kg", REASON.LIMIT_DISPUTED, LimitSource.NONE),
        (AFTER, "≤0.5mg/kg", REASON.LIMIT_DISPUTED, LimitSource.NONE),
        (BEFORE, "≤3.0mg/kg", REASON.LIMIT_DISPUTED, LimitSource.NONE),
        (FLIP, "≤3.0mg/kg", REASON.WITHIN_MAXIMUM, LimitSource.BOTH),
        (BEFORE, "", REASON.ABOVE_MAXIMUM, LimitSource.CATALOGUE),
        (FLIP, "", REASON.WITHIN_MAXIMUM, LimitSource.CATALOGUE),
        (None, "≤0.5mg/kg", REASON.ABOVE_MAXIMUM, LimitSource.LABORATORY),
        (None, "", REASON.NO_LIMIT, LimitSource.NONE),
        (BEFORE, "0.5mg/kg左右", REASON.LIMIT_UNREADABLE, LimitSource.NONE),
        (BEFORE, "≤0.5mg/L", REASON.UNIT_MISMATCH, LimitSource.NONE),
    ],
)
def test_both_limits_have_a_say(
    made_on: date | None, printed: str, reason: JudgementReason, source: LimitSource
) -> None:
    """1.1 mg/kg flips with the edition: the day before, of and after, with and without a stated limit (made)."""
    answer = finding(CADMIUM, "1.1mg/kg", printed, made_on=made_on, catalogue=two_editions())
    assert (reason, source) == (answer.reason, answer.limit_source)


def test_a_dispute_names_both_limits_and_the_edition() -> None:
    """The person who decides reads what the laboratory used and what was in force (made)."""
    answer = finding(CADMIUM, "1.1mg/kg", "≤0.5mg/kg", made_on=FLIP, catalogue=two_editions())
    expected = (
        "The laboratory states ≤0.5 mg/kg, with which the sample would fail, and the catalogue has ≤3 mg/kg "
        "(made standard new, 2023-06-30 to today) for the production date, with which it would pass."
    )
    assert expected == answer.explanation
    assert (answer.verdict, answer.standard, answer.verified) == (Verdict.UNCLEAR, "made standard new", False)


def test_a_finding_is_filled_from_what_decided() -> None:
    """Substance, hazard, limit, source, standard, check and ratio are all told (made)."""
    expected = Finding(
        analyte=CADMIUM,
        substance="镉",
        hazard=Hazard.METAL,
        result="1.1mg/kg",
        limit="≤0.5mg/kg",
        verdict=Verdict.FAIL,
        reason=REASON.ABOVE_MAXIMUM,
        explanation="1.1 mg/kg is above the maximum 0.5 mg/kg (2.2 times).",
        limit_used="≤0.5 mg/kg",
        limit_source=LimitSource.BOTH,
        standard="made standard old",
        verified=True,
        ratio=Decimal("2.2"),
    )
    assert expected == finding(CADMIUM, "1.1mg/kg", "≤0.5mg/kg", made_on=BEFORE, catalogue=two_editions())


def test_different_limits_with_one_verdict_agree() -> None:
    """Where both limits lead to the same the laboratory's is shown and the other is named (made)."""
    answer = finding(CADMIUM, "4mg/kg", "≤0.5mg/kg", made_on=FLIP, catalogue=two_editions())
    assert (answer.verdict, answer.limit_source, answer.limit_used) == (Verdict.FAIL, LimitSource.BOTH, "≤0.5 mg/kg")
    assert "leads to the same" in answer.explanation


def test_a_catalogue_in_other_units_leaves_the_decision_to_the_laboratory() -> None:
    """A row that the result cannot be held against has no say (made)."""
    catalogue = Catalogue((row("volume", "≤0.1mg/L", begin=date(2020, 1, 1)),))
    answer = finding(CADMIUM, "1.1mg/kg", "≤0.5mg/kg", made_on=FLIP, catalogue=catalogue)
    assert (answer.verdict, answer.limit_source) == (Verdict.FAIL, LimitSource.LABORATORY)
    assert "cannot be compared" in answer.explanation


def test_a_verdict_against_a_doubt_is_a_dispute() -> None:
    """Where the edition in force bans what the laboratory bounds, a bound does not settle it (made)."""
    catalogue = Catalogue((row("ban", "不得检出", begin=date(2020, 1, 1)),))
    answer = finding(CADMIUM, "<0.1mg/kg", "≤0.5mg/kg", made_on=FLIP, catalogue=catalogue)
    assert REASON.LIMIT_DISPUTED is answer.reason
    assert "would be unclear" in answer.explanation


def test_an_undated_row_informs_and_never_decides() -> None:
    """A row whose edition began on an unknown day is named, and the laboratory's limit decides (made)."""
    catalogue = Catalogue((row("open", "≤3mg/kg", end=date(2025, 1, 1)),))
    answer = finding(CADMIUM, "1.1mg/kg", "≤0.5mg/kg", made_on=FLIP, catalogue=catalogue)
    assert (
        answer.verdict,
        answer.limit_source,
        answer.standard,
    ) == (Verdict.FAIL, LimitSource.LABORATORY, "made standard open")
    assert "only informs" in answer.explanation
    absent = finding(CADMIUM, "1.1mg/kg", "", made_on=FLIP, catalogue=catalogue)
    assert REASON.NO_LIMIT is absent.reason


@pytest.mark.parametrize(
    ("analyte", "result", "printed", "expected"),
    [
        ("结构", "", "", REASON.NO_RESULT),
        ("结构", "2.0", "", REASON.NO_LIMIT),
        ("镉", "约2", "≤0.5mg/kg", REASON.RESULT_UNREADABLE),
        ("标签", "未标注成分", "≤0.5mg/kg", REASON.LABEL_CASE),
        ("标签", "", "符合GB 7718", REASON.NO_RESULT),
        ("感官", "有异味", "应符合GB 2716", REASON.LABEL_CASE),
        ("菌落总数", "1.2×10", "≤1000CFU/g", REASON.EXPONENT_LOST),
    ],
)
def test_what_cannot_be_judged_says_why(analyte: str, result: str, printed: str, expected: JudgementReason) -> None:
    """An unclear finding has its reason, and no limit decided."""
    answer = finding(analyte, result, printed)
    assert (Verdict.UNCLEAR, expected, "", LimitSource.NONE) == (
        answer.verdict,
        answer.reason,
        answer.limit_used,
        answer.limit_source,
    )


def test_a_report_fails_if_any_finding_fails() -> None:
    """Fail comes before unclear, and unclear before pass."""
    kept = Determination(analyte="镉", result="0.1mg/kg", limit="≤0.5mg/kg")
    broken = Determination(analyte="铅", result="0.6mg/kg", limit="≤0.5mg/kg")
    open_ = Determination(analyte="铬", result="", limit="≤2mg/kg")
    verdicts = []
    for determinations in ((kept,), (kept, open_), (kept, open_, broken)):
        report = ResultReported(
            report_no="R1", sample_no="S1", product="大米", category="粮食加工品", determinations=determinations
        )
        findings = judge(report, NO_LIMITS)
        assert [each.analyte for each in determinations] == [each.analyte for each in findings]
        verdicts.append(verdict_of(findings))
    assert verdicts == [Verdict.PASS, Verdict.UNCLEAR, Verdict.FAIL]


def published() -> Iterator[tuple[dict[str, str], Finding]]:
    """Each published row with the finding of its raw notation."""
    catalogue = limits.load()
    with PUBLISHED.open(encoding="utf-8-sig", newline="") as lines:
        for cells in csv.DictReader(lines):
            day = cells["production_date"]
            answer = judge_determination(
                Determination(analyte=cells["analyte"], result=cells["result_raw"], limit=cells["limit_raw"]),
                product=cells["product"],
                category=cells["category"],
                subcategory=cells["subcategory"],
                made_on=date(*(int(part) for part in day.split("-"))) if day else None,
                catalogue=catalogue,
            )
            yield cells, answer


ROWS = list(published())
EXPECTED = {
    "no_values_published": (Verdict.UNCLEAR, REASON.NO_RESULT),
    "truncated": (Verdict.UNCLEAR, REASON.EXPONENT_LOST),
    "limit_corrupt": (Verdict.UNCLEAR, REASON.LIMIT_CORRUPT),
    "text_only": (Verdict.UNCLEAR, REASON.LABEL_CASE),
    "limit_without_comparator": (Verdict.FAIL, REASON.ABOVE_MAXIMUM),
}


def disputed() -> list[str]:
    """The rows that the golden file lists with both limits and the dates of the edition."""
    with (HERE / "golden" / "limit_disputed.csv").open(encoding="utf-8", newline="") as lines:
        return [cells["row_id"] for cells in csv.DictReader(lines)]


def test_every_published_row_comes_out_as_recomputed() -> None:
    """Rows with figures fail or pass as their parsed fields do, but for the disputed ones of the golden file."""
    wrong = [
        (cells["row_id"], answer.reason)
        for cells, answer in ROWS
        if cells["parse_status"] == "ok"
        and cells["row_id"] not in disputed()
        and answer.verdict.value != cells["reevaluated"]
    ]
    assert wrong == []


def test_the_disputed_rows_are_those_of_the_golden_file() -> None:
    """No row becomes disputed, or stops to be, unnoticed."""
    assert disputed() == [cells["row_id"] for cells, answer in ROWS if answer.reason is REASON.LIMIT_DISPUTED]


def test_every_row_that_lost_something_is_unclear_for_that() -> None:
    """Truncated, corrupt, empty and text rows have their reason; a bare limit of a residue is a maximum."""
    wrong = [
        (cells["row_id"], answer.verdict, answer.reason)
        for cells, answer in ROWS
        if cells["parse_status"] != "ok" and (answer.verdict, answer.reason) != EXPECTED[cells["parse_status"]]
    ]
    assert wrong == []


def test_the_slip_of_a_notice_passes() -> None:
    """61.1 mg/kg against at most 200 mg/kg was published as failing, and keeps its limit."""
    answers = {cells["row_id"]: answer for cells, answer in ROWS}
    assert Verdict.PASS is answers["F0072"].verdict


def test_ratios_are_those_of_the_parsed_figures() -> None:
    """The ratio agrees with the one computed from the parsed fields, to the digits that those print."""
    wrong = [
        (cells["row_id"], answer.ratio, cells["exceed_ratio"])
        for cells, answer in ROWS
        if (answer.ratio is None) != (cells["exceed_ratio"] == "")
        or (answer.ratio is not None and abs(answer.ratio / Decimal(cells["exceed_ratio"]) - 1) > Decimal("0.006"))
    ]
    assert wrong == []


def test_every_decision_names_its_limit() -> None:
    """A finding that passes or fails says by which limit, and who stated it."""
    decided = [answer for _, answer in ROWS if answer.verdict is not Verdict.UNCLEAR]
    assert all(answer.limit_used and answer.limit_source is not LimitSource.NONE for answer in decided)
    assert all(answer.explanation.endswith(".") for _, answer in ROWS)
