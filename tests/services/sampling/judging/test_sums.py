"""Limits on the sum of several analytes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging import limits
from services.sampling.judging.sums import parts_with
from shared.contracts.result import Determination
from shared.contracts.sample import Finding, JudgementReason, LimitSource, Verdict
from tests.services.sampling.judging.made import finding, findings

REASON = JudgementReason
MADE_ON = date(2024, 5, 1)
ENROFLOXACIN, CIPROFLOXACIN = "恩诺沙星", "环丙沙星"


def part(analyte: str, result: str, stated: str = "≤100μg/kg", lod: str = "") -> Determination:
    """One part of a sum."""
    return Determination(analyte=analyte, result=result, limit=stated, lod=lod)


def in_fish(*determinations: Determination, product: str = "草鱼") -> tuple[Finding, ...]:
    """The findings on a fish of 2024 by the shipped catalogue (made results)."""
    return findings(*determinations, product=product, made_on=MADE_ON, catalogue=limits.load())


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (part(ENROFLOXACIN, "60μg/kg"), part(CIPROFLOXACIN, "40μg/kg"), REASON.WITHIN_MAXIMUM),
        (part(ENROFLOXACIN, "60μg/kg"), part(CIPROFLOXACIN, "40.1μg/kg"), REASON.ABOVE_MAXIMUM),
        (part(ENROFLOXACIN, "0.06mg/kg"), part(CIPROFLOXACIN, "50μg/kg"), REASON.ABOVE_MAXIMUM),
        (part(ENROFLOXACIN, "60μg/kg"), part(CIPROFLOXACIN, "50μg/kg", ""), REASON.ABOVE_MAXIMUM),
        (part(ENROFLOXACIN, "60μg/kg", ""), part(CIPROFLOXACIN, "50μg/kg", ""), REASON.ABOVE_MAXIMUM),
        (part(ENROFLOXACIN, "98μg/kg"), part(CIPROFLOXACIN, "未检出", lod="2μg/kg"), REASON.WITHIN_MAXIMUM),
        (part(ENROFLOXACIN, "99μg/kg"), part(CIPROFLOXACIN, "未检出", lod="2μg/kg"), REASON.RESULT_INCONCLUSIVE),
        (part(ENROFLOXACIN, "99μg/kg"), part(CIPROFLOXACIN, "<2μg/kg"), REASON.RESULT_INCONCLUSIVE),
        (part(ENROFLOXACIN, "101μg/kg"), part(CIPROFLOXACIN, "未检出"), REASON.ABOVE_MAXIMUM),
        (part(ENROFLOXACIN, "50μg/kg"), part(CIPROFLOXACIN, "未检出"), REASON.LOD_MISSING),
        (
            part(ENROFLOXACIN, "未检出", lod="1μg/kg"),
            part(CIPROFLOXACIN, "未检出", lod="1μg/kg"),
            REASON.WITHIN_MAXIMUM,
        ),
    ],
)
def test_the_parts_count_together(one: Determination, other: Determination, reason: JudgementReason) -> None:
    """Both findings are of the sum, whatever the order and the units; a part not found is worth up to its LOD."""
    assert [reason, reason] == [answer.reason for answer in in_fish(one, other)]
    assert [reason, reason] == [answer.reason for answer in in_fish(other, one)]


def test_a_finding_of_a_sum_says_what_was_added() -> None:
    """The ratio is the sum's, and both limits have a say (made)."""
    answer, _ = in_fish(part(ENROFLOXACIN, "60μg/kg"), part(CIPROFLOXACIN, "50μg/kg"))
    assert (Decimal("1.1"), LimitSource.BOTH, True) == (answer.ratio, answer.limit_source, answer.verified)
    assert answer.explanation.startswith("恩诺沙星 and 环丙沙星 count together: 110 µg/kg is above")


@pytest.mark.parametrize(
    ("analyte", "result", "reason"),
    [
        (ENROFLOXACIN, "60μg/kg", REASON.PARTS_MISSING),
        (ENROFLOXACIN, "101μg/kg", REASON.ABOVE_MAXIMUM),
        (CIPROFLOXACIN, "60μg/kg", REASON.PARTS_MISSING),
        ("恩诺沙星（以恩诺沙星与环丙沙星之和计）", "60μg/kg", REASON.WITHIN_MAXIMUM),
        ("恩诺沙星和环丙沙星", "60μg/kg", REASON.WITHIN_MAXIMUM),
        ("恩诺沙星 (sum with 环丙沙星)", "60μg/kg", REASON.WITHIN_MAXIMUM),
    ],
)
def test_a_part_alone_passes_only_as_the_sum(analyte: str, result: str, reason: JudgementReason) -> None:
    """A part above the limit fails by itself; below it, the other part may still bring it over (made)."""
    assert [reason] == [answer.reason for answer in in_fish(part(analyte, result))]


