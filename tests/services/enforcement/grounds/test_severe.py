"""Rule R2: severe exceedance by the province's number, and a person where there is none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.enforcement.grounds.assessment import Strength
from services.enforcement.grounds.exceedance import Threshold
from services.enforcement.grounds.referral import Rules, load
from shared.contracts import Hazard
from tests.services.enforcement.failed import failed, finding
from tests.services.enforcement.grounds.assessed import CAKE, LEEK, of_sample

MADE = Threshold("21", None, Decimal(3), date(2022, 1, 1), None, "a made rule", verified=True)


def by(threshold: Threshold) -> Rules:
    """The rules with one made threshold."""
    return replace(load(), thresholds=(threshold,))


def test_without_a_number_a_person_is_asked() -> None:
    """As shipped nothing is decided: ratio, limit and province are there for the person."""
    assessment = of_sample("R2", LEEK)
    assert assessment.strength is Strength.NONE
    assert assessment.asks
    assert assessment.text == "腐霉利 is 3 times its limit. Ask a person: no verified number for province 21."
    facts = assessment.facts
    assert ("3", "≤0.02mg/kg", "21") == (facts["ratio"], facts["limit"], facts["province"])
    assert "no verified number for province 35." in of_sample("R2", LEEK, region="35.01.02").text


@pytest.mark.parametrize(
    ("threshold", "strength"),
    [
        (MADE, Strength.STRONG),
        (replace(MADE, verified=False), Strength.CANDIDATE),
        (replace(MADE, ratio=Decimal("3.001")), Strength.NONE),
    ],
    ids=["verified", "unverified", "below"],
)
def test_a_number_decides(threshold: Threshold, strength: Strength) -> None:
    """A checked number makes it strong, an unchecked one a candidate that shows its mark, below it is decided too."""
    assessment = of_sample("R2", LEEK, by(threshold))
    assert strength == assessment.strength
    assert not assessment.asks
    assert threshold.verified == assessment.verified
    assert assessment.citation == "刑法 Art 143; 法释〔2021〕24号 Art 1(1); a made rule"


def test_what_the_law_does_not_name_is_not_asked() -> None:
    """An additive is none of the hazards: nothing is open."""
    assessment = of_sample("R2", CAKE, by(MADE))
    assert (Strength.NONE, False) == (assessment.strength, assessment.asks)
    assert assessment.text.startswith("This failed for additive;")


def test_a_pathogen_without_a_ratio_is_for_a_person() -> None:
    """A pathogen in 25 g exceeds no number, whatever the province's is."""
    sample = failed(finding("沙门氏菌", hazard=Hazard.PATHOGEN, result="检出/25g", limit="0/25g"))
    assessment = of_sample("R2", sample, by(MADE))
    assert (Strength.NONE, True) == (assessment.strength, assessment.asks)
    assert "has no ratio to a limit" in assessment.text
