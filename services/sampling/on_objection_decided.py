"""An officer decided an objection: one that is sustained overturns the failure, or voids a sample not yet reported."""

from collections.abc import Sequence
from typing import Any

from services.sampling import duties, objection
from services.sampling.failed import of_another_region
from services.sampling.overturning import overturn
from services.sampling.reporting import Desk
from services.sampling.store import acts, reinspections, reports, samples, tables
from shared import receipts
from shared.clocks import Stop, stop_clocks
from shared.contracts import ObjectionClosed, ObjectionDecided, OverturnReason, RefusalReason
from shared.heard import Handler, Heard, Work
from shared.refusal import Refusal


def handler(desk: Desk) -> Handler:
    """The answer to decisions of officers."""

    async def answer(decisions: Sequence[Heard[ObjectionDecided]], work: Work) -> None:
        for heard in decisions:
            await _decide(desk, heard, work)

    return answer


async def _decide(desk: Desk, heard: Heard[ObjectionDecided], work: Work) -> None:
    decision, officer = heard.event, f"officer.{heard.origin.party}"
    row: Any = (await reinspections.objections_of(work.connection, decision.sample_no)).get(decision.objection_no)
    if fault := _fault(decision, row, heard.region):
        receipts.turn_down(heard, work, fault)
        return
    event = ObjectionClosed(
        objection_no=row.objection_no,
        sample_no=row.sample_no,
        ground=row.ground,
        sustained=decision.sustained,
        decided_by=officer,
        why=decision.why,
    )
    work.tell(heard, event, region=row.region)
    state = reinspections.SUSTAINED if decision.sustained else reinspections.DISMISSED
    await reinspections.decide_objection(work.connection, row.objection_no, state)
    await acts.keep(heard, work, row.sample_no)
    clock = f"{objection.review_period(row.ground).kind}:{row.objection_no}"
    stops = [Stop(clock, heard.origin.received)]
    if decision.sustained:
        stops += await _undo(heard, row, officer, work)
        await desk.count(heard, {row.sample_no}, work)
    await stop_clocks(work, tables, stops)
    receipts.accept(heard, work, event.sentence())


async def _undo(heard: Heard[ObjectionDecided], row: Any, officer: str, work: Work) -> list[Stop]:
    """Overturn what stands; returns the clocks that end.

    A sample that was wrongly taken is void. One that is not the named producer's stays: once the sampler has corrected
    its form, the laboratory reports on it anew, and what it found is the operator's.
    """
    state = reports.VOID if row.ground in objection.SAMPLING else ""
    for failure in await reports.failures(work.connection, row.sample_no):
        reason = OverturnReason.OBJECTION_SUSTAINED
        await overturn(heard, work, failure, reason, heard.event.why, by=officer, state=state)
    if state:
        await reports.void(work.connection, row.sample_no)
    if row.ground != "sampling":
        return []
    await samples.void(work.connection, row.sample_no)
    return duties.ended(row.sample_no, heard.origin.received)


def _fault(decision: ObjectionDecided, row: Any | None, region: str) -> Refusal | None:
    if row is None:
        text = f"There is no objection {decision.objection_no} to sample {decision.sample_no}; check the numbers."
        return Refusal(RefusalReason.UNKNOWN_OBJECTION, "data.objection_no", text)
    if row.state != reinspections.OPEN:
        text = f"Objection {row.objection_no} was {row.state} before; nothing needs to be done."
        return Refusal(RefusalReason.ALREADY_DONE, "data.objection_no", text)
    return of_another_region(decision.sample_no, row.region, region)
