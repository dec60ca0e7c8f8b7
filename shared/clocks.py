"""Statutory clocks: the table is the truth, a poll finds what is due, and a due message is answered like any other.

A clock is started or revised in the transaction that changes what it stands for. The poll publishes one due
message per clock, moment and revision; publishing it again is harmless. The handler that answers it asks ``fall_due``
whether it still holds: one for an old revision, or for another moment than the next, is ignored with a reason.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Row, insert, select, update

from shared.bus import UNREACHABLE, Bus
from shared.contracts import ClockDue, Moment, entry_of
from shared.database import UNAVAILABLE, Database
from shared.envelope import EARLIEST, seal, source_of
from shared.heard import Heard, Told, Work
from shared.identifiers import derived_id
from shared.tables import Tables

log = structlog.get_logger()
APPROACHING = timedelta(days=1)
"""How long before its end a clock is said to approach."""
MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Start:
    """A clock to start: ``clock`` is its kind and what it runs for, such as SMP-04:DEMO-0001."""

    clock: str
    trace: str
    region: str
    started: datetime
    due: datetime
    done: datetime | None = None
    """When the duty was done, where that is known already: too late, and the clock is told as missed."""

    def next(self) -> tuple[str | None, datetime | None]:
        """What the clock falls due for next, and when."""
        if self.done is None:
            return Moment.APPROACHING.value, max(self.due - APPROACHING, self.started)
        return (Moment.MISSED.value, self.due) if self.done > self.due else (None, None)


async def start_clocks(work: Work, tables: Tables, starts: Sequence[Start]) -> None:
    """Start clocks, each to be told of as it approaches and when it is missed, unless its duty is done in time."""
    if starts:
        await work.connection.execute(
            insert(tables.clock),
            [
                {
                    "clock": start.clock,
                    "revision": 1,
                    "trace": start.trace,
                    "region": start.region,
                    "started": start.started,
                    "due": start.due,
                    "stopped": start.done,
                    "next": start.next()[0],
                    "next_at": start.next()[1],
                }
                for start in starts
            ],
        )


async def fall_due(work: Work, tables: Tables, heard: Heard[ClockDue]) -> Row[tuple[object, ...]] | None:
    """Take a due message to its clock and move it on; the clock's row, or none when the message no longer holds."""
    table, event = tables.clock, heard.event
    row = (await work.connection.execute(select(table).where(table.c.clock == event.clock))).one_or_none()
    if row is None or row.revision != event.revision or row.next != event.moment.value:
        log.info("clock ignored", clock=event.clock, moment=event.moment.value, revision=event.revision)
        return None
    approaching = event.moment is Moment.APPROACHING
    following = {"next": Moment.MISSED.value, "next_at": row.due} if approaching else {"next": None, "next_at": None}
    await work.connection.execute(update(table).where(table.c.clock == event.clock).values(following))
    return None if approaching and row.due <= work.now else row


class ClockPoll:
    """Publishes due messages for one service's clocks."""

    def __init__(self, service: str, database: Database, tables: Tables, bus: Bus, now: Callable[[], datetime]) -> None:
        self._service = service
        self._database = database
        self._tables = tables
        self._bus = bus
        self._now = now

    async def run(self, interval: timedelta) -> None:
        """Poll for ever; a database or bus that is away is tried again at the next turn."""
        while True:
            with contextlib.suppress(*UNAVAILABLE, *UNREACHABLE):
                await self.poll()
            await asyncio.sleep(interval.total_seconds())

    async def poll(self) -> int:
        """Publish what is due now; returns how many."""
        table = self._tables.clock
        due = select(table).where(table.c.next_at <= self._now()).order_by(table.c.next_at).limit(MOST_AT_ONCE)
        async with self._database.read() as connection:
            rows = (await connection.execute(due)).all()
        await self._bus.publish_again([self._due_message(row) for row in rows], since=None)
        return len(rows)

    def _due_message(self, row: Row[tuple[object, ...]]) -> Told:
        event = ClockDue(clock=row.clock, moment=Moment(row.next), revision=row.revision)
        id_ = derived_id(self._service, row.clock, row.next, str(row.revision))
        source = source_of(self._service)
        payload = seal(
            event, source=source, event_id=id_, time=max(row.next_at, EARLIEST), region=row.region, cause=None
        )
        subject = entry_of(ClockDue).subject(row.region, self._service)
        return Told(row.clock, 0, id_, "WORK", subject, payload)


def utc_now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)
