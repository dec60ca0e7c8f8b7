"""The reserve portion reaches the drawn laboratory: the period for its conclusion runs."""

from typing import Any

from services.sampling import reinspection
from services.sampling.concluding import first_outcome
from services.sampling.duties import HANDING_OVER
from services.sampling.store import reinspections, tables
from shared import receipts
from shared.clocks import Start, Stop, start_clocks, stop_clocks
from shared.contracts import RefusalReason, SampleReceived
from shared.heard import Heard, Work
from shared.refusal import Refusal
from shared.workdays import china_time, day_in_china


async def reserve_received(heard: Heard[SampleReceived], work: Work) -> bool:
    """Take the reserve portion for its re-inspection; says why and returns false where it cannot be."""
    reception, laboratory = heard.event, heard.origin.party
    rows = await reinspections.reinspections_of(work.connection, reception.sample_no)
    row: Any = next((row for row in rows if row.state == reinspections.OPEN), rows[0] if rows else None)
    if fault := _fault(reception, row, laboratory):
        receipts.turn_down(heard, work, fault)
        return False
    law = reinspection.conclusion_period((await first_outcome(row, work)).track)
    number, at = row.reinspection_no, reception.received_at
    await stop_clocks(work, tables, [Stop(f"{HANDING_OVER}:{number}", at)])
    await start_clocks(work, tables, [Start(f"{law.kind}:{number}", row.sample_no, row.region, at, law.end(at))])
    await reinspections.change_reinspection(work.connection, number, reserve_received=at)
    return True


def _fault(reception: SampleReceived, row: Any | None, laboratory: str) -> Refusal | None:
    number = reception.sample_no
    if row is None:
        text = f"No re-inspection of sample {number} is open; the reserve portion stays where it is."
        return Refusal(RefusalReason.UNKNOWN_REINSPECTION, "data.portion", text)
    if row.state in (reinspections.UNABLE, reinspections.CALLED_OFF):
        text = f"Re-inspection {row.reinspection_no} of sample {number} was called off; send the reserve portion back."
        return Refusal(RefusalReason.WRONG_STATE, "data.sample_no", text)
    if row.laboratory != laboratory:
        text = f"Laboratory {row.laboratory} was drawn for the re-inspection of sample {number}."
        return Refusal(RefusalReason.NOT_YOURS, "data.sample_no", text)
    if row.reserve_received is not None:
        text = f"The reserve portion of sample {number} was received before; nothing needs to be done."
        return Refusal(RefusalReason.ALREADY_DONE, "data.sample_no", text)
    if day_in_china(reception.received_at) < row.requested_on:
        text = f"{china_time(reception.received_at)} is before the re-inspection was asked for; correct the time."
        return Refusal(RefusalReason.WRONG_DATES, "data.received_at", text)
    return None
