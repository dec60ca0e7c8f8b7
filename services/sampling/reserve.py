"""The reserve portion reaches the drawn laboratory: the period for its conclusion runs."""

from services.sampling import receipts, reinspection
from services.sampling.duties import HANDING_OVER
from services.sampling.form_check import Refusal
from services.sampling.store import reinspections, reports, tables
from shared.clocks import Start, Stop, start_clocks, stop_clocks
from shared.contracts import RefusalReason, SampleReceived
from shared.heard import Heard, Work


async def reserve_received(heard: Heard[SampleReceived], work: Work) -> bool:
    """Take the reserve portion for its re-inspection; says why and returns false where it cannot be."""
    reception, laboratory = heard.event, heard.origin.party
    row = await reinspections.reinspection_of(work.connection, reception.sample_no)
    fault: Refusal | None = None
    if row is None:
        text = f"No re-inspection of sample {reception.sample_no} is open; the reserve portion stays where it is."
        fault = Refusal(RefusalReason.UNKNOWN_REINSPECTION, "data.portion", text)
    elif row.laboratory != laboratory:
        text = f"Laboratory {row.laboratory} was drawn for the re-inspection of sample {reception.sample_no}."
        fault = Refusal(RefusalReason.NOT_YOURS, "data.sample_no", text)
    elif row.reserve_received is not None:
        text = f"The reserve portion of sample {reception.sample_no} was received before; nothing needs to be done."
        fault = Refusal(RefusalReason.ALREADY_DONE, "data.sample_no", text)
    if fault or row is None:
        if fault:
            receipts.turn_down(heard, work, fault)
        return False
    failure = await reports.failure(work.connection, reception.sample_no)
    law = reinspection.conclusion_period(failure.outcome.track if failure else "")
    number, at = row.reinspection_no, reception.received_at
    await stop_clocks(work, tables, [Stop(f"{HANDING_OVER}:{number}", at)])
    await start_clocks(work, tables, [Start(f"{law.kind}:{number}", row.sample_no, row.region, at, law.end(at))])
    await reinspections.change_reinspection(work.connection, number, reserve_received=at)
    return True
