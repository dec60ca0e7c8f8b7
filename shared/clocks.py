"""Statutory clocks: the table is the truth, a poll finds what is due, and a due message is answered like any other.

A clock is started, stopped or revised in the transaction that changes what it stands for. The poll publishes one due
message per clock, moment and revision; publishing it again is harmless. The handler that answers it asks ``fall_due``
whether it still holds: one for an old revision, or for another moment than the next, is ignored with a reason.
"""

import contextlib
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, Table, Text, Update, case, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus import UNREACHABLE, Bus
from shared.contracts import ClockDue, Moment, entry_of
from shared.database import UNAVAILABLE, Database
from shared.envelope import EARLIEST, seal, source_of
from shared.heard import Heard, Told, Work
from shared.identifiers import derived_id
from shared.tables import Tables

log = structlog.get_logger()
LONGEST_LEAD = timedelta(days=1)
"""How long before its end a clock is said to approach."""
SHORT = timedelta(days=2)
"""A clock that runs for less than this approaches when three quarters of its period are over."""
MOST_AT_ONCE = 2000
STATES = {Moment.APPROACHING.value: "open", Moment.MISSED.value: "approaching", None: "missed"}
"""What a clock whose duty is not done is counted as, by what it falls due for next."""

_STOPS_IN = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS clock, json_extract(value, '$[1]') AS done FROM json_each(:stops)",
    "postgresql": "SELECT value ->> 0 AS clock, value ->> 1 AS done FROM jsonb_array_elements(cast(:stops AS jsonb))",
}
_INSERT_IN: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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
            return Moment.APPROACHING.value, approaches(self.started, self.due)
        return (Moment.MISSED.value, self.due) if self.done > self.due else (None, None)


@dataclass(frozen=True, slots=True)
class Stop:
    """A clock whose duty is done, and when it was."""

    clock: str
    done: datetime


def approaches(started: datetime, due: datetime) -> datetime:
    """When a clock is said to approach: a day before its end, or with a quarter of a short period left."""
    period = due - started
    return max(due - (period / 4 if period < SHORT else LONGEST_LEAD), started)


def kind_of(clock: str) -> str:
    """The kind of a clock, such as SMP-04, from its name."""
    return clock.partition(":")[0]


def _row(start: Start) -> dict[str, Any]:
    next_, next_at = start.next()
    return {
        "clock": start.clock,
        "revision": 1,
        "trace": start.trace,
        "region": start.region,
        "started": start.started,
        "due": start.due,
        "stopped": start.done,
        "next": next_,
        "next_at": next_at,
    }


async def start_clocks(work: Work, tables: Tables, starts: Sequence[Start]) -> None:
    """Start clocks, each to be told of as it approaches and when it is missed, unless its duty is done in time.

    One that exists already, running or stopped, is left as it is.
    """
    if not starts:
        return
    statement = _INSERT_IN[work.connection.dialect.name](tables.clock).on_conflict_do_nothing()
    # sorted, or two replicas on PostgreSQL wait for each other's rows
    await work.connection.execute(statement, [_row(start) for start in sorted(starts, key=lambda start: start.clock)])


async def stop_clocks(work: Work, tables: Tables, stops: Sequence[Stop]) -> None:
    """Stop clocks whose duty is done; one that is unknown or stopped already is left as it is.

    A clock whose duty was done after its end, and that was not told as missed yet, will be. The revision grows, so
    that a due message that is under way no longer holds.
    """
    if not stops:
        return
    done = {stop.clock: stop.done for stop in reversed(stops)}
    given = sorted((clock, at.astimezone(UTC).isoformat(timespec="microseconds")) for clock, at in done.items())
    await work.connection.execute(_stopping(tables.clock, work.connection.dialect.name), {"stops": json.dumps(given)})


@functools.cache
def _stopping(clock: Table, dialect: str) -> Update:
    """One statement for a whole batch: with one for each clock, 500 that do not exist cost 8 ms instead of 1."""
    stop = text(_STOPS_IN[dialect]).columns(clock=Text, done=clock.c.due.type).subquery("stop")
    is_late = clock.c.next.is_not(None) & (clock.c.due < stop.c.done)
    stopped = update(clock).where(clock.c.clock == stop.c.clock, clock.c.stopped.is_(None))
    return stopped.values(
        stopped=stop.c.done,
        revision=clock.c.revision + 1,
        next=case((is_late, Moment.MISSED.value)),
        next_at=case((is_late, clock.c.due)),
    )


