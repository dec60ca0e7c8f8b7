"""A laboratory took a sample: the delivery is done, and the period for its report runs.

The reserve portion goes to the laboratory that was drawn for a re-inspection, and starts that period instead.
"""

from collections.abc import Sequence
from typing import Any

from services.sampling import custody
from services.sampling.deadlines import deadlines
from services.sampling.duties import DELIVERY, TESTING
from services.sampling.reserve import reserve_received
from services.sampling.store import reports, samples, tables
from shared import receipts
from shared.clocks import Start, Stop, start_clocks, stop_clocks
from shared.contracts import CustodyRecorded, Reason, RefusalReason, SampleReceived
from shared.deadlines import beyond_calendar
from shared.heard import Heard, Work
from shared.workdays import day_in_china, end_of_period


async def answer(receptions: Sequence[Heard[SampleReceived]], work: Work) -> None:
    """Keep each reception, or say why it cannot be."""
    for heard in receptions:
        await _receive(heard, work)


async def _receive(heard: Heard[SampleReceived], work: Work) -> None:
    reception, laboratory = heard.event, heard.origin.party
    number = reception.sample_no
    sample: Any = await samples.one(work.connection, number)
    if fault := custody.refusal(number, sample, reception.received_at, heard.origin.received, "received_at"):
        receipts.turn_down(heard, work, fault)
        return
    if reception.portion == "reserve":
        if await reserve_received(heard, work):
            await _keep(heard, sample, "reserve_received", work)
        return
    if fault := custody.of_another(sample, laboratory):
        receipts.turn_down(heard, work, fault)
        return
    if sample.state == samples.RECEIVED:
        text = f"Sample {number} was received before; what was said of it then stays on the record."
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.sample_no", text)
        return
    await stop_clocks(work, tables, [Stop(f"{DELIVERY}:{number}", reception.received_at)])
    clock = _clock(reception, sample.region)
    await start_clocks(work, tables, [clock])
    if reported := await reports.was_reported(work.connection, number):
        await stop_clocks(work, tables, [Stop(clock.clock, reported)])
    warnings = beyond_calendar(clock.due)
    await _keep(heard, sample, "received", work, warnings, state=samples.RECEIVED, laboratory=laboratory)


def _clock(reception: SampleReceived, region: str) -> Start:
    due = deadlines()[TESTING].end(reception.received_at)
    if reception.agreed_days:
        due = end_of_period(day_in_china(reception.received_at), reception.agreed_days)
    return Start(
        clock=f"{TESTING}:{reception.sample_no}",
        trace=reception.sample_no,
        region=region,
        started=reception.received_at,
        due=due,
    )


async def _keep(
    heard: Heard[SampleReceived],
    sample: Any,
    step: Any,
    work: Work,
    warned: tuple[Reason, ...] = (),
    **changed: Any,
) -> None:
    reception, laboratory = heard.event, heard.origin.party
    form = await samples.form_of(work.connection, reception.sample_no)
    warnings = custody.seal_warnings(reception.seal_no, form.seal_no if form else "")
    event = CustodyRecorded(
        sample_no=reception.sample_no,
        step=step,
        by=f"lab.{laboratory}",
        to=f"lab.{laboratory}",
        at=reception.received_at,
        seal_no=reception.seal_no,
        seal_intact=True,
        temperature=reception.temperature,
        text=reception.note,
    )
    work.tell(heard, event, region=sample.region)
    await samples.move(work.connection, reception.sample_no, custody.row_of(event, heard.key), **changed)
    text = f"The receipt of sample {reception.sample_no} ({reception.portion} portion) is kept."
    receipts.accept(heard, work, text, warnings=(*warnings, *warned))
