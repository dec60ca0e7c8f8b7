"""An officer decided a re-inspection whose results the exchange could not: the failure is upheld or overturned."""

from collections.abc import Sequence
from typing import Any

from services.sampling.concluding import conclude
from services.sampling.failed import of_another_region
from services.sampling.reporting import Desk
from services.sampling.store import reinspections
from shared import receipts
from shared.contracts import RefusalReason, ReinspectionConcluded, ReinspectionSettled
from shared.heard import Handler, Heard, Work
from shared.refusal import Refusal


def handler(desk: Desk) -> Handler:
    """The answer to decisions of officers."""

    async def answer(decisions: Sequence[Heard[ReinspectionSettled]], work: Work) -> None:
        for heard in decisions:
            await _settle(desk, heard, work)

    return answer


async def _settle(desk: Desk, heard: Heard[ReinspectionSettled], work: Work) -> None:
    decision, officer = heard.event, f"officer.{heard.origin.party}"
    rows = await reinspections.reinspections_of(work.connection, decision.sample_no)
    row: Any = next((row for row in rows if row.state == reinspections.UNCLEAR), rows[0] if rows else None)
    if fault := _fault(decision, row, heard.region):
        receipts.turn_down(heard, work, fault)
        return
    event = ReinspectionConcluded(
        reinspection_no=row.reinspection_no,
        sample_no=row.sample_no,
        report_no=row.first_report_no,
        laboratory=row.laboratory,
        first_laboratory=row.first_laboratory,
        outcome=decision.outcome,
        findings=reinspections.findings_of(row),
        on_time=row.on_time,
        settled_by=officer,
        why=decision.why,
    )
    await conclude(desk, heard, row, event, work, why=decision.why, by=officer)
    receipts.accept(heard, work, f"Re-inspection {row.reinspection_no} is settled: {decision.outcome}.")


def _fault(decision: ReinspectionSettled, row: Any | None, region: str) -> Refusal | None:
    if row is None:
        text = f"There is no re-inspection of sample {decision.sample_no}; check the number."
        return Refusal(RefusalReason.UNKNOWN_REINSPECTION, "data.sample_no", text)
    if row.state != reinspections.UNCLEAR:
        text = f"Re-inspection {row.reinspection_no} is {row.state}; only an unclear one needs a person."
        return Refusal(RefusalReason.WRONG_STATE, "data.sample_no", text)
    return of_another_region(decision.sample_no, row.region, region)
