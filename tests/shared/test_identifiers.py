"""Numbers that follow from what they stand for."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.identifiers import derived_id, number_of

parts = st.lists(st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"])), min_size=1, max_size=4)
keys = st.text(st.characters(exclude_categories=["Cs"]))


def test_derived_ids_never_change() -> None:
    """An id that was told once is told again by every later version."""
    found = derived_id("sampling", "urn:shian:lab:L0142 1", "food.sample.failed.v1", "0")
    assert found == "b5089b9e623b934e982afb5c9f435159"


def test_numbers_never_change() -> None:
    """A number that was given once is given again by every later version."""
    assert number_of("C", "L0142 R-1") == "C-LKWPCN7MZ45J"


@given(parts)
def test_same_parts_give_the_same_id(some: list[str]) -> None:
    """An id follows from its parts and is 128 bits in hexadecimal digits."""
    assert derived_id(*some) == derived_id(*some)
    assert re.fullmatch("[0-9a-f]{32}", derived_id(*some))


@given(parts, parts)
def test_other_parts_give_another_id(some: list[str], others: list[str]) -> None:
    """Other parts, or the same text cut elsewhere, give another id."""
    assume(some != others)
    assert derived_id(*some) != derived_id(*others)


def test_where_the_parts_are_cut_matters() -> None:
    """Parts that join to the same text give different ids."""
    assert len({derived_id("a", "bc"), derived_id("ab", "c"), derived_id("abc"), derived_id("a", "b", "c")}) == 4


@given(keys)
def test_number_can_be_written_and_spoken(key: str) -> None:
    """A number is its prefix and ten capital letters and digits, and fits where a reference is asked for."""
    assert re.fullmatch(r"C-[A-Z2-7]{12}", number_of("C", key))


def test_numbers_of_a_province_do_not_meet() -> None:
    """Two hundred thousand keys in a row give as many numbers."""
    assert len({number_of("A", f"L0142 R-{n}") for n in range(200_000)}) == 200_000
