"""Taking a step: it is admitted or refused, and then case, timeline, clocks, telling and receipt follow from the table.

Every handler of a case's events goes this way. What is particular to one (a second signature, an intact dossier, a
penalty) is looked at in between, by the handler that is named after it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row

from services.enforcement import admission
from services.enforcement.admission import Standing, Teller
from services.enforcement.deadlines import deadlines
from services.enforcement.steps import Clock, State, Step, steps
from services.enforcement.store import cases, tables
from services.enforcement.store import steps as timeline
from services.enforcement.store.evidence import Addition
from shared import receipts
from shared.clocks import Start, Stop, clocks_of, kind_of, start_clocks, stop_clocks
from shared.contracts import CaseMoved, CaseStep, Event, EvidenceItem, Period, Reason, RefusalReason, TransferMoved
from shared.heard import Handler, Heard, Work
from shared.refusal import Refusal

S = TypeVar("S", bound=CaseStep)
Telling = Callable[..., Event]
"""Makes the event that is told, from what every telling of a step says."""


@dataclass(frozen=True, slots=True)
class Taking:
    """An admitted step that is being taken."""

    heard: Heard[Any]
    case: Row[Any]
    step: Step
    by: str

    @property
    def said(self) -> CaseStep:
        """What was said."""
        said: CaseStep = self.heard.event
        return said

    def said_as(self, kind: type[S]) -> S:
        """What was said, as what it is; raises TypeError where the wiring is wrong."""
        if not isinstance(self.said, kind):
            message = f"{self.said.TYPE} is no {kind.__name__}"
            raise TypeError(message)
        return self.said

    @property
    def version(self) -> int:
        """Of the case after the step."""
        return int(self.case.version) + 1

    def addition(self, items: Sequence[EvidenceItem]) -> Addition:
        """These items, as the step adds them to the dossier."""
        return Addition(self.said.case_no, self.version, items, self.by, self.said.at)

    @property
    def state(self) -> State:
        """Of the case after the step."""
        return self.step.after(State(self.case.state))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step changes beyond the case's state, and how it is told; both may be left to the table."""

    change: Mapping[str, Any] = field(default_factory=dict)
    telling: Telling | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    """What is told beyond what every step says."""
    warnings: tuple[Reason, ...] = ()


Deciding = Callable[[Taking, Work], Awaitable[Refusal | Outcome]]
"""What is particular to a step: why it cannot be taken after all, or what it changes."""


def answering(decide: Deciding) -> Handler:
    """The answer to events that take a step: admitted, decided on, and taken or refused."""

    async def answer(said: Sequence[Heard[Any]], work: Work) -> None:
        for heard in said:
            taking = await _admit(heard, work)
            if taking is None:
                continue
            decided = await decide(taking, work)
            if isinstance(decided, Refusal):
                receipts.turn_down(heard, work, decided)
            else:
                await _take(taking, work, decided)

    return answer


async def _admit(heard: Heard[Any], work: Work) -> Taking | None:
    """The step that an event takes, its case held; none after a receipt that says why not."""
    said: CaseStep = heard.event
    step = steps()[said.TYPE]
    case = await cases.one(work.connection, said.case_no)
    teller = Teller(receipts.party_of(heard.origin.subject), heard.region, heard.origin.received)
    fault = await _fault(said, step, case, teller, work)
    if fault or case is None:
        receipts.turn_down(heard, work, fault or _unknown(said.case_no))
        return None
    return Taking(heard, case, step, teller.party)


async def _fault(said: CaseStep, step: Step, case: Row[Any] | None, teller: Teller, work: Work) -> Refusal | None:
    if case is None:
        return _unknown(said.case_no)
    standing = Standing(State(case.state), case.version, case.since, case.region, case.police)
    if fault := admission.of_another(said.case_no, standing, teller):
        return fault
    fault = admission.not_now(said, step, standing, teller)
    if fault and step.target and fault.reason in (RefusalReason.STALE, RefusalReason.BARRED):
        last = await timeline.latest(work.connection, said.case_no)
        says_no_more = type(said).model_fields.keys() == CaseStep.model_fields.keys()
        is_same = says_no_more or (last is not None and said.version == last.version - 1)
        if last and is_same and (last.step, last.by) == (step.name, teller.party):
            return admission.done_before(said, step)
    return fault


