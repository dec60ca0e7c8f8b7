"""One result against one limit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.comparison import compared, with_sign
from services.sampling.judging.kinds_of_limit import Bounds
from services.sampling.judging.notation import Kind, Reading, Result, read_quantity, read_result
from services.sampling.judging.outcome import Outcome
from services.sampling.judging.substances import substance
from shared.contracts.sample import JudgementReason, Verdict
from tests.services.sampling.judging.made import limit

REASON = JudgementReason


def outcome(analyte: str, printed: str, bound: str, lod: str = "") -> Outcome:
    """The outcome of a printed result against a printed limit."""
    result = read_result(printed)
    assert isinstance(result, Result)
    known = substance(analyte)
    return compared(result, with_sign(limit(bound), known), known, read_quantity(lod))


@pytest.mark.parametrize(
    ("analyte", "printed", "bound", "expected"),
    [
        ("镉", "0.5mg/kg", "≤0.5mg/kg", REASON.WITHIN_MAXIMUM),
        ("镉", "500μg/kg", "≤0.5mg/kg", REASON.WITHIN_MAXIMUM),
        ("镉", "500.000001μg/kg", "≤0.5mg/kg", REASON.ABOVE_MAXIMUM),
        ("镉", "0.5mg/kg", "<0.5mg/kg", REASON.ABOVE_MAXIMUM),
        ("镉", "0.7mg/kg", "0.5mg/kg", REASON.ABOVE_MAXIMUM),
        ("铝的残留量", "264mg/kg", "200mg/kg", REASON.ABOVE_MAXIMUM),
        ("菌落总数", "2.9×10⁵CFU/g", "30000CFU/g", REASON.ABOVE_MAXIMUM),
        ("蛋白质", "2.28g/100g", "2.5g/100g", REASON.COMPARATOR_MISSING),
        ("蛋白质", "2.28g/100g", "≥2.5g/100g", REASON.BELOW_MINIMUM),
        ("蛋白质", "2.5g/100g", "≥2.5g/100g", REASON.WITHIN_MINIMUM),
        ("pH值", "8.6", "6.5~8.5", REASON.ABOVE_MAXIMUM),
        ("pH值", "6.4", "6.5~8.5", REASON.BELOW_MINIMUM),
        ("pH值", "7.0", "6.5~8.5", REASON.WITHIN_MAXIMUM),
        ("恩诺沙星", "558.4μg/kg", "≤100", REASON.ABOVE_MAXIMUM),
        ("恩诺沙星", "558.4", "≤100μg/kg", REASON.UNIT_MISSING),
        ("恩诺沙星", "558.4", "≤100", REASON.UNIT_MISSING),
        ("恩诺沙星（μg/kg）", "558.4", "≤100", REASON.ABOVE_MAXIMUM),
        ("铅", "0.2mg/L", "≤0.1mg/kg", REASON.UNIT_MISMATCH),
        ("菌落总数", "7.5×10⁴,1.3×10⁵,9.2×10⁴,5.0×10⁴", "7.5×10⁴CFU/g", REASON.LIMIT_CORRUPT),
        ("铅", "1 720mg/kg", "≤1000mg/kg", REASON.RESULT_UNREADABLE),
        ("铅", "-0.1mg/kg", "≤0.1mg/kg", REASON.RESULT_UNREADABLE),
        ("标签", "1.0", "符合GB 7718", REASON.LABEL_CASE),
    ],
)
def test_a_number_keeps_or_breaks_its_bound(analyte: str, printed: str, bound: str, expected: JudgementReason) -> None:
    """The bound itself is kept; units are converted exactly, and what cannot be compared says why."""
    assert expected is outcome(analyte, printed, bound).reason


@pytest.mark.parametrize(
    ("printed", "bound", "lod", "expected"),
    [
        ("<0.5mg/kg", "≤0.5mg/kg", "", REASON.WITHIN_MAXIMUM),
        ("<0.6mg/kg", "≤0.5mg/kg", "", REASON.RESULT_INCONCLUSIVE),
        (">0.5mg/kg", "≤0.5mg/kg", "", REASON.ABOVE_MAXIMUM),
        (">0.4mg/kg", "≤0.5mg/kg", "", REASON.RESULT_INCONCLUSIVE),
        ("<2mg/kg", "≥2mg/kg", "", REASON.BELOW_MINIMUM),
        (">2mg/kg", "≥2mg/kg", "", REASON.WITHIN_MINIMUM),
        ("<3mg/kg", "≥2mg/kg", "", REASON.RESULT_INCONCLUSIVE),
        ("<3mg/kg", "2~4mg/kg", "", REASON.RESULT_INCONCLUSIVE),
        ("未检出", "≤0.5mg/kg", "", REASON.LOD_MISSING),
        ("未检出", "≤0.5mg/kg", "20μg/kg", REASON.WITHIN_MAXIMUM),
        ("未检出", "≤0.5mg/kg", "1mg/kg", REASON.RESULT_INCONCLUSIVE),
        ("未检出(<20μg/kg)", "≤0.5mg/kg", "", REASON.WITHIN_MAXIMUM),
        ("检出", "≤0.5mg/kg", "", REASON.RESULT_INCONCLUSIVE),
    ],
)
def test_a_bound_decides_if_it_lies_on_one_side(printed: str, bound: str, lod: str, expected: JudgementReason) -> None:
    """``<x``, ``>x`` and "not detected" decide against a figure only where every amount they allow does."""
    assert expected is outcome("铅", printed, bound, lod).reason


@pytest.mark.parametrize(
    ("analyte", "printed", "bound", "lod", "expected"),
    [
        ("孔雀石绿", "4.10μg/kg", "不得检出", "", REASON.DETECTED),
        ("孔雀石绿", "0.1μg/kg", "不得检出", "0.5μg/kg", REASON.DETECTED),
        ("孔雀石绿", "检出", "不得检出", "", REASON.DETECTED),
        ("孔雀石绿", "＞3μg/kg", "不得检出", "", REASON.DETECTED),
        ("孔雀石绿", "未检出", "不得检出", "", REASON.LOD_MISSING),
        ("孔雀石绿", "未检出", "不得检出", "见方法", REASON.LOD_MISSING),
        ("孔雀石绿", "未检出", "不得检出", "0.5μg/kg", REASON.NOT_DETECTED),
        ("孔雀石绿", "ND(<0.5μg/kg)", "不得检出", "", REASON.NOT_DETECTED),
        ("孔雀石绿", "<0.5μg/kg", "不得检出", "", REASON.LOD_MISSING),
        ("孔雀石绿", "<0.5μg/kg", "不得检出", "0.0005mg/kg", REASON.NOT_DETECTED),
        ("孔雀石绿", "<2μg/kg", "不得检出", "0.5μg/kg", REASON.RESULT_INCONCLUSIVE),
        ("孔雀石绿", "0μg/kg", "不得检出", "", REASON.LOD_MISSING),
        ("山梨酸及其钾盐", "0.0777g/kg", "不得使用", "", REASON.NOT_PERMITTED),
        ("山梨酸及其钾盐", "检出", "不得使用", "", REASON.NOT_PERMITTED),
        ("山梨酸及其钾盐", "未检出", "不得使用", "", REASON.LOD_MISSING),
        ("山梨酸及其钾盐", "未检出", "不得添加g/kg", "0.005g/kg", REASON.NOT_DETECTED),
        ("沙门氏菌", "未检出/25g", "不得检出/25g", "", REASON.NOT_FOUND),
        ("沙门氏菌", "未检出", "不得检出", "", REASON.NOT_FOUND),
        ("沙门氏菌", "检出", "0/25g", "", REASON.DETECTED),
        ("大肠菌群", "0CFU/mL", "不得检出", "", REASON.NOT_FOUND),
        ("大肠菌群", "<10CFU/mL", "不得检出", "", REASON.LOD_MISSING),
        ("沙门氏菌", "未检出;检出;未检出", "不得检出/25g", "", REASON.DETECTED),
    ],
)
def test_a_ban_is_broken_by_any_number(
    analyte: str, printed: str, bound: str, lod: str, expected: JudgementReason
) -> None:
    """A detection fails without a limit of detection, and "not detected" passes with one; germs need none."""
    assert expected is outcome(analyte, printed, bound, lod).reason


def test_a_reinspection_must_agree() -> None:
    """Both results are judged; where they differ a person decides."""
    agreed = outcome("铅", "初检结果：2.9mg/kg；复检结果：2.7mg/kg", "≤2.2mg/kg")
    assert (REASON.ABOVE_MAXIMUM, Decimal("1.227")) == (agreed.reason, agreed.ratio)
    assert "the initial result agrees" in agreed.explanation
    differing = outcome("铅", "初检结果：2.9mg/kg；复检结果：2.1mg/kg", "≤2.2mg/kg")
    assert REASON.REINSPECTION_DIFFERS is differing.reason


def test_the_explanation_is_a_sentence_for_people() -> None:
    """It names the result, the bound and how many times it is exceeded, and any unit that was assumed."""
    expected = "2.3 mg/kg is above the maximum 0.2 mg/kg (11.5 times)"
    assert expected == outcome("腐霉利", "2.3mg/kg", "≤0.2mg/kg").explanation
    assumed = (
        "558.4 µg/kg is above the maximum 100 (5.584 times); the limit states no unit, the result's µg/kg is taken"
    )
    assert assumed == outcome("恩诺沙星", "558.4μg/kg", "≤100").explanation


AMOUNTS = st.decimals(min_value="0", max_value="1000", places=4)
ORDER = (Verdict.PASS, Verdict.UNCLEAR, Verdict.FAIL)


@given(AMOUNTS, AMOUNTS, st.sampled_from(("mg/kg", "µg/kg", "g/kg")), st.sampled_from(("mg/kg", "µg/kg", "g/kg")))
def test_more_of_a_contaminant_is_never_better(amount: Decimal, more: Decimal, printed: str, stated: str) -> None:
    """A larger amount never passes where a smaller one fails, in any units."""
    bound = Bounds(None, Decimal("0.5"), stated)
    less, greater = (
        compared(Result((Reading(Kind.VALUE, value, printed),)), bound, substance("铅"), None).verdict
        for value in (amount, amount + more)
    )
    assert ORDER.index(less) <= ORDER.index(greater)


@given(AMOUNTS, AMOUNTS)
def test_a_laxer_maximum_is_never_worse(amount: Decimal, more: Decimal) -> None:
    """What keeps a maximum keeps every larger one."""
    result = Result((Reading(Kind.VALUE, amount, "mg/kg"),))
    strict, lax = (
        compared(result, Bounds(None, high, "mg/kg"), substance("铅"), None).verdict
        for high in (Decimal("0.5"), Decimal("0.5") + more)
    )
    assert ORDER.index(lax) <= ORDER.index(strict)


@given(AMOUNTS)
def test_the_unit_does_not_change_the_verdict(amount: Decimal) -> None:
    """The same amount in milligrams and in micrograms is judged alike, at the edge too."""
    bound = Bounds(None, Decimal("0.5"), "mg/kg")
    one = compared(Result((Reading(Kind.VALUE, amount, "mg/kg"),)), bound, substance("铅"), None)
    other = compared(Result((Reading(Kind.VALUE, amount * 1000, "µg/kg"),)), bound, substance("铅"), None)
    assert (one.verdict, one.ratio) == (other.verdict, other.ratio)
