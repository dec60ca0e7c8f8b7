"""Rows of the catalogue and the days of their editions."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.limit_rows import Row
from tests.services.sampling.judging.made import row

DAYS = st.dates(date(2015, 1, 1), date(2016, 1, 1))


@st.composite
def editions(draw: st.DrawFn) -> Row:
    """A made row whose edition may lack its first day, its last, or both."""
    begin, end = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if begin and end and end < begin:
        begin, end = end, begin
    return row("made", "≤1mg/kg", begin=begin, end=end)


@given(editions(), DAYS)
def test_on_one_day_an_edition_is_over_or_in_force_or_unknown_or_not_begun(edition: Row, day: date) -> None:
    """No day is two of these, and only an edition without a first day can inform."""
    begun = edition.effective_from is not None and edition.effective_from <= day
    states = [edition.over(day), edition.in_force(day), edition.informs(day)]
    assert sum(states) == (0 if edition.effective_from is not None and not begun else 1)


@given(editions(), editions(), DAYS)
def test_editions_that_are_in_force_on_one_day_may_meet(one: Row, other: Row, day: date) -> None:
    """Two editions of which it is known that they never met were never in force together."""
    assert one.may_meet(other) == other.may_meet(one)
    if one.in_force(day) and other.in_force(day):
        assert one.may_meet(other)


@given(editions(), editions(), DAYS)
def test_an_edition_that_spans_another_is_in_force_whenever_that_is(one: Row, other: Row, day: date) -> None:
    """Spanning holds day by day, and of itself."""
    assert one.spans(one)
    if one.spans(other) and other.in_force(day):
        assert one.in_force(day) or one.informs(day)


def test_an_edition_says_its_days() -> None:
    """People read the standard with both ends, or that one is unknown or open (made)."""
    ended = row("r", "≤1mg/kg", begin=date(2017, 9, 17), end=date(2023, 6, 29))
    assert ended.edition == "made standard r, 2017-09-17 to 2023-06-29"
    assert row("r", "≤1mg/kg").edition == "made standard r, an unknown day to today"