def _unknown(case_no: str) -> Refusal:
    text = f"There is no case {case_no}; check the number."
    return Refusal(RefusalReason.UNKNOWN_CASE, "data.case_no", text)


async def _take(taking: Taking, work: Work, outcome: Outcome) -> None:
    """Take an admitted step: change the case, keep the step, move the clocks, tell, and confirm."""
    said, case, step = taking.said, taking.case, taking.step
    change = {"state": taking.state.value, "version": taking.version, **outcome.change}
    if taking.state.value != case.state:
        change["since"] = said.at
    await cases.change(work.connection, {said.case_no: change})
    periods = await _move_clocks(taking, work)
    text = said.sentence()
    row = {
        "case_no": said.case_no,
        "version": taking.version,
        "step": step.name,
        "by": taking.by,
        "at": said.at,
        "heard_at": taking.heard.origin.received,
        "event_key": taking.heard.key,
        "state": taking.state.value,
        "text": text,
    }
    await timeline.keep(work.connection, [row])
    told = {
        "case_no": said.case_no,
        "version": taking.version,
        "step": step.name,
        "before": case.state,
        "state": taking.state.value,
        "by": taking.by,
        "at": said.at,
        "text": text,
        "citation": step.citation,
        "verified": step.verified,
        "periods": periods,
        **outcome.told,
    }
    police = change.get("police", case.police)
    telling = outcome.telling or (TransferMoved if police else CaseMoved)
    event = telling(**told)
    for region in dict.fromkeys((case.region, case.police, police)):
        if region:
            work.tell(taking.heard, event, region=region)
    receipts.accept(taking.heard, work, event.sentence(), number=said.case_no, warnings=outcome.warnings)


async def _move_clocks(taking: Taking, work: Work) -> tuple[Period, ...]:
    """End the periods whose duty is done with this step, and start those that it starts; returns the latter."""
    said, case, step = taking.said, taking.case, taking.step
    running = [row for row in await clocks_of(work, tables, said.case_no, case.region) if row.stopped is None]
    # what the agency does is done on the exchange, when it is heard; what others decided is done when they decided
    done = taking.heard.origin.received if taking.by.startswith(("officer.", "head.")) else said.at
    stops = [Stop(row.clock, done) for row in running if kind_of(row.clock) in step.stops]
    await stop_clocks(work, tables, stops)
    started = [await _start(clock, taking, work) for clock in step.starts]
    measured = [await _start(clock, taking, work, is_over=True) for clock in step.measures]
    await start_clocks(work, tables, started + measured)
    return tuple(deadlines()[kind_of(start.clock)].period(start.clock, start.started, start.due) for start in started)


async def _start(clock: Clock, taking: Taking, work: Work, *, is_over: bool = False) -> Start:
    said = taking.said
    since = await _since(clock.since, taking, work)
    done = None
    if is_over:  # a notice is given when it arrives, whatever day it speaks of
        done = taking.heard.origin.received if clock.since == ("this",) else said.at
    return Start(
        clock=f"{clock.kind}:{said.case_no}:{taking.version}",
        trace=said.case_no,
        region=taking.case.region,
        started=since,
        due=deadlines()[clock.kind].end(since),
        done=done,
    )


async def _since(names: Sequence[str], taking: Taking, work: Work) -> datetime:
    if names == ("notice",):
        return taking.heard.origin.received
    if names in ((), ("this",)):
        return taking.said.at
    earlier = await timeline.latest(work.connection, taking.said.case_no, names)
    at: datetime = earlier.at if earlier else taking.case.since
    return at
