"""Rules R3 to R5: food that is unfit by what it is, by what is stated of it."""

import pytest

from services.enforcement.grounds.assessment import Strength
from tests.services.enforcement.failed import failed
from tests.services.enforcement.grounds.assessed import CAKE, FORMULA, LEEK, kept, of_facts, of_sample

SERIOUSLY = {"nutrients_seriously_off": "True"}


@pytest.mark.parametrize("kind", ["sick", "dead", "cause_of_death_unknown", "not_inspected", "failed_inspection"])
def test_stated_meat_is_a_candidate_and_with_evidence_strong(kind: str) -> None:
    """An officer's word points to it; with evidence in the dossier the objective side is shown."""
    assert of_facts("R3", {"meat": kind}).strength is Strength.CANDIDATE
    assessment = of_facts("R3", {"meat": kind}, proven={"meat"})
    assert (Strength.STRONG, {"meat": kind}) == (assessment.strength, assessment.facts)


def test_a_ban_stays_a_candidate() -> None:
    """The list of the day is not here, so a person looks whatever is stated and proven."""
    name = "banned_for_disease_control"
    assert of_facts("R4", {name: "True"}, proven={name}).strength is Strength.CANDIDATE
    assert of_facts("R4", {name: "False"}).strength is Strength.NONE


@pytest.mark.parametrize(("rule", "fact"), [("R3", "meat"), ("R4", "banned_for_disease_control")])
def test_a_sample_alone_waits_for_the_fact(rule: str, fact: str) -> None:
    """No result shows it: not met, and what an officer could state is named."""
    assessment = of_sample(rule, LEEK)
    assert (Strength.NONE, (fact,)) == (assessment.strength, assessment.awaits)


def test_too_little_of_a_nutrient_in_formula_asks_a_person() -> None:
    """The system notes it and decides nothing."""
    assessment = of_sample("R5", FORMULA)
    assert (Strength.NONE, True) == (assessment.strength, assessment.asks)
    assert (tuple(SERIOUSLY), "infants") == (assessment.awaits, assessment.facts["made for"])


def test_seriously_off_is_stated_of_food_that_a_laboratory_found_short() -> None:
    """The statement makes a candidate, even with evidence: the law has no number; a no decides it."""
    assert of_facts("R5", SERIOUSLY, FORMULA, proven=SERIOUSLY).strength is Strength.CANDIDATE
    assert of_facts("R5", {"nutrients_seriously_off": "False"}, FORMULA).strength is Strength.NONE
    assert of_facts("R5", {}, FORMULA).awaits == tuple(SERIOUSLY)
    assert of_facts("R5", SERIOUSLY, LEEK, CAKE).strength is Strength.NONE
    assert of_facts("R5", SERIOUSLY, CAKE, FORMULA).strength is Strength.CANDIDATE


def test_another_failure_of_formula_leaves_nothing_open() -> None:
    """An additive in formula is no shortage."""
    sample = failed(*CAKE.findings, category="婴幼儿配方食品")
    assert (False, ()) == (of_sample("R5", sample).asks, of_sample("R5", sample).awaits)


def test_where_the_eaters_are_open_that_is_said() -> None:
    """特殊膳食食品 holds food for infants and for athletes."""
    sample = FORMULA.model_copy(update={"category": "特殊膳食食品"})
    assert "Whether it is for infants is open, too." in of_sample("R5", sample).text
    athletes = sample.model_copy(update={"subcategory": "运动营养食品"})
    assert "no food for infants" in of_sample("R5", athletes).text
    assert all(not one.met for one in kept(sample))
