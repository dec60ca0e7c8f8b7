"""One database per service, SQLite or PostgreSQL, through the same code.

SQLite: WAL, fsync on every commit, and each writing transaction takes the write lock at its begin; SQLAlchemy's
default begins late and loses updates between processes without a word. A transaction is read-only or writing from the
start, as the caller says.
"""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, String, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from shared.failure import CannotStartError

BUSY_TIMEOUT = 10.0
"""Seconds that a writer waits for another one's lock."""
KEPT = 5
"""Connections of a service to its database that stay open when idle."""
AT_MOST = 15
"""Connections of a service to its database at the same time; who wants one more waits."""
POOL = {"pool_size": KEPT, "max_overflow": AT_MOST - KEPT}
DRIVERS = {"sqlite+aiosqlite", "postgresql+asyncpg"}

PRAGMAS = ("page_size=16384", "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000", "foreign_keys=ON")
"""Large pages, because ``told`` keeps whole documents in its tree; a checkpoint every 64 MiB."""

UNAVAILABLE = (DBAPIError, OSError)
"""Errors that may mean that the database is away, not that the work is wrong; a probe tells."""


class Moment(TypeDecorator[datetime]):
    """A point in time, aware, kept as UTC in ISO 8601, which sorts as text in both databases."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Database:
    """A service's database: connections, transactions and a probe."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:
            message = f"SHIAN_DATABASE_URL is not a database address: {error}"
            raise CannotStartError(message) from error
        if parsed.drivername not in DRIVERS:
            message = f"SHIAN_DATABASE_URL starts with {parsed.drivername}; it must be one of {sorted(DRIVERS)}."
            raise CannotStartError(message)
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = self._sqlite() if self.is_sqlite else create_async_engine(parsed, pool_pre_ping=True, **POOL)

    def _sqlite(self) -> AsyncEngine:
        if self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(self.url, connect_args={"timeout": BUSY_TIMEOUT}, **POOL)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    def exists(self) -> bool:
        """Whether there is something to open: an SQLite file would be made by opening it."""
        return not self.is_sqlite or Path(self.url.database or "").exists()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A writing transaction: committed at the end, rolled back on any error."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A read-only transaction."""
        async with self.engine.connect() as connection:
            await connection.execution_options(read_only=True)
            yield connection

    async def probe(self, table: str) -> None:
        """Prove within about two seconds that a row could be written to the table; raises what is in the way."""
        async with self.engine.connect() as connection:
            if self.is_sqlite:
                await connection.execution_options(probe=True)
                await connection.execute(text("SELECT 1"))
            else:
                await connection.execute(text("SET LOCAL lock_timeout = '1s'"))
                await connection.execute(text(f'LOCK TABLE "{table}" IN ROW EXCLUSIVE MODE'))
            await connection.rollback()

    async def is_available(self, table: str) -> bool:
        """Whether a row could be written now."""
        try:
            await self.probe(table)
        except UNAVAILABLE:
            return False
        return True

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        _execute_patiently(cursor, f"PRAGMA {pragma}")
    cursor.close()


def _execute_patiently(cursor: Any, statement: str) -> None:
    """A new file's change to WAL does not wait for another connection by itself."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            cursor.execute(statement)
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("read_only"):
        connection.exec_driver_sql("BEGIN")
        return
    if options.get("probe"):
        connection.exec_driver_sql("PRAGMA busy_timeout=1000")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT * 1000)}")
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE")
