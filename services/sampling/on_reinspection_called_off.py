"""An officer calls a re-inspection off: the failure stands, or another laboratory is drawn for one that is unable."""

from collections.abc import Sequence
from typing import Any

from services.sampling import assigning, reinspection
from services.sampling.deadlines import deadlines
from services.sampling.duties import OF_A_REINSPECTION
from services.sampling.failed import of_another_region
from services.sampling.store import acts, reinspections, reports, tables
from shared import receipts
from shared.clocks import Stop, stop_clocks
from shared.contracts import (
    RefusalReason,
    ReinspectionAccepted,
    ReinspectionCalledOff,
    ReinspectionEnded,
    ReinspectionRecalled,
)
from shared.heard import Heard, Work
from shared.refusal import Refusal

_FEE = "REI-05"
"""The applicant pays for the re-inspection in advance."""


async def answer(requests: Sequence[Heard[ReinspectionCalledOff]], work: Work) -> None:
    """Call each off."""
    for heard in requests:
        await _call_off(heard, work)


async def _call_off(heard: Heard[ReinspectionCalledOff], work: Work) -> None:
    called_off = heard.event
    row: Any = await reinspections.reinspection(work.connection, called_off.reinspection_no)
    if fault := _fault(called_off, row, heard.region):
        receipts.turn_down(heard, work, fault)
        return
    if called_off.reason == "laboratory_unable":
        await _draw_another(heard, row, work)
        return
    await acts.keep(heard, work, row.sample_no)
    ended = await _end(heard, row, None, work)
    receipts.accept(heard, work, ended.sentence(), number=row.reinspection_no)


async def _draw_another(heard: Heard[ReinspectionCalledOff], row: Any, work: Work) -> None:
    """Draw another laboratory; where nobody else can test, all stays as it is until somebody can."""
    failures = await reports.failures(work.connection, row.sample_no)
    again = [
        finding
        for finding in reinspection.testable(failure.outcome for failure in failures)
        if finding.substance in reinspection.assigned_of(row)
    ]
    if not again:
        text = f"Nothing that failed in sample {row.sample_no} is left to be tested; give another reason."
        receipts.decline(heard, work, RefusalReason.WRONG_STATE, "data.reason", text)
        return
    first = row.first_laboratory, row.first_report_no
    failure = next((one for one in failures if (one.laboratory, one.report_no) == first), failures[0])
    candidates = await assigning.candidates(heard, failure, again, work)
    if not candidates:
        receipts.decline(heard, work, RefusalReason.NO_LABORATORY, "data.reinspection_no", assigning.NOBODY)
        return
    following = await assigning.assign(
        heard, failure, again, candidates, work, by=row.requested_by, on=row.requested_on
    )
    await _end(heard, row, following, work)
    receipts.accept(heard, work, following.sentence())


async def _end(
    heard: Heard[ReinspectionCalledOff], row: Any, following: ReinspectionAccepted | None, work: Work
) -> ReinspectionEnded:
    """End it and its clocks, and tell the region and both laboratories."""
    state = reinspections.UNABLE if following else reinspections.CALLED_OFF
    await reinspections.change_reinspection(work.connection, row.reinspection_no, state=state)
    stops = [Stop(f"{kind}:{row.reinspection_no}", heard.origin.received) for kind in OF_A_REINSPECTION]
    await stop_clocks(work, tables, stops)
    drawn: dict[str, Any] = {
        "reinspection_no": row.reinspection_no,
        "sample_no": row.sample_no,
        "laboratory": row.laboratory,
        "first_laboratory": row.first_laboratory,
        "analytes": tuple(reinspection.assigned_of(row)),
    }
    law = deadlines()[_FEE] if heard.event.reason == "fee_unpaid" else None
    ended = ReinspectionEnded(
        **drawn,
        reason=heard.event.reason,
        why=heard.event.why,
        called_off_by=f"officer.{heard.origin.party}",
        followed_by=following.reinspection_no if following else "",
        citation=law.citation if law else "",
        verified=law.verified if law else False,
    )
    work.tell(heard, ended, region=row.region)
    recalled = ReinspectionRecalled(**drawn, next_laboratory=following.laboratory if following else "")
    for laboratory in (row.laboratory, row.first_laboratory):
        work.tell(heard, recalled, party=f"lab.{laboratory}", region=row.region)
    return ended


def _fault(called_off: ReinspectionCalledOff, row: Any | None, region: str) -> Refusal | None:
    if row is None or row.sample_no != called_off.sample_no:
        text = (
            f"There is no re-inspection {called_off.reinspection_no} of sample {called_off.sample_no}; "
            "check the numbers."
        )
        return Refusal(RefusalReason.UNKNOWN_REINSPECTION, "data.reinspection_no", text)
    if fault := of_another_region(row.sample_no, row.region, region):
        return fault
    if row.state != reinspections.OPEN:
        text = f"Re-inspection {row.reinspection_no} is {row.state}; only an open one is called off."
        return Refusal(RefusalReason.WRONG_STATE, "data.reinspection_no", text)
    return None
