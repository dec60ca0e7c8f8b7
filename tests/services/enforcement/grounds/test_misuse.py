"""Rules R6 and R7: misuse is shown by a laboratory, and that it can make seriously ill by what is stated."""

import pytest

from services.enforcement.grounds.assessment import Strength
from shared.contracts import Hazard, JudgementReason, SampleFailed
from tests.services.enforcement.failed import failed, pesticide
from tests.services.enforcement.grounds.assessed import CAKE, CARP, LEEK, of_facts, of_sample

HARM = {"can_cause_serious_harm": "True"}


@pytest.mark.parametrize(("rule", "sample"), [("R6", CAKE), ("R7", LEEK), ("R7", CARP)])
def test_misuse_alone_is_no_crime_and_says_so(rule: str, sample: SampleFailed) -> None:
    """A dehydroacetate or residue failure alone is not met; the text says why, and what would change it."""
    assessment = of_sample(rule, sample)
    assert (Strength.NONE, tuple(HARM)) == (assessment.strength, assessment.awaits)
    assert "alone is no crime" in assessment.text


@pytest.mark.parametrize(("rule", "sample", "other"), [("R6", CAKE, "R7"), ("R7", LEEK, "R6")])
def test_an_opinion_makes_a_candidate_of_the_misuse_it_is_on(rule: str, sample: SampleFailed, other: str) -> None:
    """Stated harm meets the rule of what the sample failed for, and no other; it never gets strong."""
    assessment = of_facts(rule, HARM, sample, proven=HARM)
    assert assessment.strength is Strength.CANDIDATE
    assert assessment.facts["analyte"] == sample.findings[0].analyte
    assert not of_facts(other, HARM, sample).met


def test_an_opinion_that_denies_harm_decides() -> None:
    """It is no longer open then."""
    assessment = of_facts("R6", {"can_cause_serious_harm": "False"}, CAKE)
    assert (Strength.NONE, ()) == (assessment.strength, assessment.awaits)
    assert of_facts("R6", {}, CAKE).awaits == tuple(HARM)


def test_a_residue_in_made_food_is_no_matter_of_produce() -> None:
    """R7 is about farm produce only."""
    assert () == of_sample("R7", failed(pesticide("腐霉利"), category="蔬菜制品")).awaits


def test_too_little_of_an_additive_is_no_misuse() -> None:
    """Below a minimum nothing is over a limit or out of scope."""
    short = pesticide("碘", hazard=Hazard.ADDITIVE, reason=JudgementReason.BELOW_MINIMUM)
    assert () == of_sample("R6", failed(short)).awaits
