"""What a person reads of an answer, and the exit code that a script reads."""

from datetime import UTC, datetime
from itertools import product

import pytest

from partners.office.answers import exit_code, line_of
from partners.office.asking import Answer, Request
from partners.office.memory import Asked, Receipt
from shared.contracts import Reason, RefusalReason, RequestAccepted, RequestRefused
from tests.examples import REGION, form, report

WARNING = Reason(rule="cap", text="Ten batches in 60 days.", citation="SpBsb", verified=False)
HOUSE_RULE = Reason(rule="seal", text="The seal differs.", citation="", verified=True)
TAKEN = RequestAccepted(
    party="sampler.S01", event_id="e", request="", text="Sample S-1 is registered.", warnings=(WARNING, HOUSE_RULE)
)
REFUSED = RequestRefused(
    party="sampler.S01",
    event_id="e",
    request="",
    reason=RefusalReason.NOT_YOURS,
    where="data.samplers",
    explanation="S01 is none of the samplers.",
)


def answer(receipt: Receipt | None, *, is_repeated: bool = False) -> Answer:
    """An answer to one form."""
    asked = Asked("e", "", "", datetime(2026, 3, 1, 1, tzinfo=UTC), "Sample S-1 taken.")
    return Answer(Request(form(report("1")), REGION), asked, receipt, is_repeated)


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
        "  Asked: Sample S-1 taken.",
    ] == line_of(answer(REFUSED)).split("\n")


def test_repeated_request_says_when_it_was_first_made() -> None:
    """Who asks again learns that this is the first answer, and how a refused request is asked once more."""
    accepted, refused = (line_of(answer(receipt, is_repeated=True)) for receipt in (TAKEN, REFUSED))
    assert accepted.startswith("Accepted (asked before, on 2026-03-01 09:00+08:00): Sample")
    assert "(not_yours, samplers) With --again it is asked once more." in refused


def test_request_without_an_answer_says_what_to_do() -> None:
    """A request that waits is not lost, and the same command reads the answer."""
    assert line_of(answer(None)).startswith("No answer yet: the exchange keeps the request. Run the same command again")


@pytest.mark.parametrize("receipts", list(product((TAKEN, REFUSED, None), repeat=2)))
def test_exit_code_is_that_of_the_worst_answer(receipts: tuple[Receipt | None, ...]) -> None:
    """One refusal makes 1, else one that waits makes 3, else all were accepted."""
    expected = 1 if REFUSED in receipts else 3 if None in receipts else 0
    assert expected == exit_code([answer(receipt) for receipt in receipts])
