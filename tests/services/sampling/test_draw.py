"""Drawing a laboratory by lot."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.draw import drawn, seed_of

NAMES = st.sets(st.from_regex(r"\AL[0-9]{4}\Z"), min_size=1, max_size=20)


@given(names=NAMES, seed=st.text())
def test_draw_can_be_repeated(names: set[str], seed: str) -> None:
    """The same seed and candidates draw the same laboratory, in whatever order the candidates are named."""
    assert drawn(sorted(names), seed) == drawn(sorted(names, reverse=True), seed)
    assert drawn(names, seed) in names


def test_every_candidate_is_drawn_about_as_often() -> None:
    """Of 3000 draws among three each gets a third, give or take what chance allows."""
    draws = Counter(drawn(("L0001", "L0002", "L0003"), str(number)) for number in range(3000))
    assert all(850 < draws[name] < 1150 for name in ("L0001", "L0002", "L0003")), draws


def test_nobody_is_drawn_among_none() -> None:
    """Where there is no candidate there is no lot."""
    with pytest.raises(ValueError, match="no candidates"):
        drawn((), "seed")


def test_seed_names_what_nobody_chooses() -> None:
    """The seed holds the request's place in the stream and its arrival, so that two requests never share one."""
    arrival = datetime(2026, 3, 9, 2, 30, 1, 17, tzinfo=UTC)
    assert seed_of("urn:x 1", 42, arrival) == "urn:x 1 42 2026-03-09T02:30:01.000017+00:00"
