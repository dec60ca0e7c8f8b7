"""A statutory clock of sampling fell due: tell that it approaches or was missed, unless it no longer holds."""

from collections.abc import Sequence

from services.sampling import store
from services.sampling.deadlines import deadlines
from shared.clocks import fall_due
from shared.contracts import ClockApproaching, ClockDue, ClockMissed, Moment
from shared.heard import Handler, Heard, Work
from shared.metrics import Metrics


def handler(metrics: Metrics) -> Handler:
    """The answer to due messages."""

    async def answer(messages: Sequence[Heard[ClockDue]], work: Work) -> None:
        for heard in messages:
            row = await fall_due(work, store.tables, heard)
            if row is None:
                continue
            deadline = deadlines()[row.clock.partition(":")[0]]
            missed = heard.event.moment is Moment.MISSED
            kind = ClockMissed if missed else ClockApproaching
            event = kind(
                clock=row.clock,
                sample_no=row.trace,
                actor=deadline.actor,
                duty=deadline.duty,
                started=row.started,
                due=row.due,
                citation=deadline.citation,
                verified=deadline.verified,
            )
            work.tell(heard, event)
            if missed:
                metrics.clocks_missed.labels(deadline.kind).inc()

    return answer
