"""A clock of a case fell due: tell that it approaches or was missed, or end an entry whose term is over."""

from collections.abc import Sequence

from services.enforcement import listing
from services.enforcement.deadlines import deadlines
from services.enforcement.store import cases, listings, tables
from shared.clocks import fall_due, kind_of
from shared.contracts import CaseClockApproaching, CaseClockMissed, ClockDue, Moment
from shared.heard import Heard, Work


async def answer(messages: Sequence[Heard[ClockDue]], work: Work) -> None:
    """Tell each clock that still holds."""
    for heard in messages:
        row = await fall_due(work, tables, heard)
        if row is None:
            continue
        if kind_of(row.clock) == listing.TERM:
            await _end_of_term(heard, row.clock.partition(":")[2], work)
            continue
        period = deadlines()[kind_of(row.clock)].period(row.clock, row.started, row.due)
        kind = CaseClockMissed if heard.event.moment is Moment.MISSED else CaseClockApproaching
        case = await cases.one(work.connection, row.trace)
        for region in dict.fromkeys((row.region, case.police or row.region if case else row.region)):
            work.tell(heard, kind(**period.model_dump(), case_no=row.trace), region=region)


async def _end_of_term(heard: Heard[ClockDue], entry_no: str, work: Work) -> None:
    """An entry in a list ends with its term; that it approaches is nobody's duty and is not told."""
    entry = await listings.one(work.connection, entry_no)
    if heard.event.moment is Moment.MISSED and entry is not None and not entry.standing:
        await listing.end(heard, entry, work, ("expired", "enforcement", f"Its term is over since {entry.until}."))
