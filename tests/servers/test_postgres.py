"""The PostgreSQL of the tests is a real one, and nothing of it outlives the test run."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.servers.installation import PostgresMissingError
from tests.servers.postgres import PostgresFailedError, PostgresServer

STARTS_A_SERVER = """
import sys
from tests.servers.postgres import PostgresServer

server = PostgresServer(fsync=False)
server.start()
print(server.port, server.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One server for this file."""
    try:
        server = PostgresServer(fsync=False)
    except PostgresMissingError as error:
        pytest.skip(str(error))
    with server:
        yield server


async def _run(server: PostgresServer, database: str, statement: str) -> object:
    connection = await asyncpg.connect(server.url(database).replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_runs_a_statement(server: PostgresServer) -> None:
    """A database that was made takes a statement, Chinese text included."""
    server.create_database("statement")

    assert await _run(server, "statement", "SELECT '孔雀石绿'::text") == "孔雀石绿"


async def test_makes_a_database_from_a_template(server: PostgresServer) -> None:
    """A database made from a template holds what the template holds."""
    server.create_database("template")
    await _run(server, "template", "CREATE TABLE sample AS SELECT 42 AS number")
    server.create_database("from template", "template")

    assert await _run(server, "from template", "SELECT number FROM sample") == 42


async def test_drops_a_database(server: PostgresServer) -> None:
    """A dropped database is gone, and dropping it again is no error."""
    server.create_database("dropped")
    server.drop_database("dropped")
    server.drop_database("dropped")

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await _run(server, "dropped", "SELECT 1")


def test_says_what_postgresql_said(server: PostgresServer) -> None:
    """A refusal of PostgreSQL is raised in its own words."""
    server.create_database("twice")

    with pytest.raises(PostgresFailedError, match='"twice" already exists'):
        server.create_database("twice")


async def test_keeps_its_data_through_a_crash() -> None:
    """What was committed before a crash is there after the next start, at the same address."""
    with PostgresServer() as server:
        server.create_database("crashed")
        await _run(server, "crashed", "CREATE TABLE sample AS SELECT 42 AS number")
        url = server.url("crashed")
        server.crash()
        with pytest.raises(OSError, match="Connect call failed"):
            await _run(server, "crashed", "SELECT 1")
        server.start()

        assert server.url("crashed") == url
        assert await _run(server, "crashed", "SELECT number FROM sample") == 42


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_does_not_run_as_root(server: PostgresServer) -> None:
    """A test run that is root starts the server as somebody else, who cannot change its binaries."""
    assert server.folder
    assert server.folder.stat().st_uid == 0
    assert (server.folder / "data" / "postmaster.pid").stat().st_uid != 0


def test_leaves_nothing_when_it_stops() -> None:
    """After a stop neither the server nor its folder is there."""
    server = PostgresServer(fsync=False)
    server.start()
    assert server.folder
    folder, port = server.folder, server.port
    assert _answers(port)
    server.stop()

    assert not folder.exists()
    assert not _answers(port)


def test_leaves_nothing_when_the_test_run_is_killed() -> None:
    """A test run that is killed without a chance to clean up leaves neither a server nor its folder."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_A_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        port, folder = run.stdout.readline().split()
        assert _answers(int(port))
        run.send_signal(signal.SIGKILL)
    give_up = time.monotonic() + 20
    while (Path(folder).exists() or _answers(int(port))) and time.monotonic() < give_up:
        time.sleep(0.01)

    assert not Path(folder).exists()
    assert not _answers(int(port))


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
