"""Receipts for requests: who gets them, what they say, and when an answer waits."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared import receipts
from shared.contracts import (
    CATALOGUE,
    Entry,
    Event,
    MajorCaseFlagged,
    Reason,
    RefusalReason,
    RejectionReason,
    RequestAccepted,
    RequestRefused,
    address_of,
    entry_of,
)
from shared.envelope import Envelope, MalformedError, open_envelope, source_of
from shared.failure import NotYetError
from shared.heard import Heard, Refused, Work
from shared.origin import Origin
from shared.refusal import Refusal
from tests.examples import REGION

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
OFFICER = "officer.O001"
FLAGGED = MajorCaseFlagged(case_no="C-7Q2M4ZK3XAWB", version=1, at=NOON, why="The goods went to several counties.")
SUBJECT = entry_of(MajorCaseFlagged).subject(REGION, "O001")
WARNING = Reason(rule="look", text="Look at it.", citation="", verified=False)
NOWHERE: Any = None
_PLACES = count(1)


def message(subject: str, payload: bytes = b"{", deliveries: int = 1) -> Msg:
    """A partner's message that was handed out so often."""
    reply = f"$JS.ACK.PARTNERS.enforcement.{deliveries}.{next(_PLACES)}.1.{int(NOON.timestamp() * 1e9)}.0"
    return Msg(Client(), subject, reply, payload)


def heard(deliveries: int = 1) -> Heard[MajorCaseFlagged]:
    """An officer's step, handed out so often."""
    said = message(SUBJECT, deliveries=deliveries)
    return Heard(FLAGGED, f"{source_of(OFFICER)} e-1", "e-1", NOON, REGION, Origin(said), said)


def work() -> Work:
    """A transaction in which nothing is asked of the database."""
    return Work("enforcement", NOON, NOWHERE)


def told(work: Work) -> Envelope[Any]:
    """The one event that was told, as it will stand on the bus."""
    (one,) = work.told
    return open_envelope(one.subject, one.payload)[1]


@pytest.mark.parametrize(
    "entry",
    [entry for entry in CATALOGUE if entry.stream == "PARTNERS"],
    ids=lambda entry: entry.event.__name__,
)
def test_party_is_who_the_server_let_speak(entry: Entry) -> None:
    """Of whatever a partner says, the first two tokens are the party to whom the receipt is addressed."""
    (kind,) = entry.producers
    assert f"{kind}.X01" == receipts.party_of(entry.subject(REGION, "X01"))


def test_acceptance_says_what_was_done() -> None:
    """Who asked is told, in the region of the request, what was done, of which request, and what to look at."""
    answers = work()
    receipts.accept(heard(), answers, "Case C-7Q2M4ZK3XAWB is flagged.", warnings=[WARNING])
    envelope = told(answers)
    assert f"receipt.officer.O001.request.accepted.v1.{REGION}" == answers.told[0].subject
    assert f"{source_of(OFFICER)} e-1" == envelope.cause
    assert envelope.data == RequestAccepted(
        party=OFFICER,
        event_id="e-1",
        request="officer.case.flagged_major.v1",
        number="C-7Q2M4ZK3XAWB",
        text="Case C-7Q2M4ZK3XAWB is flagged.",
        warnings=(WARNING,),
    )


def test_acceptance_may_be_about_another_number() -> None:
    """Where the exchange gave a number, the receipt says that one."""
    answers = work()
    receipts.accept(heard(), answers, "It is listed.", number="L-4RBX7Q2M5ZKA")
    assert told(answers).data.number == "L-4RBX7Q2M5ZKA"


def test_refusal_says_why_where_and_what_to_do() -> None:
    """What a rule found wrong reaches who asked, whole."""
    answers = work()
    receipts.turn_down(heard(), answers, Refusal(RefusalReason.STALE, "data.version", "Look at the case again."))
    assert f"receipt.officer.O001.request.refused.v1.{REGION}" == answers.told[0].subject
    assert told(answers).data == RequestRefused(
        party=OFFICER,
        event_id="e-1",
        request="officer.case.flagged_major.v1",
        number="C-7Q2M4ZK3XAWB",
        reason=RefusalReason.STALE,
        where="data.version",
        explanation="Look at the case again.",
    )


MAY_BE_LATE = [
    *(reason for reason in RefusalReason if reason.startswith("unknown_") and reason != RefusalReason.UNKNOWN_PLAN),
    RejectionReason.NOT_REPORTED,
]
"""A sample of no plan is collected all the same, so that nobody is refused for a plan that is heard of later."""


@pytest.mark.parametrize("reason", MAY_BE_LATE)
def test_what_is_unknown_is_looked_for_three_times(reason: RefusalReason | RejectionReason) -> None:
    """Twice the message waits with the explanation and nothing is told; the third time it is refused."""
    for deliveries in (1, 2):
        answers = work()
        with pytest.raises(NotYetError, match=r"^It is not known\.$"):
            receipts.decline(heard(deliveries), answers, reason, "data.case_no", "It is not known.")
        assert [] == answers.told
    for deliveries in (3, 4):
        answers = work()
        receipts.decline(heard(deliveries), answers, reason, "data.case_no", "It is not known.")
        assert reason == told(answers).data.reason


@pytest.mark.parametrize("reason", [one for one in (*RefusalReason, *RejectionReason) if one not in MAY_BE_LATE])
def test_any_other_refusal_is_told_at_once(reason: RefusalReason | RejectionReason) -> None:
    """Time changes nothing about it."""
    answers = work()
    receipts.decline(heard(), answers, reason, "data.why", "It cannot be done.")
    assert reason == told(answers).data.reason


def malformed(subject: str, event_id: str = "e-1", **numbers: str) -> RequestRefused:
    """What a partner is told whose message is no event."""
    fault = MalformedError(RejectionReason.WRONG_SCHEMA, "data.why", "data.why: too short.", event_id, numbers)
    said, answers = message(subject), work()
    receipts.refuse(Refused(fault, Origin(said), said), answers)
    assert address_of(subject).region in ("", told(answers).region)
    event: Event = told(answers).data
    assert isinstance(event, RequestRefused)
    return event


def test_message_that_is_no_event_is_answered() -> None:
    """The receipt names the request by its subject, and what could be read of the message."""
    assert malformed(SUBJECT, case_no="C-7Q2M4ZK3XAWB") == RequestRefused(
        party=OFFICER,
        event_id="e-1",
        request="officer.case.flagged_major.v1",
        number="C-7Q2M4ZK3XAWB",
        reason=RejectionReason.WRONG_SCHEMA,
        where="data.why",
        explanation="data.why: too short.",
    )


def test_sample_stands_before_the_case() -> None:
    """A message with both numbers is about its sample; an empty number is none."""
    assert malformed(SUBJECT, sample_no="S-1", case_no="C-1").number == "S-1"
    assert malformed(SUBJECT, sample_no="", case_no="C-1").number == "C-1"
    assert malformed(SUBJECT, report_no="R-1").number == ""


@pytest.mark.parametrize("subject", ["officer.O001", "officer.O001.case.eaten.v1.21.02.83", "officer.O001.x.v1"])
def test_message_of_no_known_kind_is_answered_too(subject: str) -> None:
    """With no request, no id and no number the receipt still has its reader and says itself."""
    refused = malformed(subject, event_id="")
    assert (OFFICER, "", "", OFFICER) == (refused.party, refused.request, refused.number, refused.about)
    assert "To officer.O001: message on message (no id) refused (wrong_schema): data.why: too short." == (
        refused.sentence()
    )
