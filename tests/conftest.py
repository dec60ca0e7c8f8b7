"""Servers for the tests: a nats-server of its own for each test that asks, PostgreSQL once for all."""

import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from shared import logs
from shared.settings import Settings
from tests.programs import EXAMPLES, HAS_NODE, Example
from tests.servers.nats import NatsServer
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run; each test makes databases of its own."""
    del tmp_path_factory
    with PostgresServer() as server:
        yield server


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> None:
    """Ctrl-C reaches the programs that tests start, also where the tests themselves run without a terminal.

    A shell lets what it starts in the background ignore it, and every child inherits that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Log as the services do."""
    logs.prepare("tests", "text", "info")


@pytest.fixture(autouse=True)
def no_service_gives_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A service that would end its process, here the test run, fails the test instead."""
    ended: list[str] = []
    monkeypatch.setattr("shared.service.end_process", lambda: ended.append("a service gave up"))
    yield
    assert ended == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """A nats-server with the exchange's users and permissions, and no streams yet."""
    server = NatsServer(tmp_path)
    server.start()
    yield server
    server.kill()  # its data is thrown away


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database per service, on SQLite and on PostgreSQL; ``{service}`` stands for the service's name."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/{{service}}.db"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    prefix = "t" + str(abs(hash(str(tmp_path))))
    for service in ("sampling", "alerts", "enforcement", "insurance"):
        postgres.create_database(f"{prefix}_{service}")
    return postgres.url(f"{prefix}_SERVICE").replace("SERVICE", "{service}")


@pytest.fixture
def settings(server: NatsServer, tmp_path: Path) -> Settings:
    """Settings of a system on SQLite with short waits."""
    return Settings(
        nats_url=server.url,
        keys_folder=server.keys,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/{{service}}.db",
        ack_wait=timedelta(seconds=2),
        retry_delay=timedelta(milliseconds=50),
    )


@pytest.fixture
async def operator(server: NatsServer, settings: Settings) -> AsyncIterator[Client]:
    """The operator's connection to a provisioned bus."""
    await server.provision(settings)
    client = await server.connect("operator")
    yield client
    await client.close()


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the examples, installed once as their lock says."""
    folder = tmp_path_factory.mktemp("examples")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(EXAMPLES / name, folder)
    npm = shutil.which("npm")
    assert npm
    subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=True)
    return folder / "node_modules"


@pytest.fixture(
    params=[
        "python",
        pytest.param(
            "node",
            marks=pytest.mark.skipif(not HAS_NODE, reason="node and npm are not installed: apt-get install nodejs npm"),
        ),
    ]
)
def example(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Example:
    """The programs of docs/examples, in Python and in JavaScript, in a folder of their own."""
    folder = tmp_path / "examples"
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("node_modules", ".venv", "sent", "heard"))
    if request.param == "node":
        modules: Path = request.getfixturevalue("node_modules")
        (folder / "node_modules").symlink_to(modules)
    return Example(request.param, folder, settings)
