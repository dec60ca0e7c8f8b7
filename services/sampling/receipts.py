"""The receipts that sampling gives: what became of a request, and what is wrong with a message that cannot be read."""

from collections.abc import Iterable
from typing import Any

from services.sampling.form_check import Refusal
from shared.contracts import Reason, RefusalReason, RejectionReason, RequestAccepted, RequestRefused, ResultRejected
from shared.contracts.catalogue import address_of
from shared.heard import Heard, Refused, Work

_REPORTS = "lab.result."


def party_of(subject: str) -> str:
    """Who the server let speak on a subject, such as lab.L0142."""
    return ".".join(subject.split(".", 2)[:2])


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
    """Tell who asked that it was not done: why, in which field, and what to do."""
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
    fault, party = refused.fault, party_of(refused.origin.subject)
    about, entry = fault.about, address_of(refused.origin.subject).entry
    if party.startswith("lab.") and (entry is None or entry.type.startswith(_REPORTS)):
        rejected = ResultRejected(
            laboratory=refused.origin.party,
            reason=fault.reason,
            where=fault.where,
            explanation=fault.explanation,
            event_id=fault.event_id,
            report_no=about.get("report_no", ""),
            sample_no=about.get("sample_no", ""),
        )
        work.tell(refused, rejected, party=party)
        return
    event = RequestRefused(
        party=party,
        event_id=fault.event_id,
        request=entry.type if entry else "",
        number=about.get("sample_no", ""),
        reason=fault.reason,
        where=fault.where,
        explanation=fault.explanation,
    )
    work.tell(refused, event, party=party)
