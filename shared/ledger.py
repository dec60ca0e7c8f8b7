"""The journal's tables: what was heard, what was told for it, and which batches are known to be published.

The rows are written and read in the transaction that the caller opened. A batch's number is the time of its commit, so
that the told events of a service can be put in order, and their age is known.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nats.aio.msg import Msg
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.heard import Heard, Item, Told
from shared.tables import Tables

_CLAIM_SQLITE = text(
    "INSERT INTO heard (consumer, event_id, digest, batch)"
    " SELECT :consumer, json_extract(value, '$[0]'), json_extract(value, '$[1]'), :batch FROM json_each(:ids)"
    " WHERE true ON CONFLICT DO NOTHING RETURNING event_id"
)
_CLAIM_POSTGRESQL = text(
    "INSERT INTO heard (consumer, event_id, digest, batch)"
    " SELECT :consumer, value ->> 0, value ->> 1, :batch FROM jsonb_array_elements(cast(:ids AS jsonb))"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)

_HOLD = text(
    "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(value, 0) AS key"
    " FROM jsonb_array_elements_text(cast(:names AS jsonb)) ORDER BY key) AS held"
)


@dataclass(slots=True)
class Committed:
    """What is to be published and acknowledged after a commit."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    batches: list[int] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    again: list[Told] = field(default_factory=list)
    """Told by an earlier commit whose publishing nobody confirmed."""
    again_since: datetime | None = None
    """When the oldest of these was committed."""
    done: list[Msg] = field(default_factory=list)
    later: list[tuple[Msg, float]] = field(default_factory=list)
    """Messages to be handed out again, with the delay in seconds."""

    def add(self, other: "Committed") -> None:
        """Append what another commit brought."""
        self.at = min(self.at, other.at)
        self.batches += other.batches
        self.told += other.told
        self.again += other.again
        self.again_since = min((s for s in (self.again_since, other.again_since) if s), default=None)
        self.done += other.done
        self.later += other.later


class Ledger:
    """Heard, told and batch of one service."""

    def __init__(self, tables: Tables, *, is_sqlite: bool) -> None:
        self._tables = tables
        self._claim = _CLAIM_SQLITE if is_sqlite else _CLAIM_POSTGRESQL
        self._last_batch = 0

    def next_batch(self) -> int:
        """A number for a new batch: nanoseconds since 1970, ever growing."""
        self._last_batch = max(self._last_batch + 1, time.time_ns())
        return self._last_batch

    async def claim(self, connection: AsyncConnection, consumer: str, n: int, items: Sequence[Item]) -> set[str]:
        """Enter these as heard in a batch; returns the keys of those that were not there yet."""
        if not items:
            return set()
        # sorted, or two replicas on PostgreSQL wait for each other's rows
        ids = json.dumps(sorted((item.key, item.origin.digest) for item in items), ensure_ascii=False)
        rows = await connection.execute(self._claim, {"consumer": consumer, "batch": n, "ids": ids})
        return {row[0] for row in rows}

    async def hold(self, connection: AsyncConnection, items: Sequence[Item]) -> None:
        """Let no other replica answer about the same samples until the transaction ends; SQLite has one writer anyway.

        Without it two replicas that answer at the same moment do not see each other's rows.
        """
        names = sorted({item.event.trace for item in items if isinstance(item, Heard)})
        if names and connection.dialect.name == "postgresql":
            await connection.execute(_HOLD, {"names": json.dumps(names, ensure_ascii=False)})

    async def heard_before(
        self, connection: AsyncConnection, consumer: str, items: Sequence[Item]
    ) -> dict[str, tuple[str, int]]:
        """Digest and batch of each event that was heard earlier."""
        heard = self._tables.heard
        if not items:
            return {}
        keys = [item.key for item in items]
        found = select(heard).where(heard.c.consumer == consumer, heard.c.event_id.in_(keys))
        return {row.event_id: (row.digest, row.batch) for row in await connection.execute(found)}

    async def unpublished(self, connection: AsyncConnection, among: set[int] | None = None) -> dict[int, list[str]]:
        """The batches that nobody saw published, oldest first, with the keys of the events that they answer."""
        batch = self._tables.batch
        found = select(batch.c.n, batch.c.causes).where(batch.c.published.is_(None)).order_by(batch.c.n)
        if among is not None:
            found = found.where(batch.c.n.in_(among))
        return {row.n: json.loads(row.causes) for row in await connection.execute(found)}

    async def told_for(self, connection: AsyncConnection, causes: Sequence[str]) -> list[Told]:
        """What was told for these events, in their order."""
        told = self._tables.told
        found = select(told).where(told.c.cause_id.in_(causes)).order_by(told.c.cause_id, told.c.n)
        by_cause: dict[str, list[Told]] = {}
        for row in await connection.execute(found):
            one = Told(row.cause_id, row.n, row.event_id, row.stream, row.subject, row.payload, row.headers)
            by_cause.setdefault(row.cause_id, []).append(one)
        return [one for cause in dict.fromkeys(causes) for one in by_cause.get(cause, [])]

    async def keep(
        self, connection: AsyncConnection, consumer: str, n: int, answered: Sequence[Item], told: Sequence[Told]
    ) -> None:
        """Keep what a batch answered and told."""
        if told:
            await connection.execute(insert(self._tables.told), [_row(one) for one in told])
        if answered:
            causes = json.dumps([item.key for item in answered], ensure_ascii=False)
            row = {"n": n, "consumer": consumer, "causes": causes, "published": None if told else "{}"}
            await connection.execute(insert(self._tables.batch), row)

    async def mark(self, connection: AsyncConnection, published: Mapping[int, Mapping[str, int]]) -> None:
        """Write down that batches are published, with the last sequence on each stream."""
        batch = self._tables.batch
        for n, sequences in published.items():
            row = update(batch).where(batch.c.n == n).values(published=json.dumps(sequences))
            await connection.execute(row)


async def count_unpublished(connection: AsyncConnection, tables: Tables) -> tuple[int, float]:
    """How many batches nobody saw published, and when the oldest was committed: seconds since 1970, 0 for none."""
    batch = tables.batch
    counted = select(func.count(), func.min(batch.c.n)).where(batch.c.published.is_(None))
    number, oldest = (await connection.execute(counted)).one()
    return number, (oldest or 0) / 1e9


def committed_at(n: int) -> datetime:
    """When the batch of this number was committed."""
    return datetime.fromtimestamp(n / 1e9, UTC)


def _row(told: Told) -> dict[str, Any]:
    return {
        "cause_id": told.cause,
        "n": told.n,
        "event_id": told.event_id,
        "stream": told.stream,
        "subject": told.subject,
        "headers": told.headers,
        "payload": told.payload,
    }
