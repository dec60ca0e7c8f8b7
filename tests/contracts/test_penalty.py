"""A penalty says what it takes, from whom and by which law, and does not contradict itself."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts import PenaltyDecided, PersonPenalty

NO_MONEY = ("warning", "licence", "closure", "ban")
KINDS = (*NO_MONEY, "fine", "confiscation")
YUAN = st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2, allow_nan=False)
P1 = PersonPenalty(person="P1", role="person_in_charge", fine_yuan=Decimal(20000))


def decided(**changes: Any) -> PenaltyDecided:
    """A warning."""
    facts: dict[str, Any] = {
        "case_no": "C-7Q2M4ZK3XAWB",
        "version": 1,
        "at": datetime(2026, 3, 4, 2, tzinfo=UTC),
        "penalty_no": "FINE-1",
        "operator": "P0001",
        "kinds": ("warning",),
        "law": "食品安全法 Art 123",
    }
    return PenaltyDecided(**(facts | changes))


@given(kinds=st.sets(st.sampled_from(KINDS), min_size=1), fine=st.just(Decimal(0)) | YUAN)
def test_fine_and_its_amount_agree(kinds: set[str], fine: Decimal) -> None:
    """A fine without an amount, and an amount without a fine, are refused with what to write."""
    if ("fine" in kinds) == bool(fine):
        assert fine == decided(kinds=tuple(kinds), fine_yuan=fine).fine_yuan
    else:
        with pytest.raises(ValidationError, match=r"a fine needs its amount in fine_yuan, .* make them agree"):
            decided(kinds=tuple(kinds), fine_yuan=fine)


@given(kinds=st.sets(st.sampled_from(NO_MONEY), min_size=1), amount=YUAN)
def test_money_is_confiscated_by_a_confiscation(kinds: set[str], amount: Decimal) -> None:
    """An amount under another kind would take money beside the bar on penalties; goods alone have no amount."""
    with pytest.raises(ValidationError, match="an amount in confiscated_yuan needs the kind confiscation"):
        decided(kinds=tuple(kinds), confiscated_yuan=amount)
    assert decided(kinds=(*kinds, "confiscation"), confiscated_yuan=amount).takes_money


@given(kinds=st.sets(st.sampled_from(NO_MONEY), min_size=1))
def test_penalty_that_takes_no_money(kinds: set[str]) -> None:
    """Warnings, licences, closures and bans take none, of the operator or of persons."""
    person = PersonPenalty(person="P1", role="other", barred_for_life=True)
    assert not decided(kinds=tuple(kinds), persons=(person,)).takes_money


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ("fine",), "fine_yuan": Decimal("0.01")},
        {"kinds": ("warning", "confiscation")},
        {"kinds": ("confiscation",), "confiscated_yuan": Decimal(3200)},
        {"persons": (P1,)},
    ],
    ids=["fine", "goods confiscated", "money confiscated", "fine of a person"],
)
def test_penalty_that_takes_money(changes: dict[str, Any]) -> None:
    """Whoever pays, and whether it is money or goods that is taken."""
    assert decided(**changes).takes_money


def test_sentence_says_amounts_where_there_are_any() -> None:
    """A warning speaks of no money; persons are counted and not named."""
    assert "Penalty FINE-1 in case C-7Q2M4ZK3XAWB on P0001: warning (食品安全法 Art 123)." == decided().sentence()
    of_both = decided(kinds=("fine", "ban"), fine_yuan=Decimal("150000.00"), persons=(P1, P1))
    assert of_both.sentence() == (
        "Penalty FINE-1 in case C-7Q2M4ZK3XAWB on P0001: fine, ban, 150000.00 yuan fined, 0 yuan confiscated, "
        "2 persons (食品安全法 Art 123)."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ()},
        {"kinds": ("prison",)},
        {"kinds": ("fine",), "fine_yuan": Decimal(-1)},
        {"kinds": ("fine",), "fine_yuan": Decimal("0.001")},
        {"kinds": ("fine",), "fine_yuan": Decimal(10**13)},
        {"confiscated_yuan": Decimal("NaN")},
        {"persons": ({"person": "张三", "role": "other"},)},
        {"persons": ({"person": "P1", "role": "cook"},)},
        {"law": ""},
        {"operator": "张三水产店"},
        {"named": "张三"},
    ],
    ids=str,
)
def test_what_no_decision_says_is_refused(changes: dict[str, Any]) -> None:
    """No measure, one that the law does not know, an amount that is none, a name, no law, a strange field."""
    with pytest.raises(ValidationError):
        decided(**changes)
