"""Rule R1 as it is assessed; what is referred by it is in ``test_referral``."""

from dataclasses import replace

from services.enforcement.grounds.assessment import Strength
from services.enforcement.grounds.referral import load
from tests.services.enforcement.failed import failed, finding, pesticide
from tests.services.enforcement.grounds.assessed import CARP, LEEK, of_sample

LAW = load()
WITHOUT_CEILING = replace(LAW, grounds={**LAW.grounds, "R1": replace(LAW.grounds["R1"], at_most=Strength.STRONG)})
"""As if the law left nothing open on how a substance came into food."""


def test_a_detection_is_a_candidate() -> None:
    """Even of a checked list: how the substance came there is for a person, who is told so."""
    assessment = of_sample("R1", CARP)
    assert assessment.strength is Strength.CANDIDATE
    assert "how the substance came there" in assessment.needs_person


def test_without_the_open_element_checked_lists_in_known_food_are_strong() -> None:
    """An unchecked list, a food of unknown origin and a mere exceedance would stay candidates."""
    samples = {
        "checked": CARP,
        "unchecked list": failed(finding("己烯雌酚")),
        "unknown food": failed(finding("孔雀石绿"), product="某某"),
        "exceedance": failed(pesticide("克百威"), product="牛肉"),
    }
    strengths = {name: of_sample("R1", sample, WITHOUT_CEILING).strength for name, sample in samples.items()}
    assert strengths.pop("checked") is Strength.STRONG
    assert {Strength.CANDIDATE} == set(strengths.values())


def test_a_pesticide_restricted_on_crops_is_never_decided() -> None:
    """Whether it is a prohibited pesticide is disputed: not met, and a person is asked."""
    assessment = of_sample("R1", failed(pesticide("毒死蜱"), product="韭菜"))
    assert (Strength.NONE, True) == (assessment.strength, assessment.asks)
    assert "for a person" in assessment.text


def test_a_food_of_mixed_origin_is_for_a_person() -> None:
    """A list for food of animals may reach it; a plant is plainly out of its scope."""
    mixed = of_sample("R1", failed(finding("硝基酚钠"), product="某物", category="调味品"))
    plant = of_sample("R1", failed(finding("硝基酚钠"), product="面包", category="糕点"))
    assert (True, False) == (mixed.asks, plant.asks)


def test_the_met_finding_speaks_for_the_sample() -> None:
    """A finding on no list stands behind one that is met; where none is met each is said."""
    both = of_sample("R1", failed(pesticide("腐霉利"), finding("孔雀石绿")))
    assert both.facts["analyte"] == "孔雀石绿"
    assert not of_sample("R1", LEEK).asks
    neither = of_sample("R1", failed(pesticide("腐霉利"), pesticide("镉")))
    assert neither.facts["analyte"] == "腐霉利、镉"
