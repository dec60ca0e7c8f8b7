"""What is stated about a case: the later statement wins."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.grounds.assessing import assess_facts
from services.enforcement.grounds.rules import load
from services.enforcement.grounds.statement import Statement, merged
from shared.contracts import CaseFacts
from tests.services.enforcement.grounds.assessed import CAKE, FORMULA, kept

_STATED = st.dictionaries(st.sampled_from("abc"), st.text(max_size=3))


def told(**facts: Any) -> dict[str, str]:
    """What an officer's event states."""
    return CaseFacts(case_no="C-1", version=1, at=datetime(2026, 3, 4, tzinfo=UTC), **facts).stated


def test_a_later_statement_of_a_fact_wins_and_the_others_stay() -> None:
    """What is left out stays as it was."""
    first, second = told(sales_yuan=Decimal(10), meat="sick"), told(sales_yuan=Decimal(60_000), deaths=0)
    assert {"sales_yuan": "60000", "meat": "sick", "deaths": "0"} == merged([first, second])


@given(_STATED, _STATED, _STATED)
def test_merging_may_go_step_by_step(one: dict[str, str], two: dict[str, str], three: dict[str, str]) -> None:
    """What was merged before may be kept and merged with what comes."""
    assert merged([one, two, three]) == merged([merged([one, two]), three])


def test_words_are_read_as_the_event_writes_them() -> None:
    """A yes, a no, an amount, and what was not stated are told apart."""
    case = Statement(told(nutrients_seriously_off=True, earlier_penalty=False, gain_yuan=Decimal("5.10")), (), ())
    assert (True, False, None) == tuple(
        case.yes(name) for name in ("nutrients_seriously_off", "earlier_penalty", "sold_after_warning")
    )
    assert (Decimal("5.10"), None) == (case.amount("gain_yuan"), case.amount("sales_yuan"))


def test_what_is_awaited_can_be_stated() -> None:
    """Every fact that a rule waits for is a field that an officer can state."""
    samples = [kept(CAKE), kept(FORMULA)]
    stages: list[dict[str, str]] = [{}, {"illegal_trade": "slaughter"}, {"expired_or_recalled_reused": "True"}]
    assessments = [*samples, *(assess_facts(facts, samples, load()) for facts in stages)]
    awaited = {name for several in assessments for one in several for name in one.awaits}
    assert {"meat", "sales_yuan", "gain_yuan", "nutrients_seriously_off", "can_cause_serious_harm"} <= awaited
    assert awaited <= set(CaseFacts.model_fields)
