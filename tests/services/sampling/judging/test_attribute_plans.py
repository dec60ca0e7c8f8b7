"""Sampling plans."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.attribute_plans import judged
from services.sampling.judging.kinds_of_limit import Plan
from services.sampling.judging.notation import Kind, Reading, Result, read_result
from services.sampling.judging.outcome import Outcome
from shared.contracts.sample import JudgementReason, Verdict
from tests.services.sampling.judging.made import limit

THREE_CLASSES = "n=5,c=2,m=100CFU/g,M=1000CFU/g"
ORDER = (Verdict.PASS, Verdict.UNCLEAR, Verdict.FAIL)


def outcome(printed: str, plan: str) -> Outcome:
    """The outcome of printed counts against a printed plan."""
    result, read = read_result(printed), limit(plan)
    assert isinstance(result, Result)
    assert isinstance(read, Plan)
    return judged(result.readings, read)


@pytest.mark.parametrize(
    ("printed", "plan", "expected"),
    [
        ("100;100;100;100;100CFU/g", THREE_CLASSES, JudgementReason.WITHIN_PLAN),
        ("101;101;100;100;100CFU/g", THREE_CLASSES, JudgementReason.WITHIN_PLAN),
        ("1000;1000;100;100;100CFU/g", THREE_CLASSES, JudgementReason.WITHIN_PLAN),
        ("101;101;101;100;100CFU/g", THREE_CLASSES, JudgementReason.TOO_MANY_ABOVE_M),
        ("1001;1;1;1;1CFU/g", THREE_CLASSES, JudgementReason.UNIT_ABOVE_M),
        ("<10;<10;<10;2000;<10CFU/g", THREE_CLASSES, JudgementReason.UNIT_ABOVE_M),
        ("<10;<10;<10;200;<10CFU/g", THREE_CLASSES, JudgementReason.WITHIN_PLAN),
        ("<500;<500;<500;1;1CFU/g", THREE_CLASSES, JudgementReason.RESULT_INCONCLUSIVE),
        (">1000;1;1;1;1CFU/g", THREE_CLASSES, JudgementReason.UNIT_ABOVE_M),
        (">500;1;1;1;1CFU/g", THREE_CLASSES, JudgementReason.RESULT_INCONCLUSIVE),
        ("未检出;未检出;未检出;150;1CFU/g", THREE_CLASSES, JudgementReason.WITHIN_PLAN),
        ("1;1;1;1CFU/g", THREE_CLASSES, JudgementReason.UNITS_INCOMPLETE),
        ("2000CFU/g", THREE_CLASSES, JudgementReason.UNITS_INCOMPLETE),
        ("1;1;1;1;1CFU/mL", THREE_CLASSES, JudgementReason.UNIT_MISMATCH),
        ("120;130;320;180;190CFU/g", "n=5,c=2,m=10,M=10²", JudgementReason.UNIT_ABOVE_M),
        ("4;0;5;1;0CFU/250mL", "n=5,c=0,m=0CFU/250mL", JudgementReason.TOO_MANY_ABOVE_M),
        ("0;0;0;0;0CFU/250mL", "n=5,c=0,m=0CFU/250mL", JudgementReason.NOT_FOUND),
        ("<1;<1;<1;<1;<1CFU/250mL", "n=5,c=0,m=0CFU/250mL", JudgementReason.NOT_FOUND),
        ("<10;<1;<1;<1;<1CFU/250mL", "n=5,c=0,m=0CFU/250mL", JudgementReason.RESULT_INCONCLUSIVE),
        ("未检出；未检出；未检出；检出；未检出", "n=5,c=0,m=0/25g", JudgementReason.DETECTED),
        ("未检出/25g；未检出/25g；未检出/25g；未检出/25g；未检出/25g", "n=5,c=0,m=0/25g", JudgementReason.NOT_FOUND),
        ("101;1;1;1;1CFU/g", "n=5,c=2,m=100CFU/g", JudgementReason.LIMIT_CORRUPT),
        ("101;102;103;1;1CFU/g", "n=5,c=2,m=100CFU/g", JudgementReason.TOO_MANY_ABOVE_M),
    ],
)
def test_units_are_counted_against_the_plan(printed: str, plan: str, expected: JudgementReason) -> None:
    """Of n units at most c lie above m and none above M; m and M themselves are kept."""
    assert expected is outcome(printed, plan).reason


def test_the_ratio_is_the_largest_unit_over_the_upper_bound() -> None:
    """It may be below one on a true failure, and is over m where the plan has no M."""
    assert Decimal("0.46") == outcome("37000;46000;44000;37000;34000", "n=5,c=2,m=10000,M=100000").ratio
    assert Decimal(2) == outcome("200;1;1;1;1CFU/g", "n=5,c=0,m=100CFU/g").ratio
    assert outcome("4;0;5;1;0", "n=5,c=0,m=0").ratio is None


def test_the_explanation_names_the_units_that_fail() -> None:
    """A person reads how many units lie above what."""
    expected = "1 of 5 units is above M = 1000 CFU/g, where none may be"
    assert expected == outcome("2000;1;1;1;1CFU/g", THREE_CLASSES).explanation


@given(st.lists(st.integers(0, 3000), min_size=5, max_size=5), st.integers(0, 4), st.integers(1, 3000))
def test_more_germs_never_make_a_sample_better(counts: list[int], index: int, more: int) -> None:
    """Raising one count never turns a failure into a pass."""
    plan = Plan(5, 2, Decimal(100), Decimal(1000), "CFU/g")
    worse = [count + more if at == index else count for at, count in enumerate(counts)]
    before, after = (
        judged(tuple(Reading(Kind.VALUE, Decimal(count), "CFU/g") for count in each), plan).verdict
        for each in (counts, worse)
    )
    assert ORDER.index(before) <= ORDER.index(after)


@given(st.permutations([5, 50, 150, 250, 900]))
def test_the_order_of_units_does_not_matter(counts: list[int]) -> None:
    """A plan counts units, in whatever order they are printed."""
    readings = tuple(Reading(Kind.VALUE, Decimal(count), "CFU/g") for count in counts)
    plan = Plan(5, 2, Decimal(100), Decimal(1000), "CFU/g")
    assert JudgementReason.TOO_MANY_ABOVE_M is judged(readings, plan).reason
