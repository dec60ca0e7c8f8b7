"""Users of the bus who note what the server refuses them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from nats.aio.client import Client

from shared.settings import Settings
from tests.servers.nats import NatsServer


@dataclass(frozen=True, slots=True)
class Speaker:
    """A connected user, and the server's refusals in its own words."""

    client: Client
    refusals: list[str] = field(default_factory=list)


Enter = Callable[[str], Awaitable[Speaker]]


@asynccontextmanager
async def doorkeeper(server: NatsServer) -> AsyncIterator[Enter]:
    """Lets users in, and closes their connections at the end."""
    clients: list[Client] = []

    async def connect(user: str) -> Speaker:
        refusals: list[str] = []

        async def refused(error: Exception) -> None:
            refusals.append(str(error))

        clients.append(await server.connect(user, error_cb=refused))
        return Speaker(clients[-1], refusals)

    yield connect
    for client in clients:
        await client.close()


@pytest.fixture
async def enter(server: NatsServer, operator: Client) -> AsyncIterator[Enter]:
    """Connects as one user of the provisioned exchange."""
    del operator  # the bus must be provisioned
    async with doorkeeper(server) as connect:
        yield connect


@pytest.fixture(scope="module")
def quiet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A provisioned exchange for the tests of a module that change nothing on it."""
    server = NatsServer(tmp_path_factory.mktemp("exchange"))
    server.start()
    asyncio.run(server.provision(Settings(nats_url=server.url, keys_folder=server.keys)))
    yield server
    server.stop()


@pytest.fixture
async def enter_quietly(quiet_server: NatsServer) -> AsyncIterator[Enter]:
    """Connects as one user of the exchange on which nothing changes."""
    async with doorkeeper(quiet_server) as connect:
        yield connect
