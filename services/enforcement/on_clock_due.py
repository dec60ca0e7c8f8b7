"""A statutory clock of a case fell due: tell that it approaches or was missed, unless it no longer holds."""

from collections.abc import Sequence

from services.enforcement.deadlines import deadlines
from services.enforcement.store import tables
from shared.clocks import fall_due, kind_of
from shared.contracts import CaseClockApproaching, CaseClockMissed, ClockDue, Moment
from shared.heard import Heard, Work


async def answer(messages: Sequence[Heard[ClockDue]], work: Work) -> None:
    """Tell each clock that still holds."""
    for heard in messages:
        row = await fall_due(work, tables, heard)
        if row is None:
            continue
        period = deadlines()[kind_of(row.clock)].period(row.clock, row.started, row.due)
        kind = CaseClockMissed if heard.event.moment is Moment.MISSED else CaseClockApproaching
        work.tell(heard, kind(**period.model_dump(), case_no=row.trace))