def test_a_basis_may_say_that_it_is_the_sum() -> None:
    """The report's own field for the basis is read too (made)."""
    answer = finding(ENROFLOXACIN, "60μg/kg", "≤100μg/kg", basis="以恩诺沙星与环丙沙星之和计", product="草鱼")
    assert Verdict.PASS is answer.verdict


def test_a_report_that_states_the_sum_beside_its_parts_is_judged_by_it() -> None:
    """The parts are not added again where the sum has a line of its own (made)."""
    answers = in_fish(part(ENROFLOXACIN, "60μg/kg"), part("恩诺沙星和环丙沙星", "110μg/kg"))
    assert [Verdict.PASS, Verdict.FAIL] == [answer.verdict for answer in answers]


def test_a_ban_holds_for_each_part() -> None:
    """Where nothing may be found each part is held against the ban by itself (made)."""
    none_found = part(ENROFLOXACIN, "未检出", "不得检出", lod="1μg/kg")
    answers = findings(none_found, part(CIPROFLOXACIN, "5μg/kg", "不得检出"), product="鸡蛋")
    assert [REASON.NOT_DETECTED, REASON.DETECTED] == [answer.reason for answer in answers]


def test_parts_with_limits_of_their_own_are_no_sum() -> None:
    """Different stated limits are each judged alone (made)."""
    answers = in_fish(part("土霉素", "90μg/kg"), part("四环素", "150μg/kg", "≤200μg/kg"), product="鸡肉")
    assert [Verdict.PASS, Verdict.PASS] == [answer.verdict for answer in answers]


def test_an_open_group_counts_what_was_tested() -> None:
    """Tetracyclines count together in meat, where the catalogue limits the group, and one alone may pass (made)."""
    two = part("土霉素", "150μg/kg", "≤200μg/kg"), part("金霉素", "60μg/kg", "≤200μg/kg")
    assert [Verdict.FAIL, Verdict.FAIL] == [answer.verdict for answer in in_fish(*two, product="鸡肉")]
    assert [Verdict.PASS, Verdict.PASS] == [answer.verdict for answer in in_fish(*two, product="蜂蜜")]
    assert [Verdict.PASS] == [answer.verdict for answer in in_fish(two[0], product="鸡肉")]


def test_a_part_that_cannot_be_read_is_unclear_by_itself() -> None:
    """A part in another kind of unit, or in words, is never added, and the other cannot pass without it (made)."""
    answers = in_fish(part(ENROFLOXACIN, "60μg/kg"), part(CIPROFLOXACIN, "约2"))
    assert [REASON.PARTS_MISSING, REASON.RESULT_UNREADABLE] == [answer.reason for answer in answers]
    assert "cannot be added" in answers[0].explanation
    answers = in_fish(part(ENROFLOXACIN, "60μg/kg"), part(CIPROFLOXACIN, "60μg/L"))
    assert [REASON.PARTS_MISSING, REASON.UNIT_MISMATCH] == [answer.reason for answer in answers]


def test_parts_that_do_not_add_up_never_pass() -> None:
    """A part that is printed twice, or with another limit, leaves the sum open; another unit does not (made)."""
    enrofloxacin = part(ENROFLOXACIN, "60μg/kg")
    for others in (
        (enrofloxacin, part(CIPROFLOXACIN, "50μg/kg")),
        (part(CIPROFLOXACIN, "50μg/kg", "≤60μg/kg"),),
    ):
        answers = in_fish(enrofloxacin, *others)
        assert Verdict.PASS not in [answer.verdict for answer in answers]
    answers = in_fish(enrofloxacin, part(CIPROFLOXACIN, "0.05mg/kg", "≤0.1mg/kg"))
    assert [REASON.ABOVE_MAXIMUM] * 2 == [answer.reason for answer in answers]


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_sum_decides_by_the_exact_total(one: int, other: int) -> None:
    """Tenths of a microgram add up exactly at the edge of 100 (made)."""
    answers = in_fish(
        part(ENROFLOXACIN, f"{Decimal(one) / 10}μg/kg"), part(CIPROFLOXACIN, f"{Decimal(other) / 10}μg/kg")
    )
    expected = Verdict.FAIL if one + other > 1000 else Verdict.PASS
    assert [expected, expected] == [answer.verdict for answer in answers]


def test_it_is_known_what_counts_with_what() -> None:
    """A part and the name of the limit both lead to the parts."""
    assert parts_with("四环素") == parts_with("四环素族") == ("土霉素", "四环素", "金霉素")
    assert len(parts_with("多氯联苯")) == 7
    assert parts_with("铅") == ()
