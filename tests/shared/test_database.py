"""Transactions that lose nothing, and a probe that tells whether a row could be written, on both databases."""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from services.system import free_port
from shared.database import BUSY_TIMEOUT, UNAVAILABLE, Database, Moment
from shared.failure import CannotStartError
from tests.shared.counting import count
from tests.speaking import until

moments = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001 - the bounds are given without a zone
    datetime(9999, 12, 30),  # noqa: DTZ001 - as above
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with a table that holds one number."""
    database = Database(database_url.replace("{service}", "sampling"))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE counter (n INTEGER NOT NULL CHECK (n >= 0))"))
        await connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield database
    await database.close()


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield other
    await other.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """An SQLite database, whose folder did not exist before, with the same table."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/new/folder/counter.db")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        await connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield database
    await database.close()


async def number(database: Database) -> int:
    """The number in the table."""
    async with database.read() as connection:
        return int((await connection.execute(text("SELECT n FROM counter"))).scalar_one())


# transactions


async def test_what_is_written_is_kept(database: Database, other: Database) -> None:
    """A writing transaction that ends is seen by everybody."""
    async with database.write() as connection:
        await connection.execute(text("UPDATE counter SET n = 7"))
    assert await number(other) == 7


async def test_error_rolls_everything_back(database: Database) -> None:
    """Of a writing transaction that ends with an error nothing is kept, and the next one works."""

    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(text("UPDATE counter SET n = 7"))
            await connection.execute(text("UPDATE counter SET n = -1"))

    with pytest.raises(IntegrityError):
        await fail()
    assert await number(database) == 0
    await count(str(database.url), 1)
    assert await number(database) == 1


async def test_reader_sees_only_what_is_committed_and_waits_for_nobody(database: Database, other: Database) -> None:
    """While a transaction is writing, another connection reads the state before it, at once."""
    async with database.write() as connection:
        await connection.execute(text("UPDATE counter SET n = 7"))
        async with asyncio.timeout(BUSY_TIMEOUT / 2):
            assert await number(other) == 0
    assert await number(other) == 7


async def test_reader_of_sqlite_sees_one_state_throughout(sqlite: Database) -> None:
    """On SQLite a read-only transaction sees the database as it was at its first look."""
    async with sqlite.read() as connection:
        before = (await connection.execute(text("SELECT n FROM counter"))).scalar_one()
        await count(str(sqlite.url), 1)
        assert before == (await connection.execute(text("SELECT n FROM counter"))).scalar_one()
    assert await number(sqlite) == before + 1


async def test_what_a_reader_writes_is_not_kept(database: Database) -> None:
    """A transaction that was begun for reading leaves nothing behind."""
    async with database.read() as connection:
        await connection.execute(text("UPDATE counter SET n = 7"))
    assert await number(database) == 0


async def test_two_processes_lose_no_update(sqlite: Database) -> None:
    """Two processes that each read, add and write back 200 times come to 400 on SQLite."""
    command = [sys.executable, "-m", "tests.shared.counting", str(sqlite.url), "200"]
    processes = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
    async with asyncio.timeout(60):
        assert [await process.wait() for process in processes] == [0, 0]
    assert await number(sqlite) == 400


async def test_many_connections_lose_no_update(sqlite: Database) -> None:
    """Eight connections of one process that count at the same time lose nothing on SQLite."""
    await asyncio.gather(*(count(str(sqlite.url), 25) for _ in range(8)))
    assert await number(sqlite) == 200


async def test_writers_of_one_process_lose_no_update(sqlite: Database) -> None:
    """Transactions of one database object that overlap lose nothing, on SQLite."""

    async def add() -> None:
        async with sqlite.write() as connection:
            n = (await connection.execute(text("SELECT n FROM counter"))).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    await asyncio.gather(*(add() for _ in range(12)))
    assert await number(sqlite) == 12


async def test_sqlite_keeps_what_it_has_committed(sqlite: Database) -> None:
    """On SQLite every connection has a write-ahead log, syncs on every commit, and keeps references whole."""
    async with sqlite.read() as connection:
        found = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, BUSY_TIMEOUT * 1000]


# the probe


async def test_free_database_is_available(database: Database) -> None:
    """While nothing is in the way, the probe finds nothing, and leaves no lock behind."""
    await database.probe("counter")
    assert await database.is_available("counter")
    await count(str(database.url), 1)
    assert await number(database) == 1


