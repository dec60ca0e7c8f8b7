"""The drawn laboratory concluded a re-inspection: the failure is upheld or overturned, or a person has to decide."""

from collections.abc import Sequence
from typing import Any

from services.sampling import conclusion_check, receipts, reinspection
from services.sampling.concluding import first_outcome
from services.sampling.deadlines import deadlines
from services.sampling.overturning import overturn
from services.sampling.reporting import Desk
from services.sampling.rereading import as_report
from services.sampling.store import acts, reinspections, reports, tables
from shared.clocks import Start, Stop, start_clocks, stop_clocks
from shared.contracts import (
    OverturnReason,
    ReinspectionConcluded,
    ReinspectionReported,
)
from shared.heard import Handler, Heard, Work
from shared.workdays import start_of_day

_TELLING = "REI-07"
"""The drawn laboratory tells its conclusion to the authority."""


def handler(desk: Desk) -> Handler:
    """The answer to conclusions, which are judged by the same catalogue of limits as reports."""

    async def answer(conclusions: Sequence[Heard[ReinspectionReported]], work: Work) -> None:
        for heard in conclusions:
            await _conclude(desk, heard, work)

    return answer


async def _conclude(desk: Desk, heard: Heard[ReinspectionReported], work: Work) -> None:
    reported = heard.event
    row: Any = await reinspections.reinspection(work.connection, reported.reinspection_no)
    first: Any = await first_outcome(row, work) if row else None
    if fault := conclusion_check.refusal(reported, row, first, heard.origin.party, heard.origin.received):
        receipts.turn_down(heard, work, fault)
        return
    findings = desk.judge(as_report(first, reported), None, reported.concluded_on)
    outcome = reinspection.conclusion(first, findings)
    law = reinspection.conclusion_period(first.track)
    event = ReinspectionConcluded(
        reinspection_no=row.reinspection_no,
        sample_no=row.sample_no,
        report_no=first.report_no,
        laboratory=row.laboratory,
        first_laboratory=row.first_laboratory,
        outcome=outcome,
        findings=findings,
        on_time=reported.concluded_on <= law.last_day(row.reserve_received),
    )
    work.tell(heard, event, region=row.region)
    await _mind_the_clocks(heard, row, f"{law.kind}:{row.reinspection_no}", work)
    await reinspections.change_reinspection(
        work.connection, row.reinspection_no, state=outcome, report_no=reported.report_no
    )
    await acts.keep(heard, work, row.sample_no)
    if outcome == "overturned" and (failure := await reports.failure(work.connection, row.sample_no)):
        text = f"Re-inspection {row.reinspection_no} by laboratory {row.laboratory} found that the sample passes."
        await overturn(heard, work, failure, OverturnReason.REINSPECTION_PASSED, text, by=f"lab.{row.laboratory}")
        await desk.count(heard, {row.sample_no}, work)
    receipts.accept(heard, work, f"Re-inspection {row.reinspection_no} is concluded: {outcome}.")


async def _mind_the_clocks(heard: Heard[ReinspectionReported], row: Any, clock: str, work: Work) -> None:
    """The conclusion ends one period, and starts the one in which it has to be told: that is over by now."""
    concluded = start_of_day(heard.event.concluded_on)
    await stop_clocks(work, tables, [Stop(clock, max(concluded, row.reserve_received))])
    due, arrived = deadlines()[_TELLING].end(concluded), heard.origin.received
    if arrived > due:
        start = Start(f"{_TELLING}:{row.reinspection_no}", row.sample_no, row.region, concluded, due, arrived)
        await start_clocks(work, tables, [start])
