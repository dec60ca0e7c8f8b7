"""A case as an authority knows it, read from all that it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts import CaseReferred, CaseTransferred, ReferralWithdrawn
from shared.contracts.case_clock import CaseClockTold
from shared.contracts.case_moved import StepTold
from shared.contracts.clock import Period
from shared.envelope import Envelope
from shared.workdays import china_time

_NOT_A_TRANSFER = "information, not a transfer; starts no clock"


@dataclass(frozen=True, slots=True)
class KnownCase:
    """One case, by the events that were kept of it."""

    case_no: str
    envelopes: Sequence[Envelope[Any]]

    @property
    def events(self) -> list[Any]:
        """What was told, in order."""
        return [envelope.data for envelope in self.envelopes]

    @property
    def version(self) -> int | None:
        """In which version the case stands; none where nothing that was kept says one."""
        versions = [event.version for event in self.events if getattr(event, "version", None)]
        return max(versions, default=None)

    @property
    def region(self) -> str:
        """The region in whose subjects the case was told last: that in which this authority answers."""
        return str(self.envelopes[-1].region)

    @property
    def state(self) -> str:
        """How far the case is; referred where no step was told yet."""
        steps = [event for event in self.events if isinstance(event, StepTold)]
        if steps:
            return str(max(steps, key=lambda step: step.version).state).replace("_", " ")
        withdrawn = any(isinstance(event, ReferralWithdrawn) for event in self.events)
        return "referral withdrawn" if withdrawn else f"referred ({_NOT_A_TRANSFER})"

    @property
    def product(self) -> str:
        """What it is about, where that was told."""
        return next((event.product for event in self.events if hasattr(event, "product")), "")

    def periods(self) -> list[Period | CaseClockTold]:
        """Every statutory period that was told, each with its latest end."""
        found: dict[str, Period | CaseClockTold] = {}
        for event in self.events:
            for period in getattr(event, "periods", ()):
                found[period.clock] = period
            if isinstance(event, CaseClockTold):
                found[event.clock] = event
        return sorted(found.values(), key=lambda period: period.due)

    def line(self, now: datetime) -> str:
        """The case in one line."""
        ahead = next((period for period in self.periods() if period.due > now), None)
        until = f", {ahead.actor} until {china_time(ahead.due)}" if ahead else ""
        version = f", version {self.version}" if self.version else ""
        return f"{self.case_no}  {self.state}{version}, {self.product}{until}"

    def told(self, now: datetime) -> list[str]:
        """Everything that is known of it."""
        lines = [self.line(now)]
        for event in self.events:
            if isinstance(event, CaseReferred):
                lines += [f"referral of sample {event.sample_no}: {event.standing}", *_reasons(event.reasons)]
            if isinstance(event, CaseTransferred):
                lines += _transfer(event)
        lines += ["timeline", *(f"  {_when(envelope)}  {envelope.data.sentence()}" for envelope in self.envelopes)]
        if periods := self.periods():
            lines += ["periods", *(f"  {due_of(period)}" for period in periods)]
        return lines


def due_of(period: Period | CaseClockTold) -> str:
    """Who must do what until when, by which law."""
    mark = "" if period.verified else ", unverified"
    return f"until {china_time(period.due)}: {period.actor} must {period.duty} ({period.citation}{mark})"


def _transfer(event: CaseTransferred) -> list[str]:
    return [
        f"transfer to the police of {event.to}, Art {event.offence} of the Criminal Law",
        f"  samples {', '.join(event.samples)}; producer {event.producer or 'unknown'}",
        f"  reported by {', '.join(event.reported_by)}",
        f"  approved by {event.approved_by} on {china_time(event.approved_at)}",
        *_reasons(event.reasons),
        f"  dossier {event.dossier}",
        *(f"    {item.kind.value} {item.reference}  {item.sha256}, {item.size} bytes" for item in event.items),
    ]


def _reasons(reasons: Sequence[Any]) -> list[str]:
    return [
        f"  {one.rule}: {one.text} ({one.citation}, {'verified' if one.verified else 'unverified'})" for one in reasons
    ]


def _when(envelope: Envelope[Any]) -> str:
    return china_time(envelope.time)
