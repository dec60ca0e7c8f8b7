"""A failure is overturned: the report no longer stands, what the authority owed for it is dropped, all are told."""

from typing import Any

from services.sampling import duties
from services.sampling.store import reports, tables
from services.sampling.store.reports import Failure
from shared.clocks import stop_clocks
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
) -> None:
    """Overturn one failure in answer to an event; ``by`` is who brought it about, such as lab.L0200."""
    await reports.change(work.connection, (failure.laboratory, failure.report_no), state=STATES[reason])
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
    stops = duties.dropped(failure.laboratory, failure.report_no, heard.origin.received)
    await stop_clocks(work, tables, stops)
