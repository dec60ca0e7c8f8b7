"""What a person reads of an answer, and the exit code that a script reads."""

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import product

import pytest

from partners.asking.answers import exit_code, line_of, summary
from partners.asking.memory import Known
from partners.asking.spool import Fate
from shared.contracts import Reason
from tests.examples import form, report

FORM = form(report("1"))
WARNINGS = [
    Reason(rule="cap", text="Ten batches in 60 days.", citation="SpBsb", verified=False).model_dump(),
    Reason(rule="seal", text="The seal differs.", citation="", verified=True).model_dump(),
]
TAKEN = Known("", "S-1", "done", "", "", "Sample S-1 is registered.", json.dumps(WARNINGS))
REFUSED = Known("", "S-1", "refused", "not_yours", "data.samplers", "S01 is none of the samplers.")
OPEN = Known("", "S-1", "", "", "", "")


def answer(known: Known, *, is_repeated: bool = False) -> Fate:
    """An answer to one form."""
    at = datetime(2026, 3, 1, 1, tzinfo=UTC)
    return Fate((), "", known, at, is_repeated, FORM.TYPE, FORM.model_dump_json())


def test_accepted_is_said_with_its_warnings() -> None:
    """What was done stands first; each warning follows with its source, marked where that was not checked."""
    assert [
        "Accepted: Sample S-1 is registered.",
        "  Warning: Ten batches in 60 days. [SpBsb, unverified]",
        "  Warning: The seal differs.",
    ] == line_of(answer(TAKEN)).split("\n")


def test_refused_is_said_with_reason_and_field() -> None:
    """A refusal says why, which field, and what was asked."""
    assert [
        "Refused: S01 is none of the samplers. (not_yours, samplers)",
        f"  Asked: {FORM.sentence()}",
    ] == line_of(answer(REFUSED)).split("\n")


def test_repeated_request_says_when_it_was_first_made() -> None:
    """Who asks again learns that this is the first answer, and how a refused request is asked once more."""
    accepted, refused = (line_of(answer(known, is_repeated=True)) for known in (TAKEN, REFUSED))
    assert accepted.startswith("Accepted (asked before, on 2026-03-01 09:00+08:00): Sample")
    assert "(not_yours, samplers) With --again it is asked once more." in refused


def test_request_without_an_answer_says_what_to_do() -> None:
    """A request that waits is not lost, and the same command reads the answer."""
    assert line_of(answer(OPEN)).startswith("No answer yet: the exchange keeps the request. Run the same command again")


@pytest.mark.parametrize("states", list(product(("done", "refused", "", "unsent"), repeat=2)))
def test_exit_code_is_that_of_the_worst_answer(states: tuple[str, ...]) -> None:
    """One refusal makes 1, else one that waits makes 3, else all were accepted."""
    expected = 1 if "refused" in states else 0 if set(states) == {"done"} else 3
    assert expected == exit_code(Counter(states))


def test_counts_add_up() -> None:
    """Every request is accepted, refused, or without an answer."""
    expected = "9 requests: 4 accepted, 2 refused, 3 without an answer yet."
    assert expected == summary({"done": 4, "refused": 2, "": 1, "unsent": 2})
