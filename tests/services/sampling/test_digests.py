"""Digests, by which what is said again is told from what is said anew."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from services.sampling.store.base import digest_of
from services.sampling.store.reports import content_of
from shared.contracts import Determination, ResultReported
from tests.examples import report


class Part(BaseModel):
    """A piece of an event."""

    name: str
    unit: str = ""


class Event(BaseModel):
    """What one version tells."""

    number: str
    amount: Decimal | None = None
    parts: tuple[Part, ...] = ()


class LaterPart(Part):
    """The piece in a later version."""

    basis: str = ""
    of: Part | None = None


class LaterEvent(Event):
    """The event in a later version, which adds optional fields."""

    why: str = ""
    parts: tuple[LaterPart, ...] = ()


words = st.text(max_size=3)
events = st.builds(
    Event,
    number=words,
    amount=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=1),
    parts=st.lists(st.builds(Part, name=words, unit=words), max_size=3).map(tuple),
)


@given(events)
def test_optional_field_that_is_not_used_changes_no_digest(event: Event) -> None:
    """A later version takes the same event for the same, at whatever depth it added fields."""
    assert digest_of(event) == digest_of(LaterEvent.model_validate(event.model_dump()))


@given(events, events)
def test_digest_tells_different_events_apart(one: Event, other: Event) -> None:
    """Two events have the same digest when they are the same and not otherwise."""
    assert (one.model_dump_json() == other.model_dump_json()) is (digest_of(one) == digest_of(other))


@pytest.mark.parametrize(
    "changes",
    [{"why": "so"}, {"parts": (LaterPart(name="a", basis="b"),)}, {"parts": ()}],
    ids=["field", "deep", "less"],
)
def test_field_that_is_used_changes_the_digest(changes: dict[str, object]) -> None:
    """What a later version says with its own fields counts."""
    event = LaterEvent(number="1", parts=(LaterPart(name="a"),))
    assert digest_of(event) != digest_of(event.model_copy(update=changes))


def test_fields_that_never_and_always_count() -> None:
    """A field that is left out may differ; one that always counts is in the digest even where it is empty."""
    event = Event(number="1", parts=(Part(name="a"),))
    assert digest_of(event, without={"amount"}) == digest_of(
        event.model_copy(update={"amount": Decimal(1)}), without={"amount"}
    )
    assert len({digest_of(event, always=names) for names in ((), {"unit"}, {"amount"}, {"unit", "amount"})}) == 4


LATER: Sequence[dict[str, object]] = (
    {"conclusion": "合格样品"},
    {"determinations": (Determination(analyte="镉", result="0.1mg/kg", limit="≤0.2mg/kg", kind="screening"),)},
    {"determinations": (Determination(analyte="镉", result="0.1mg/kg", limit="≤0.2mg/kg", basis="干基"),)},
)


@pytest.mark.parametrize("changes", LATER, ids=["conclusion", "kind", "basis"])
def test_what_a_report_says_in_later_fields_counts(changes: dict[str, object]) -> None:
    """Two reports that differ in a field that the first version did not have are not the same."""
    plain: ResultReported = report(
        "1", determinations=(Determination(analyte="镉", result="0.1mg/kg", limit="≤0.2mg/kg"),)
    )
    assert content_of(plain) != content_of(plain.model_copy(update=changes))
