"""An officer corrects the end of a statutory clock: it runs to the new end, and who, when and why is on the record."""

from collections.abc import Sequence
from typing import Any

from services.sampling.deadlines import deadlines
from services.sampling.store import acts, tables
from shared import receipts
from shared.clocks import find_clock, kind_of, revise_clock
from shared.contracts import ClockCorrected, ClockRevised
from shared.deadlines import fault_of_correction
from shared.heard import Heard, Work


async def answer(corrections: Sequence[Heard[ClockCorrected]], work: Work) -> None:
    """Take each correction, or say why it cannot be taken."""
    for heard in corrections:
        await _correct(heard, work)


async def _correct(heard: Heard[ClockCorrected], work: Work) -> None:
    correction = heard.event
    row: Any = await find_clock(work, tables, correction.clock)
    if fault := fault_of_correction(correction.clock, correction.due, row, heard.region):
        receipts.turn_down(heard, work, fault)
        return
    await revise_clock(work, tables, correction.clock, correction.due)
    period = deadlines()[kind_of(correction.clock)].period(correction.clock, row.started, correction.due)
    event = ClockRevised(
        **period.model_dump(),
        sample_no=row.trace,
        before=row.due,
        by=f"officer.{heard.origin.party}",
        why=correction.why,
    )
    work.tell(heard, event, region=row.region)
    await acts.keep(heard, work, row.trace)
    receipts.accept(heard, work, event.sentence())
