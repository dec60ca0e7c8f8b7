"""Rules R8 to R10: amounts at their edge, and what goes before what."""

import pytest

from services.enforcement.grounds.assessment import Strength
from tests.services.enforcement.grounds.assessed import CARP, LEEK, of_facts

REUSED = {"expired_or_recalled_reused": "True"}


@pytest.mark.parametrize(
    ("sales", "strength"),
    [("49999.99", Strength.NONE), ("50000.00", Strength.CANDIDATE), ("62000.00", Strength.CANDIDATE)],
)
def test_sales_of_a_failed_product_count_from_the_amount(sales: str, strength: Strength) -> None:
    """50,000 yuan is in Art 140 itself and included."""
    assessment = of_facts("R8", {"sales_yuan": sales})
    assert strength == assessment.strength
    assert "刑法 Art 140" in assessment.citation
    assert assessment.facts["least yuan"] == "50000"


def test_proven_sales_are_strong() -> None:
    """The product failed, the amount is shown and the number is checked."""
    assert of_facts("R8", {"sales_yuan": "50000"}, proven={"sales_yuan"}).strength is Strength.STRONG


@pytest.mark.parametrize(
    "facts",
    [{"meat": "sick"}, {"can_cause_serious_harm": "True"}, {"banned_for_disease_control": "True"}],
    ids=str,
)
def test_a_graver_offence_goes_first(facts: dict[str, str]) -> None:
    """Where Art 143 or 144 is shown by a sample or by what is stated, Art 140 is not the fallback."""
    for assessment in (of_facts("R8", {"sales_yuan": "50000", **facts}), of_facts("R8", {"sales_yuan": "50000"}, CARP)):
        assert assessment.strength is Strength.NONE
        assert "a graver offence is shown" in assessment.text


def test_unstated_sales_are_open() -> None:
    """Nothing is guessed of an amount."""
    assert of_facts("R8", {}).awaits == ("sales_yuan",)


@pytest.mark.parametrize(
    ("sales", "strength"),
    [
        ({}, Strength.CANDIDATE),
        ({"sales_yuan": "49999"}, Strength.CANDIDATE),
        ({"sales_yuan": "50000"}, Strength.STRONG),
    ],
    ids=str,
)
def test_reuse_is_strong_only_with_the_sales(sales: dict[str, str], strength: Strength) -> None:
    """Art 15 leads to Art 140, which asks for an amount."""
    assert strength == of_facts("R9", REUSED | sales, proven={*REUSED, *sales}).strength
    assert of_facts("R9", REUSED | sales).strength is Strength.CANDIDATE


def test_reuse_that_is_denied_or_unstated_is_not_met() -> None:
    """A no decides; silence waits."""
    assert of_facts("R9", {"expired_or_recalled_reused": "False"}).awaits == ()
    assert of_facts("R9", {}).awaits == tuple(REUSED)


@pytest.mark.parametrize(
    ("amounts", "is_met"),
    [
        ({"sales_yuan": "100000"}, True),
        ({"sales_yuan": "99999.99"}, False),
        ({"gain_yuan": "50000"}, True),
        ({"gain_yuan": "49999.99"}, False),
        ({"sales_yuan": "1", "gain_yuan": "50000"}, True),
        ({"sales_yuan": "99999", "gain_yuan": "49999"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_illegal_trade_counts_from_turnover_or_gain(amounts: dict[str, str], is_met: bool) -> None:  # noqa: FBT001 - a case
    """One of the two amounts is enough; without the trade no amount is."""
    assessment = of_facts("R10", {"illegal_trade": "slaughter", **amounts})
    assert is_met == assessment.met
    assert not of_facts("R10", amounts).met


def test_the_amount_that_is_missing_is_named() -> None:
    """Below one amount the other may still be stated."""
    assert of_facts("R10", {"illegal_trade": "banned_drugs"}).awaits == ("sales_yuan", "gain_yuan")
    assert of_facts("R10", {"illegal_trade": "banned_drugs", "sales_yuan": "5"}).awaits == ("gain_yuan",)
    proven = {"illegal_trade", "gain_yuan"}
    facts = {"illegal_trade": "non_food_material", "gain_yuan": "50000"}
    assert of_facts("R10", facts, LEEK, proven=proven).strength is Strength.STRONG
