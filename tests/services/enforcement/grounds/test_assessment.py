"""Assessments are kept as text and come back as they were; strengths are in an order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.grounds.assessment import Assessment, Strength, at_most, dump, load, strongest
from tests.services.enforcement.grounds.assessed import CARP, kept

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_MADE = st.builds(
    Assessment,
    rule=st.sampled_from(["R1", "R10"]),
    strength=st.sampled_from(Strength),
    text=_TEXT,
    citation=_TEXT,
    verified=st.booleans(),
    facts=st.dictionaries(_TEXT, _TEXT, max_size=3),
    needs_person=_TEXT,
    awaits=st.lists(_TEXT, max_size=2).map(tuple),
    asks=st.booleans(),
    day=st.dates(),
)
_STRENGTHS = st.sampled_from(Strength)


@given(st.lists(_MADE, max_size=3).map(tuple))
def test_what_is_kept_comes_back(assessments: tuple[Assessment, ...]) -> None:
    """Any assessments read back from their text are the same."""
    assert assessments == load(dump(assessments))


def test_a_sample_is_kept_in_a_few_thousand_characters() -> None:
    """All ten assessments of a sample come back from a text that a column takes easily."""
    text = dump(kept(CARP))
    assert kept(CARP) == load(text)
    assert len(text) < 10_000


def test_a_row_of_the_time_before_has_no_assessment() -> None:
    """An empty column says nothing; it is not an error."""
    assert load("") == ()
    assert load(dump(())) == ()


def test_a_text_of_a_later_version_is_read() -> None:
    """A field that this version does not know is passed over."""
    (first, *_) = kept(CARP)
    text = dump((first,)).replace('{"rule"', '{"later":1,"rule"', 1)
    assert (first,) == load(text)


def test_a_text_that_nobody_kept_is_refused() -> None:
    """What is no list of assessments is an error and no empty list."""
    with pytest.raises(ValueError, match="JSON"):
        load("none")


@given(st.lists(_STRENGTHS), _STRENGTHS)
def test_strengths_have_one_order(strengths: list[Strength], limit: Strength) -> None:
    """The strongest of several, cut off, is the strongest of the cut off ones; none is the least."""
    assert at_most(strongest(strengths), limit) == strongest(at_most(strength, limit) for strength in strengths)
    assert strongest(strengths) == strongest([*strengths, Strength.NONE])
    assert strongest([*Strength]) is Strength.STRONG


def test_an_assessment_is_told_as_a_reason() -> None:
    """The reason of an event has the rule's own text, law, mark and facts."""
    assessment = kept(CARP)[0]
    reason = assessment.reason
    assert (assessment.rule, assessment.text, assessment.citation) == (reason.rule, reason.text, reason.citation)
    assert (assessment.verified, assessment.facts) == (reason.verified, reason.facts)
    assert assessment.day == date(2026, 3, 2)
