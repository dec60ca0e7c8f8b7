"""A case as an authority knows it, read from all that it was told: how far it is, and what runs in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.contracts import CaseOpened, CaseReferred, CaseTransferred, CaseWithdrawn, EvidenceItem, ReferralWithdrawn
from shared.contracts.case_clock import CaseClockTold
from shared.contracts.case_moved import StepTold
from shared.contracts.clock import Period
from shared.envelope import Envelope
from shared.workdays import china_time

Ends = Mapping[str, frozenset[str]]
"""By the name of a step: the kinds of period that are over with it, such as REF-04."""
_NOT_A_TRANSFER = "information, not a transfer; starts no clock"
_OPEN, _FALLEN = "open", "withdrawn"
"""The state of a case whose last sample was overturned: nothing runs in it any more."""
_MARKS = {"flag_major": "major", "supervise_jointly": "under joint supervision"}
"""What a step makes of a case for good, beside its state."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """One case, by the events that were kept of it."""

    case_no: str
    envelopes: Sequence[Envelope[Any]]
    """In the order in which they were told."""
    ends: Ends = field(default_factory=dict)

    @property
    def events(self) -> list[Any]:
        """What was told; a step that was told in two regions stands once."""
        seen: set[tuple[str, int]] = set()
        events = []
        for envelope in self.envelopes:
            event = envelope.data
            if isinstance(event, StepTold):
                if (event.TYPE, event.version) in seen:
                    continue
                seen.add((event.TYPE, event.version))
            events.append(event)
        return events

    @property
    def steps(self) -> list[StepTold]:
        """The steps that were told."""
        return [event for event in self.events if isinstance(event, StepTold)]

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
        withdrawn = "referral withdrawn" if self._is_referral_withdrawn() else ""
        states = [(event.version or 0, event.state) for event in self.steps]
        states += [(event.version or 0, _FALLEN) for event in self.events if isinstance(event, CaseWithdrawn)]
        opened = [(event.version or 0, _OPEN) for event in self.events if isinstance(event, CaseOpened)]
        _, state = max(states + opened, default=(0, _OPEN))
        if state == _OPEN and not self.steps and any(isinstance(event, CaseReferred) for event in self.events):
            return withdrawn or f"referred ({_NOT_A_TRANSFER})"
        words = state.replace("_", " ")
        return f"{words}, {withdrawn}" if withdrawn and state != _FALLEN else words

    @property
    def marks(self) -> list[str]:
        """Whether it is major, and under joint supervision."""
        taken = {step.step for step in self.steps}
        return [mark for step, mark in _MARKS.items() if step in taken]

    @property
    def product(self) -> str:
        """What it is about, where that was told."""
        return next((event.product for event in self.events if hasattr(event, "product")), "")

    @property
    def added(self) -> list[tuple[int, EvidenceItem]]:
        """What steps added to the dossier and no transfer lists, each with the version in which it was added."""
        transfers = [event for event in self.events if isinstance(event, CaseTransferred)]
        listed = {(item.reference, item.sha256) for transfer in transfers for item in transfer.items}
        return [
            (step.version, item)
            for step in self.steps
            if not isinstance(step, CaseTransferred)
            for item in getattr(step, "items", ())
            if (item.reference, item.sha256) not in listed
        ]

    def periods(self) -> list[Period | CaseClockTold]:
        """Every statutory period that runs as far as was told, each with its latest end; the first to end at the top.

        The exchange tells which step was taken and not which periods are over with it; ``ends`` says that.
        """
        running: dict[str, Period | CaseClockTold] = {}
        for event in self.events:
            if isinstance(event, StepTold):
                over = self.ends.get(event.step, frozenset())
                running = {clock: period for clock, period in running.items() if clock.partition(":")[0] not in over}
                running |= {period.clock: period for period in event.periods}
                if event.state == _FALLEN:
                    running = {}
            elif isinstance(event, CaseWithdrawn):
                running = {}
            elif isinstance(event, CaseClockTold):
                running[event.clock] = event
        return sorted(running.values(), key=lambda period: period.due)

    def line(self, now: datetime) -> str:
        """The case in one line."""
        version = f", version {self.version}" if self.version else ""
        marks = "".join(f", {mark}" for mark in self.marks)
        return f"{self.case_no}  {self.state}{version}, {self.product}{marks}{self._next(now)}"

    def _next(self, now: datetime) -> str:
        periods = self.periods()
        late = [period for period in periods if period.due <= now]
        ahead = next((period for period in periods if period.due > now), None)
        overdue = "".join(f", {period.actor} overdue since {china_time(period.due)}" for period in late[:1])
        return overdue + (f", {ahead.actor} until {china_time(ahead.due)}" if ahead else "")

    def _is_referral_withdrawn(self) -> bool:
        """Whether no sample whose referral was told still stands."""
        standing: dict[tuple[str, str], bool] = {}
        for event in self.events:
            if isinstance(event, CaseReferred | ReferralWithdrawn):
                standing[event.laboratory, event.report_no] = isinstance(event, CaseReferred)
        return bool(standing) and not any(standing.values())
