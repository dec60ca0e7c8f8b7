"""An officer corrects the end of a case's clock: it runs to the new end, and who, when and why is on the record."""

from collections.abc import Sequence

from services.enforcement import listing
from services.enforcement.deadlines import deadlines
from services.enforcement.store import tables
from shared import receipts
from shared.clocks import find_clock, kind_of, revise_clock
from shared.contracts import CaseClockCorrected, CaseClockRevised, RefusalReason
from shared.deadlines import fault_of_correction
from shared.heard import Heard, Work


async def answer(corrections: Sequence[Heard[CaseClockCorrected]], work: Work) -> None:
    """Take each correction, or say why it cannot be taken."""
    for heard in corrections:
        correction = heard.event
        row = await find_clock(work, tables, correction.clock)
        if kind_of(correction.clock) == listing.TERM:
            text = "The term of an entry is the law's; an entry ends earlier by its repair (`shian credit repair`)."
            receipts.decline(heard, work, RefusalReason.BARRED, "data.clock", text)
            continue
        if fault := fault_of_correction(correction.clock, correction.due, row, heard.region):
            receipts.turn_down(heard, work, fault)
            continue
        assert row is not None  # noqa: S101 - an unknown clock is a fault
        await revise_clock(work, tables, correction.clock, correction.due)
        period = deadlines()[kind_of(correction.clock)].period(correction.clock, row.started, correction.due)
        event = CaseClockRevised(
            **period.model_dump(),
            case_no=row.trace,
            before=row.due,
            by=f"officer.{heard.origin.party}",
            why=correction.why,
        )
        work.tell(heard, event, region=row.region)
        receipts.accept(heard, work, event.sentence())
