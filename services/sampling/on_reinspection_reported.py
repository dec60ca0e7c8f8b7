"""The drawn laboratory concluded a re-inspection: the failure is upheld or overturned, or a person has to decide."""

from collections.abc import Sequence
from typing import Any

from services.sampling import accreditation, conclusion_check, reinspection
from services.sampling.acceptance import Rejection
from services.sampling.concluding import conclude, first_outcome, standing
from services.sampling.deadlines import deadlines
from services.sampling.reporting import Desk
from services.sampling.rereading import as_report
from services.sampling.store import laboratories, reinspections, tables
from shared import receipts
from shared.clocks import Start, Stop, start_clocks, stop_clocks
from shared.contracts import ReinspectionConcluded, ReinspectionReported, ResultReported
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
    if fault := conclusion_check.refusal(reported, row, heard.origin.party, heard.origin.received):
        receipts.turn_down(heard, work, fault)
        return
    first = await first_outcome(row, work)
    report = as_report(first, reported)
    if outside := await _outside(report, row, reported, work):
        receipts.decline(heard, work, outside.reason, outside.where, outside.explanation)
        return
    findings = desk.judge(report, None, reported.concluded_on)
    law = reinspection.conclusion_period(first.track)
    event = ReinspectionConcluded(
        reinspection_no=row.reinspection_no,
        sample_no=row.sample_no,
        report_no=first.report_no,
        laboratory=row.laboratory,
        first_laboratory=row.first_laboratory,
        outcome=reinspection.conclusion(reinspection.assigned_of(row), findings, await standing(row, work)),
        findings=findings,
        on_time=reported.concluded_on <= law.last_day(row.reserve_received),
    )
    await reinspections.change_reinspection(work.connection, row.reinspection_no, report_no=reported.report_no)
    await _mind_the_clocks(heard, row, f"{law.kind}:{row.reinspection_no}", work)
    why = f"Re-inspection {row.reinspection_no} by laboratory {row.laboratory} found that the sample passes."
    await conclude(desk, heard, row, event, work, why=why, by=f"lab.{row.laboratory}")
    receipts.accept(heard, work, f"Re-inspection {row.reinspection_no} is concluded: {event.outcome}.")


async def _outside(report: ResultReported, row: Any, reported: ReinspectionReported, work: Work) -> Rejection | None:
    """Why the drawn laboratory is not accredited for how it tested, or none."""
    entries = await laboratories.accreditations(work.connection, {row.laboratory})
    return accreditation.refusal(report, entries.get(row.laboratory), reported.concluded_on)


async def _mind_the_clocks(heard: Heard[ReinspectionReported], row: Any, clock: str, work: Work) -> None:
    """The conclusion ends one period, and starts the one in which it has to be told: that is over by now."""
    concluded = start_of_day(heard.event.concluded_on)
    await stop_clocks(work, tables, [Stop(clock, max(concluded, row.reserve_received))])
    due, arrived = deadlines()[_TELLING].end(concluded), heard.origin.received
    if arrived > due:
        start = Start(f"{_TELLING}:{row.reinspection_no}", row.sample_no, row.region, concluded, due, arrived)
        await start_clocks(work, tables, [start])
