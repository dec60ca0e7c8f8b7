"""The receipts for requests: that something was done, or why not, which field is meant, and what to do."""

from collections.abc import Iterable
from typing import Any

from shared.contracts import Reason, RefusalReason, RejectionReason, RequestAccepted, RequestRefused
from shared.contracts.catalogue import address_of
from shared.failure import NotYetError
from shared.heard import Heard, Refused, Work
from shared.refusal import Refusal

_NUMBERS = ("sample_no", "case_no")
_LOOKS = 3
"""How often a message is handed out before what it speaks of counts as unknown."""
_UNKNOWN = frozenset(
    (
        RefusalReason.UNKNOWN_SAMPLE,
        RefusalReason.UNKNOWN_REPORT,
        RefusalReason.UNKNOWN_CLOCK,
        RefusalReason.UNKNOWN_REINSPECTION,
        RefusalReason.UNKNOWN_OBJECTION,
        RefusalReason.UNKNOWN_CASE,
        RejectionReason.NOT_REPORTED,
    )
)


def party_of(subject: str) -> str:
    """Who the server let speak on a subject, such as lab.L0142."""
    return ".".join(subject.split(".", 2)[:2])


def wait_for_the_unknown(heard: Heard[Any], reason: RefusalReason | RejectionReason, explanation: str) -> None:
    """Raise NotYetError where what a message speaks of is unknown, and it was not handed out often enough yet."""
    if reason in _UNKNOWN and heard.origin.deliveries < _LOOKS:
        raise NotYetError(explanation)


def accept(
    heard: Heard[Any],
    work: Work,
    text: str,
    *,
    number: str = "",
    warnings: Iterable[Reason] = (),
) -> None:
    """Tell who asked that it was done, in one sentence, with what to look at all the same."""
    party = party_of(heard.origin.subject)
    event = RequestAccepted(
        party=party,
        event_id=heard.id,
        request=heard.event.TYPE,
        number=number or heard.event.about,
        text=text,
        warnings=tuple(warnings),
    )
    work.tell(heard, event, party=party)


def decline(
    heard: Heard[Any],
    work: Work,
    reason: RefusalReason | RejectionReason,
    where: str,
    explanation: str,
) -> None:
    """Tell who asked that it was not done: why, in which field, and what to do.

    Raises NotYetError while what it speaks of may only be late: another replica may be about to answer it.
    """
    wait_for_the_unknown(heard, reason, explanation)
    party = party_of(heard.origin.subject)
    event = RequestRefused(
        party=party,
        event_id=heard.id,
        request=heard.event.TYPE,
        number=heard.event.about,
        reason=reason,
        where=where,
        explanation=explanation,
    )
    work.tell(heard, event, party=party)


def turn_down(heard: Heard[Any], work: Work, fault: Refusal) -> None:
    """Tell who asked what a rule found wrong."""
    decline(heard, work, fault.reason, fault.where, fault.explanation)


def refuse(refused: Refused, work: Work) -> None:
    """Tell a partner, whom the server let speak under its own prefix, what is wrong with its message."""
    fault, entry = refused.fault, address_of(refused.origin.subject).entry
    party = party_of(refused.origin.subject)
    event = RequestRefused(
        party=party,
        event_id=fault.event_id,
        request=entry.type if entry else "",
        number=next((number for name in _NUMBERS if (number := fault.about.get(name))), ""),
        reason=fault.reason,
        where=fault.where,
        explanation=fault.explanation,
    )
    work.tell(refused, event, party=party)
