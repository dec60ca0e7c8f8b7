"""A statutory clock of sampling fell due: tell that it approaches or was missed, unless it no longer holds."""

from collections.abc import Sequence

from services.sampling import store
from services.sampling.deadlines import deadlines
from shared.clocks import fall_due, kind_of
from shared.contracts import ClockApproaching, ClockDue, ClockMissed, Moment
from shared.heard import Heard, Work


async def answer(messages: Sequence[Heard[ClockDue]], work: Work) -> None:
    """Tell each clock that still holds."""
    for heard in messages:
        row = await fall_due(work, store.tables, heard)
        if row is None:
            continue
        period = deadlines()[kind_of(row.clock)].period(row.clock, row.started, row.due)
        kind = ClockMissed if heard.event.moment is Moment.MISSED else ClockApproaching
        work.tell(heard, kind(**period.model_dump(), sample_no=row.trace))
