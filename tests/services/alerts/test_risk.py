"""The warning colour of a failed sample, and the standing alert that it belongs to."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.risk import alert_key, alert_no, assess, combine, load, repeated
from shared.contracts import Finding, Hazard, JudgementReason, Level, Verdict
from tests.services.enforcement.failed import failed, finding, pesticide
from tests.services.enforcement.grounds.published import published_failures

GRAVEST_FIRST = list(Level)
LEVELS = st.lists(st.sampled_from(Level), min_size=1, max_size=8)
FINDINGS = [
    finding("氯霉素"),
    finding("孔雀石绿"),
    pesticide("腐霉利", ratio=Decimal("26.6")),
    pesticide("毒死蜱", ratio=None),
    finding("沙门氏菌", hazard=Hazard.PATHOGEN, reason=JudgementReason.TOO_MANY_ABOVE_M),
]


def at_least_as_grave(level: Level, other: Level) -> bool:
    """Whether a level is the other or graver."""
    return GRAVEST_FIRST.index(level) <= GRAVEST_FIRST.index(other)


@pytest.mark.parametrize(
    ("found", "level", "rule"),
    [
        (finding("氯霉素"), Level.ORANGE, "A1"),
        (finding("苏丹红", hazard=Hazard.NON_FOOD), Level.ORANGE, "A1"),
        (finding("沙门氏菌", hazard=Hazard.PATHOGEN), Level.ORANGE, "A2"),
        (finding("铜绿假单胞菌", hazard=Hazard.PATHOGEN, reason=JudgementReason.UNIT_ABOVE_M), Level.ORANGE, "A2"),
        (finding("阴离子合成洗涤剂", hazard=Hazard.CONTAMINANT), Level.YELLOW, "A3"),
        (pesticide("腐霉利", ratio=Decimal(3)), Level.YELLOW, "A4"),
        (pesticide("腐霉利", ratio=Decimal("2.999")), Level.BLUE, "A5"),
        (pesticide("腐霉利", ratio=None), Level.BLUE, "A5"),
        (finding("山梨酸", hazard=Hazard.ADDITIVE, reason=JudgementReason.NOT_PERMITTED), Level.BLUE, "A5"),
        (pesticide("蛋白质", hazard=Hazard.QUALITY, reason=JudgementReason.BELOW_MINIMUM), Level.BLUE, "A5"),
    ],
)
def test_the_first_row_that_fits_gives_the_level(found: Finding, level: Level, rule: str) -> None:
    """What must not be there is orange or yellow, three times a limit is yellow, any other failure is blue."""
    assessment = assess(failed(found))
    assert assessment.level is level
    assert assessment.reasons[0].rule == rule


def test_what_the_published_failures_come_to() -> None:
    """No real failure by itself is red, and each has a reason that owns to being the house's."""
    assessments = [assess(row.sample) for row in published_failures()]
    assert Counter(one.level for one in assessments) == {Level.ORANGE: 31, Level.YELLOW: 51, Level.BLUE: 64}
    assert all(reason.text and not reason.citation for one in assessments for reason in one.reasons)
    assert not any(reason.verified for one in assessments for reason in one.reasons)


def test_every_level_of_the_table_is_marked_unverified_and_none_is_red() -> None:
    """The conditions are no law, and one sample by itself is never red."""
    assert not any(rule.verified for rule in load().rules)
    assert Level.RED not in {rule.level for rule in load().rules}


def test_the_gravest_finding_gives_level_and_substance() -> None:
    """A passing finding says nothing; each failing one has a reason, the gravest first."""
    passing = finding("苏丹红", hazard=Hazard.NON_FOOD, verdict=Verdict.PASS)
    assessment = assess(failed(passing, pesticide("腐霉利"), finding("氯霉素")))
    assert (assessment.level, assessment.substance) == (Level.ORANGE, "氯霉素")
    assert [reason.facts["substance"] for reason in assessment.reasons] == ["氯霉素", "腐霉利"]


@given(st.permutations(FINDINGS))
def test_the_order_of_findings_changes_nothing(findings: list[Finding]) -> None:
    """A report's own order has no say in level, reasons or alert."""
    sample, shuffled = failed(*FINDINGS), failed(*findings)
    assert assess(sample) == assess(shuffled)
    assert alert_key(sample) == alert_key(shuffled)


def test_two_samples_make_an_alert_one_level_graver() -> None:
    """Repetition raises by one level once, and may reach red."""
    assert combine([Level.BLUE]) is Level.BLUE
    assert combine([Level.BLUE, Level.BLUE]) is Level.YELLOW
    assert combine([Level.BLUE] * 5) is Level.YELLOW
    assert combine([Level.BLUE, Level.YELLOW]) is Level.ORANGE
    assert combine([Level.ORANGE, Level.BLUE]) is Level.RED
    assert combine([Level.RED, Level.RED]) is Level.RED


@given(LEVELS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(levels: list[Level], random: Any) -> None:
    """Any order of the same samples gives the same level."""
    shuffled = random.sample(levels, len(levels))
    assert combine(levels) is combine(shuffled)


@given(LEVELS, LEVELS)
def test_samples_may_come_in_any_batches(first: list[Level], second: list[Level]) -> None:
    """Two batches give the same level in either order, and as one."""
    assert combine([*first, *second]) is combine([*second, *first]) is combine(sorted([*first, *second]))


@given(LEVELS, st.sampled_from(Level))
def test_a_further_sample_never_makes_an_alert_milder(levels: list[Level], further: Level) -> None:
    """The level only rises, and never lies below a sample's own."""
    after = combine([*levels, further])
    assert at_least_as_grave(after, combine(levels))
    assert at_least_as_grave(after, further)


def test_repetition_has_a_reason_of_its_own() -> None:
    """One sample has none; two say how many they are."""
    assert repeated(1) == ()
    (reason,) = repeated(2)
    assert (reason.rule, reason.facts, reason.verified) == ("A6", {"samples": "2"}, False)


def test_one_alert_stands_for_a_producer_and_a_substance() -> None:
    """Product, seller and lot do not matter; producer and substance do."""
    first = failed(finding("氯霉素"))
    same = failed(finding("氯霉素"), product="花甲", sample_no="S-2", seller=None)
    other_producer = failed(finding("氯霉素"), producer="P0002")
    other_substance = failed(finding("孔雀石绿"))
    assert alert_key(first) == alert_key(same)
    assert len({alert_key(sample) for sample in (first, other_producer, other_substance)}) == 3


def test_without_a_producer_a_sample_has_its_own_alert() -> None:
    """Two samples of unknown producers are never joined."""
    first = failed(finding("氯霉素"), producer=None)
    assert alert_key(first) != alert_key(failed(finding("氯霉素"), producer=None, sample_no="S-2"))
    assert alert_key(first) != alert_key(failed(finding("氯霉素"), producer="S-1"))


def test_a_number_is_a_letter_and_twelve_characters() -> None:
    """The number follows from the key alone."""
    key = alert_key(failed(finding("氯霉素")))
    assert alert_no(key) == alert_no(key)
    assert re.fullmatch(r"A-[A-Z2-7]{12}", alert_no(key))
