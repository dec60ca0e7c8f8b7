"""A failure is overturned: the report no longer stands, what the authority owed for it is dropped, all are told."""

from typing import Any

from services.sampling import duties
from services.sampling.store import reinspections, reports, tables
from services.sampling.store.reports import Failure
from shared.clocks import Stop, stop_clocks
from shared.contracts import OverturnReason, SampleOverturned
from shared.heard import Heard, Work

STATES = {
    OverturnReason.REINSPECTION_PASSED: reports.OVERTURNED,
    OverturnReason.OBJECTION_SUSTAINED: reports.OVERTURNED,
    OverturnReason.REPORT_CORRECTED: reports.SUPERSEDED,
    OverturnReason.REPORT_WITHDRAWN: reports.WITHDRAWN,
}


async def overturn(  # noqa: PLR0913 - what is overturned, why and by whom
    heard: Heard[Any],
    work: Work,
    failure: Failure,
    reason: OverturnReason,
    explanation: str,
    *,
    by: str,
    state: str = "",
) -> None:
    """Overturn one failure in answer to an event; ``by`` is who brought it about, such as lab.L0200.

    ``state`` is what becomes of the report, where that does not follow from the reason.
    """
    identity = failure.laboratory, failure.report_no
    await reports.change(work.connection, identity, state=state or STATES[reason])
    event = SampleOverturned(
        sample_no=failure.outcome.sample_no,
        report_no=failure.report_no,
        laboratory=failure.laboratory,
        product=failure.outcome.product,
        reason=reason,
        explanation=explanation,
        by=by,
    )
    work.tell(heard, event, region=failure.region)
    stops = duties.dropped(*identity, heard.origin.received)
    await stop_clocks(work, tables, stops + await _reinspection(heard, failure.outcome.sample_no, work))


async def _reinspection(heard: Heard[Any], sample_no: str, work: Work) -> list[Stop]:
    """The clocks of an open re-inspection, where nothing is left to be re-inspected."""
    if await reports.failures(work.connection, sample_no):
        return []
    rows = await reinspections.reinspections_of(work.connection, sample_no)
    return [
        Stop(f"{kind}:{row.reinspection_no}", heard.origin.received)
        for row in rows
        if row.state == reinspections.OPEN
        for kind in duties.OF_A_REINSPECTION
    ]