async def find_clock(work: Work, tables: Tables, clock: str) -> Row[Any] | None:
    """A clock's row, or none; on PostgreSQL it is held until the transaction ends."""
    found = select(tables.clock).where(tables.clock.c.clock == clock).with_for_update()
    return (await work.connection.execute(found)).one_or_none()


async def clocks_of(work: Work, tables: Tables, trace: str, region: str) -> list[Row[Any]]:
    """The clocks of one sample in a region, by name."""
    table = tables.clock
    found = select(table).where(table.c.trace == trace, table.c.region == region).order_by(table.c.clock)
    return list(await work.connection.execute(found))


async def ends_of(work: Work, tables: Tables, clocks: Sequence[str]) -> dict[str, datetime]:
    """When these clocks end; unknown ones are left out."""
    if not clocks:
        return {}
    found = select(tables.clock.c.clock, tables.clock.c.due).where(tables.clock.c.clock.in_(clocks))
    return {row.clock: row.due for row in await work.connection.execute(found)}


async def revise_clock(work: Work, tables: Tables, clock: str, due: datetime) -> Row[Any] | None:
    """Give a running clock another end, from which it approaches and is missed anew; a stopped one is left as it is.

    Returns the row as it was before, or none for an unknown clock.
    """
    row = await find_clock(work, tables, clock)
    if row is None or row.stopped is not None:
        return row
    planned = {"next": Moment.APPROACHING.value, "next_at": approaches(row.started, due)}
    change = update(tables.clock).where(tables.clock.c.clock == clock)
    await work.connection.execute(change.values(due=due, revision=row.revision + 1, **planned))
    return row


async def fall_due(work: Work, tables: Tables, heard: Heard[ClockDue]) -> Row[Any] | None:
    """Take a due message to its clock and move it on; the clock's row, or none when the message no longer holds."""
    event = heard.event
    row = await find_clock(work, tables, event.clock)
    if row is None or row.revision != event.revision or row.next != event.moment.value:
        log.info("clock ignored", clock=event.clock, moment=event.moment.value, revision=event.revision)
        return None
    approaching = event.moment is Moment.APPROACHING
    following = {"next": Moment.MISSED.value, "next_at": row.due} if approaching else {"next": None, "next_at": None}
    await work.connection.execute(update(tables.clock).where(tables.clock.c.clock == event.clock).values(following))
    return None if approaching and row.due <= work.now else row


async def count_clocks(connection: AsyncConnection, tables: Tables) -> dict[tuple[str, str], int]:
    """How many clocks there are whose duty is not done, by kind and state."""
    name, next_ = tables.clock.c.clock, tables.clock.c.next
    is_sqlite = connection.dialect.name == "sqlite"
    kind = func.substr(name, 1, func.instr(name, ":") - 1) if is_sqlite else func.split_part(name, ":", 1)
    counted = select(kind, next_, func.count()).where(tables.clock.c.stopped.is_(None)).group_by(kind, next_)
    return {(kind, STATES[next_]): number for kind, next_, number in await connection.execute(counted)}


class ClockPoll:
    """Publishes due messages for one service's clocks."""

    def __init__(self, service: str, database: Database, tables: Tables, bus: Bus, now: Callable[[], datetime]) -> None:
        self._service = service
        self._database = database
        self._tables = tables
        self._bus = bus
        self._now = now

    async def turn(self) -> None:
        """Poll once; a database or bus that is away is tried again at the next turn."""
        with contextlib.suppress(*UNAVAILABLE, *UNREACHABLE):
            await self.poll()

    async def poll(self) -> int:
        """Publish what is due now; returns how many."""
        table = self._tables.clock
        due = select(table).where(table.c.next_at <= self._now()).order_by(table.c.next_at).limit(MOST_AT_ONCE)
        async with self._database.read() as connection:
            rows = (await connection.execute(due)).all()
        await self._bus.publish_again([self._due_message(row) for row in rows], since=None)
        return len(rows)

    def _due_message(self, row: Row[Any]) -> Told:
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
