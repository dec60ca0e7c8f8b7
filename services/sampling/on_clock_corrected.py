"""An officer corrects the end of a statutory clock: it runs to the new end, and who, when and why is on the record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.sampling.deadlines import deadlines
from services.sampling.store import acts, tables
from shared import receipts
from shared.clocks import find_clock, kind_of, revise_clock
from shared.contracts import ClockCorrected, ClockRevised, RefusalReason
from shared.heard import Heard, Work
from shared.refusal import Refusal
from shared.workdays import china_time


async def answer(corrections: Sequence[Heard[ClockCorrected]], work: Work) -> None:
    """Take each correction, or say why it cannot be taken."""
    for heard in corrections:
        await _correct(heard, work)


async def _correct(heard: Heard[ClockCorrected], work: Work) -> None:
    correction = heard.event
    row: Any = await find_clock(work, tables, correction.clock)
    if fault := _fault(correction.clock, correction.due, row, heard.region):
        receipts.turn_down(heard, work, fault)
        return
    await revise_clock(work, tables, correction.clock, correction.due)
    deadline = deadlines()[kind_of(correction.clock)]
    event = ClockRevised(
        clock=correction.clock,
        sample_no=row.trace,
        actor=deadline.actor,
        duty=deadline.duty,
        started=row.started,
        due=correction.due,
        citation=deadline.citation,
        verified=deadline.verified,
        before=row.due,
        by=f"officer.{heard.origin.party}",
        why=correction.why,
    )
    work.tell(heard, event, region=row.region)
    await acts.keep(heard, work, row.trace)
    receipts.accept(heard, work, event.sentence())


def _fault(clock: str, due: datetime, row: Any | None, region: str) -> Refusal | None:
    if row is None:
        text = f"There is no clock {clock}; look at the list of clocks."
        return Refusal(RefusalReason.UNKNOWN_CLOCK, "data.clock", text)
    if row.region != region:
        text = f"Clock {clock} belongs to region {row.region}; its own officers correct it."
        return Refusal(RefusalReason.NOT_YOURS, "data.clock", text)
    if row.stopped is not None:
        text = f"Clock {clock} stopped at {china_time(row.stopped)}, when its duty was done; it has no end to correct."
        return Refusal(RefusalReason.WRONG_STATE, "data.clock", text)
    if due <= row.started:
        text = f"{china_time(due)} is not after {china_time(row.started)}, when the clock started; correct the end."
        return Refusal(RefusalReason.WRONG_DATES, "data.due", text)
    if due == row.due:
        text = f"Clock {clock} ends at {china_time(due)} already; nothing needs to be done."
        return Refusal(RefusalReason.ALREADY_DONE, "data.due", text)
    return None
