"""Results against what the label states."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling import reviewed
from services.sampling.judging import foods
from services.sampling.judging.declared import tolerance_of
from services.sampling.judging.substances import substance
from services.sampling.judging.units import symbol
from shared.contracts.sample import Finding, Hazard, JudgementReason, LimitSource, Verdict
from tests.services.sampling.judging.made import finding

REASON = JudgementReason


def labelled(analyte: str, result: str, declared: str, printed: str = "", product: str = "雪糕") -> Finding:
    """A finding against a label (made)."""
    category = {"雪糕": "冷冻饮品", "食醋": "调味品", "白酒": "酒类", "婴儿配方食品": "婴幼儿配方食品"}[product]
    return finding(analyte, result, printed, declared=declared, product=product, category=category)


@pytest.mark.parametrize(
    ("analyte", "result", "declared", "reason"),
    [
        ("蛋白质", "4.8g/100g", "6g/100g", REASON.WITHIN_DECLARED),
        ("蛋白质", "4.79g/100g", "6g/100g", REASON.OFF_DECLARED),
        ("钠", "600mg/100g", "500mg/100g", REASON.WITHIN_DECLARED),
        ("钠", "0.601g/100g", "500mg/100g", REASON.OFF_DECLARED),
        ("维生素A", "180μg/100g", "100μg/100g", REASON.WITHIN_DECLARED),
        ("维生素A", "181μg/100g", "100μg/100g", REASON.OFF_DECLARED),
        ("维生素A", "79μg/100g", "100μg/100g", REASON.OFF_DECLARED),
        ("蛋白质", "5g/100g", "约6", REASON.LIMIT_UNREADABLE),
        ("蛋白质", "5g/100g", "6g/100kJ", REASON.UNIT_MISMATCH),
        ("己酸乙酯", "2g/L", "3g/L", REASON.LABEL_CASE),
        ("蛋白质", "约5", "6g/100g", REASON.RESULT_UNREADABLE),
    ],
)
def test_the_tolerance_decides(analyte: str, result: str, declared: str, reason: JudgementReason) -> None:
    """The edge of the tolerance is within it; what cannot be read, or has no tolerance, goes to a person."""
    assert reason is labelled(analyte, result, declared).reason


@pytest.mark.parametrize(
    ("result", "expected"), [("51%vol", Verdict.PASS), ("50.9%vol", Verdict.FAIL), ("53.1%vol", Verdict.FAIL)]
)
def test_a_tolerance_may_be_an_amount(result: str, expected: Verdict) -> None:
    """Liquor may be one percent by volume off its label."""
    assert expected is labelled("酒精度", result, "52%vol", product="白酒").verdict


def test_a_tolerance_for_the_food_goes_first() -> None:
    """Sodium in infant formula has a minimum, elsewhere a maximum."""
    assert Verdict.FAIL is labelled("钠", "30mg/100g", "60mg/100g", product="婴儿配方食品").verdict
    assert Verdict.PASS is labelled("钠", "30mg/100g", "60mg/100g").verdict


def test_a_limit_in_words_is_the_label_s_where_it_speaks_of_one() -> None:
    """A rule such as 标签明示值 is settled by the stated value; any other rule stays with a person."""
    assert REASON.WITHIN_DECLARED is labelled("蛋白质", "5g/100g", "6g/100g", "标签明示值").reason
    assert REASON.WITHIN_DECLARED is labelled("蛋白质", "5g/100g", "6g/100g", "≥80%标示值").reason
    assert REASON.OFF_DECLARED is labelled("蛋白质", "5g/100g", "6g/100g", "≥95%标示值").reason
    assert REASON.OFF_DECLARED is labelled("蛋白质", "5g/100g", "6g/100g", "不低于标签明示值的95%").reason
    assert REASON.WITHIN_DECLARED is labelled("己酸乙酯", "2.9g/L", "3g/L", "≤100%标示值").reason
    assert REASON.OFF_DECLARED is labelled("蛋白质", "7.3g/100g", "6g/100g", "80%~120%标示值").reason
    assert REASON.WITHIN_DECLARED is labelled("酒精度", "38.5%vol", "38%vol", "标签明示值±0.5%vol", "白酒").reason
    assert REASON.OFF_DECLARED is labelled("酒精度", "38.6%vol", "38%vol", "标签明示值±0.5%vol", "白酒").reason
    assert REASON.LABEL_CASE is labelled("蛋白质", "5g/100g", "6g/100g", "标示值的80%").reason
    assert REASON.LABEL_CASE is labelled("蛋白质", "5g/100g", "6g/100g", "应符合GB 7718").reason
    assert REASON.LABEL_CASE is labelled("蛋白质", "5g/100g", "", "标签明示值").reason


def test_a_limit_in_figures_holds_beside_the_label() -> None:
    """The graver of the two decides: a minimum that is broken does not care for a modest label."""
    assert REASON.BELOW_MINIMUM is labelled("蛋白质", "0.6g/100g", "0.6g/100g", "≥0.8g/100g").reason
    assert REASON.OFF_DECLARED is labelled("蛋白质", "0.9g/100g", "6g/100g", "≥0.8g/100g").reason
    assert REASON.WITHIN_DECLARED is labelled("蛋白质", "5g/100g", "6g/100g", "≥0.8g/100g").reason
    assert REASON.WITHIN_MAXIMUM is labelled("己酸乙酯", "2g/L", "3g/L", "≤4g/L").reason


def test_a_finding_against_a_label_says_whose_tolerance_it_was() -> None:
    """Bounds, standard and the mark of an unverified tolerance are told."""
    answer = labelled("蛋白质", "4g/100g", "6g/100g")
    assert ("≥4.8 g/100g", LimitSource.LABORATORY, "GB 28050-2011", False) == (
        answer.limit_used,
        answer.limit_source,
        answer.standard,
        answer.verified,
    )
    assert "the label states 6 g/100g" in answer.explanation


@given(st.decimals("0.1", 1000, places=2), st.decimals(0, 2000, places=2))
def test_the_share_is_exact(stated: Decimal, value: Decimal) -> None:
    """Protein keeps its label exactly from 80 % on."""
    answer = labelled("蛋白质", f"{value}g/100g", f"{stated}g/100g")
    assert (Verdict.PASS if value * 100 >= stated * 80 else Verdict.FAIL) is answer.verdict


def test_every_tolerance_can_be_used() -> None:
    """Each names a reviewed substance, reviewed foods, a known unit, and at least one bound with its citation."""
    for row in reviewed.rows("declared.csv"):
        assert substance(row["substance"]).hazard is not Hazard.UNKNOWN, row
        assert all(foods.load().known(term) for term in reviewed.terms(row["foods"])), row
        assert not row["unit"] or symbol(row["unit"]), row
        assert any(row[name] for name in ("low_percent", "high_percent", "low_offset", "high_offset")), row
        assert row["citation"], row
    assert tolerance_of("铅", "大米", "粮食加工品", "") is None
