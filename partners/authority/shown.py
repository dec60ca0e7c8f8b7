"""A case, an event and a period as an authority reads them: line by line, every article with its mark."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from partners.authority.known import KnownCase
from shared.contracts import CaseReferred, CaseTransferred, EvidenceItem, Reason
from shared.contracts.case import CaseTold
from shared.contracts.case_clock import CaseClockTold
from shared.contracts.case_moved import StepTold
from shared.contracts.clock import Period
from shared.envelope import Envelope
from shared.workdays import china_time


def told(envelope: Envelope[Any]) -> list[str]:
    """An event as it is told when it comes: what happened, in which version, and what has to be done until when."""
    event = envelope.data
    lines = [f"{china_time(envelope.time)}  {_sentence(event)}"]
    if isinstance(event, CaseReferred):
        lines.append(f"  {event.standing}")
    return [*lines, *(f"  {due_of(period)}" for period in getattr(event, "periods", ()))]


def due_of(period: Period | CaseClockTold) -> str:
    """Who must do what until when, by which law."""
    cited = _cited(period.citation, verified=period.verified)
    return f"until {china_time(period.due)}: {period.actor} must {period.duty}{cited}"


def shown(case: KnownCase, receipts: Sequence[Envelope[Any]], now: datetime) -> Iterator[str]:
    """Everything that is known of a case, and how the exchange answered what this authority said in it."""
    yield case.line(now)
    for event in case.events:
        if isinstance(event, CaseReferred):
            yield from _referral(event)
        elif isinstance(event, CaseTransferred):
            yield from _transfer(event)
    if case.added:
        yield "added to the dossier"
        for version, item in case.added:
            yield f"  version {version}: {_item(item)}"
    yield "timeline"
    yield from (f"  {_step(envelope)}" for envelope in case.envelopes)
    if periods := case.periods():
        yield "periods that run"
        yield from (f"  {'OVERDUE, ' if period.due <= now else ''}{due_of(period)}" for period in periods)
    if receipts:
        yield "answered by the exchange"
        yield from (f"  {china_time(envelope.time)}  {envelope.data.sentence()}" for envelope in receipts)


def _step(envelope: Envelope[Any]) -> str:
    event = envelope.data
    cited = _cited(event.citation, verified=event.verified) if isinstance(event, StepTold) else ""
    return f"{china_time(envelope.time)}  {_sentence(event)}{cited}"


def _sentence(event: Any) -> str:
    """The event's own sentence, with the version where that does not say it."""
    version = f" (version {event.version})" if isinstance(event, CaseTold) and event.version else ""
    return f"{event.sentence()}{version}"


def _referral(event: CaseReferred) -> list[str]:
    return [
        f"referral of sample {event.sample_no}, {event.strength}: {event.standing}",
        *(f"  {_ground(reason)}" for reason in event.reasons),
        *(f"  would weigh: {_ground(reason)}" for reason in event.aggravation),
    ]


def _transfer(event: CaseTransferred) -> list[str]:
    return [
        f"transfer to the police of {event.to}, Art {event.offence} of the Criminal Law",
        f"  samples {', '.join(event.samples)}; producer {event.producer or 'unknown'}",
        f"  reported by {', '.join(event.reported_by)}",
        f"  approved by {event.approved_by} on {china_time(event.approved_at)}",
        *(f"  {_ground(reason)}" for reason in event.reasons),
        f"  dossier {event.dossier}",
        *(f"    {_item(item)}" for item in event.items),
    ]


def _item(item: EvidenceItem) -> str:
    return f"{item.kind.value} {item.reference}  {item.sha256}, {item.size} bytes"


def _ground(reason: Reason) -> str:
    mark = "verified" if reason.verified else "unverified"
    return f"{reason.rule}: {reason.text} ({', '.join(filter(None, (reason.citation, mark)))})"


def _cited(citation: str, *, verified: bool) -> str:
    mark = "" if verified else "unverified"
    cited = ", ".join(filter(None, (citation, mark)))
    return f" ({cited})" if cited else ""
