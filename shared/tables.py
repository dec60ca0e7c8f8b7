"""The tables that every service has: what it heard, what it told, in which batches, and its statutory clocks.

``heard`` and ``told`` are clustered by their primary keys and carry no second index: each costs more than it gives.
The clocks that run are few beside those that ever ran: they have an index of their own.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from shared.database import Moment

_UNPUBLISHED = text("published IS NULL")
_RUNNING = text("stopped IS NULL")


@dataclass(frozen=True, slots=True)
class Tables:
    """The journal's tables in one service's metadata."""

    heard: Table
    told: Table
    batch: Table
    clock: Table


def tables_in(metadata: MetaData) -> Tables:
    """Add the journal's tables to a service's metadata."""
    return Tables(heard=_heard(metadata), told=_told(metadata), batch=_batch(metadata), clock=_clock(metadata))


def _heard(metadata: MetaData) -> Table:
    return Table(
        "heard",
        metadata,
        Column("consumer", String(64), primary_key=True),
        Column("event_id", Text, primary_key=True, comment="source and id of the event"),
        Column("digest", String(16), nullable=False, comment="of the bytes, to tell a repetition from another content"),
        Column("batch", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _told(metadata: MetaData) -> Table:
    return Table(
        "told",
        metadata,
        Column("cause_id", Text, primary_key=True, comment="source and id of the event that it answers"),
        Column("n", Integer, primary_key=True, autoincrement=False),
        Column("event_id", Text, nullable=False),
        Column("stream", String(32), nullable=False),
        Column("subject", Text, nullable=False),
        Column("headers", Text, nullable=True, comment="further NATS headers as JSON"),
        Column("payload", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _batch(metadata: MetaData) -> Table:
    return Table(
        "batch",
        metadata,
        Column("n", BigInteger, primary_key=True, autoincrement=False, comment="nanoseconds since 1970, ever growing"),
        Column("consumer", String(64), nullable=False),
        Column("causes", Text, nullable=False, comment="the events heard, in order, as JSON"),
        Column("published", Text, nullable=True, comment="last stream sequence per stream as JSON; null until then"),
        Index("batch_unpublished", "n", sqlite_where=_UNPUBLISHED, postgresql_where=_UNPUBLISHED),
    )


def _clock(metadata: MetaData) -> Table:
    return Table(
        "clock",
        metadata,
        Column("clock", Text, primary_key=True, comment="kind and what it runs for, such as SMP-04:DEMO-0001"),
        Column("revision", Integer, nullable=False),
        Column("trace", Text, nullable=False, index=True),
        Column("region", String(8), nullable=False),
        Column("started", Moment, nullable=False),
        Column("due", Moment, nullable=False),
        Column("stopped", Moment, nullable=True),
        Column("next", String(16), nullable=True, comment="approaching, missed, or null when nothing is left"),
        Column("next_at", Moment, nullable=True, index=True),
        Index("clock_running", "next", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )
