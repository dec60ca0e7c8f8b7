"""Findings: the laboratory's limit and the catalogue's, and what a report says of one sample."""

from datetime import date
from decimal import Decimal

import pytest

from services.sampling.judging.judgement import judge, verdict_of
from services.sampling.judging.limits import Catalogue
from shared.contracts.result import Determination, ResultCorrected, ResultReported
from shared.contracts.sample import Finding, Hazard, JudgementReason, LegalClass, LimitSource, Verdict
from tests.services.sampling.judging.made import NO_LIMITS, finding, row, two_editions

REASON = JudgementReason
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
        (None, "", REASON.EDITION_AMBIGUOUS, LimitSource.NONE),
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
        legal_class=LegalClass.LIMITED,
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


def test_an_ambiguous_product_is_told_apart_from_an_unknown_limit() -> None:
    """Where no limit is stated, a product of several foods goes to a person with all that it may be (made)."""
    catalogue = Catalogue(
        (
            row("stomatopods", "≤3.0mg/kg", terms="虾蛄", begin=date(2020, 1, 1)),
            row("others", "≤0.5mg/kg", terms="甲壳类", exceptions="虾蛄", begin=date(2020, 1, 1)),
        )
    )
    answer = finding(CADMIUM, "1.1mg/kg", "", product="海水虾", made_on=FLIP, catalogue=catalogue)
    assert REASON.CATEGORY_AMBIGUOUS is answer.reason
    assert "≤3 mg/kg for 虾蛄" in answer.explanation
    assert "≤0.5 mg/kg for 甲壳类" in answer.explanation
    assert REASON.NO_LIMIT is finding(CADMIUM, "1.1mg/kg", "", product="海水虾", made_on=FLIP).reason


def test_an_edition_that_may_not_have_begun_is_ambiguous() -> None:
    """A row for the narrower food that nobody dated keeps the wider one from deciding (made)."""
    wide = row("dated", "≤0.5mg/kg", terms="甲壳类", begin=date(2020, 1, 1))
    catalogue = Catalogue((row("open", "≤3mg/kg"), wide))
    answer = finding(CADMIUM, "1.1mg/kg", "", made_on=FLIP, catalogue=catalogue)
    assert REASON.EDITION_AMBIGUOUS is answer.reason
    assert "which edition was in force" in answer.explanation


def test_what_the_form_says_stands_in_for_the_report() -> None:
    """The form's production date and the day of the conclusion count where the report states none (made)."""
    cadmium = (Determination(analyte=CADMIUM, result="1.1mg/kg", limit=""),)
    report = ResultReported(
        report_no="R1", sample_no="S1", product="皮皮虾", category="食用农产品", determinations=cadmium
    )
    dated = report.model_copy(update={"production_date": FLIP})
    assert REASON.EDITION_AMBIGUOUS is judge(report, two_editions())[0].reason
    assert REASON.ABOVE_MAXIMUM is judge(report, two_editions(), made_on=BEFORE)[0].reason
    assert REASON.WITHIN_MAXIMUM is judge(dated, two_editions(), made_on=BEFORE)[0].reason
    drug = report.model_copy(
        update={"determinations": (Determination(analyte="氯霉素", result="1μg/kg", limit="不得检出"),)}
    )
    assert judge(drug, NO_LIMITS)[0].legal_class is None
    assert LegalClass.PROHIBITED is judge(drug, NO_LIMITS, concluded_on=FLIP)[0].legal_class


def test_a_corrected_report_is_judged_like_a_first() -> None:
    """A correction says what a report says, and more (made)."""
    found = (Determination(analyte="铅", result="0.6mg/kg", limit="≤0.5mg/kg"),)
    facts = {"report_no": "R2", "sample_no": "S1", "product": "大米", "category": "粮食加工品", "determinations": found}
    first = ResultReported.model_validate(facts)
    corrected = ResultCorrected.model_validate(facts | {"corrects": "R1", "why": "A digit was wrong."})
    assert judge(first, NO_LIMITS) == judge(corrected, NO_LIMITS)