async def test_probe_fails_while_another_writes_to_sqlite_and_recovers(sqlite: Database) -> None:
    """While another connection holds SQLite's write lock the probe fails within two seconds; then all is well again."""
    holder = Database(str(sqlite.url))
    async with holder.write():
        started = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            await sqlite.probe("counter")
        assert not await sqlite.is_available("counter")
        assert time.monotonic() - started < 2 * 2
    assert await sqlite.is_available("counter")
    await count(str(sqlite.url), 1)
    await holder.close()


async def test_probe_leaves_the_connection_as_patient_as_it_was(sqlite: Database) -> None:
    """After a probe that failed, the same connection waits for a lock as long as before."""
    holder = Database(str(sqlite.url))
    async with holder.write():
        assert not await sqlite.is_available("counter")
    async with sqlite.read() as connection:
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar_one() == BUSY_TIMEOUT * 1000
    await holder.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_probe_fails_while_a_table_is_locked_in_postgresql_and_recovers(
    database: Database, other: Database
) -> None:
    """While another session has locked the table the probe fails within two seconds; then all is well again."""
    async with other.write() as connection:
        await connection.execute(text("LOCK TABLE counter IN ACCESS EXCLUSIVE MODE"))
        started = time.monotonic()
        with pytest.raises(DBAPIError, match="lock timeout"):
            await database.probe("counter")
        assert time.monotonic() - started < 2
        assert not await database.is_available("counter")
    assert await database.is_available("counter")
    await count(str(database.url), 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_probe_is_in_nobodys_way_in_postgresql(database: Database, other: Database) -> None:
    """Another session that is writing to the table, or wants to, does not disturb the probe."""
    async with other.write() as connection:
        await connection.execute(text("UPDATE counter SET n = 7"))
        assert await database.is_available("counter")


async def test_probe_of_a_missing_table(database: Database) -> None:
    """On PostgreSQL a table that is missing is found out; SQLite has one lock for all and asks for no table."""
    assert database.is_sqlite == await database.is_available("nothing")


async def test_database_away_is_unavailable() -> None:
    """Where no PostgreSQL listens, the error is one of those that are never held against a message."""
    database = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing")
    with pytest.raises(UNAVAILABLE):
        await database.probe("counter")
    assert not await database.is_available("counter")
    await database.close()


async def test_disk_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    """A folder in the place of SQLite's file makes the database unavailable."""
    before = threading.active_count()
    (tmp_path / "sampling.db").mkdir()
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/sampling.db")
    assert not await database.is_available("counter")
    with pytest.raises(UNAVAILABLE):
        await database.probe("counter")
    await database.close()
    # the driver's threads say a last word to the event loop
    await until(lambda: threading.active_count() == before)


# addresses


@pytest.mark.parametrize("url", ["", "var/sampling.db", "postgresql+asyncpg://u:secret@db:port/x"])
def test_address_that_cannot_be_read_is_named(url: str) -> None:
    """Text that is no database address stops the start with the setting's name."""
    with pytest.raises(CannotStartError) as stopped:
        Database(url)
    assert str(stopped.value).startswith("SHIAN_DATABASE_URL is not a database address: ")
    assert "secret" not in str(stopped.value)


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg", "sqlite", "mysql+aiomysql"])
def test_driver_that_does_not_fit_is_named(driver: str) -> None:
    """Another driver than the two is named, with the two, and without the password."""
    with pytest.raises(CannotStartError) as stopped:
        Database(f"{driver}://user:secret@db/sampling")
    assert str(stopped.value) == (
        f"SHIAN_DATABASE_URL starts with {driver}; it must be one of ['postgresql+asyncpg', 'sqlite+aiosqlite']."
    )


# points in time


@given(moments)
def test_moment_comes_back_as_it_was(moment: datetime) -> None:
    """A point in time is kept to the microsecond and comes back aware, in UTC."""
    kept = Moment().process_bind_param(moment, dialect())
    back = Moment().process_result_value(kept, dialect())
    assert back is not None
    assert (moment, UTC) == (back, back.tzinfo)


@given(moments, moments)
def test_moments_sort_as_text(one: datetime, other: datetime) -> None:
    """As text, points in time sort as they follow each other, whatever zones they were given in."""
    first, second = (Moment().process_bind_param(moment, dialect()) for moment in (one, other))
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)
    assert (first == second) == (one == other)


def test_no_moment_stays_none() -> None:
    """Where there is no point in time, none is kept."""
    assert Moment().process_bind_param(None, dialect()) is None
    assert Moment().process_result_value(None, dialect()) is None
