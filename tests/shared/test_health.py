"""``/health`` turns red within seconds of a part's failure and names it, and green again with its repair."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from faststream.asgi import AsgiFastStream
from nats.aio.client import Client

from services.sampling.app import build
from shared.database import Database
from shared.health import Health, Report
from shared.migrations import make_ready
from shared.permissions import STEWARD
from shared.settings import Settings
from shared.streams import consumers_of
from tests.county import prepared
from tests.examples import report
from tests.hindering import locked
from tests.listening import heard_by, is_idle
from tests.pages import counted, health, page
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

PARTS = ("PARTNERS.sampling", "WORK.sampling")
WELL = Report(healthy=True, bus="ok", consumers=dict.fromkeys(PARTS, "ok"), database="ok")
SOON = 5
"""Seconds within which a failure must show."""
RECOVERY = 10
"""Seconds within which a repair must show."""


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[AsgiFastStream]:
    """Run the sampling service."""
    app = build(settings)
    async with app.start_lifespan_context():
        yield app


async def is_well(app: AsgiFastStream) -> bool:
    """Whether the page says that every part works."""
    return await health(app) == (200, WELL)


async def is_ill(app: AsgiFastStream, part: str) -> bool:
    """Whether the page is red and names this part, and no part that works."""
    status, report = await health(app)
    parts = {"bus": report.bus, "database": report.database, **report.consumers}
    return status == 503 and not report.healthy and [name for name, state in parts.items() if state != "ok"] == [part]


async def answers(server: NatsServer, number: str) -> None:
    """Report as a laboratory and wait until the receipt is there."""
    laboratory = await server.connect("lab-L0142")
    await publish(laboratory, "lab.L0142", report(number), event_id=number)
    await laboratory.close()
    receipts: list[str] = []

    async def received() -> bool:
        receipts.extend(envelope.data.about for envelope in await heard_by(server, "lab-L0142", "RECEIPTS"))
        return bool(receipts)

    await until(received, seconds=RECOVERY)
    assert receipts == [f"R-{number}"]


async def test_page_names_every_part(settings: Settings, operator: Client) -> None:
    """A service that works says so of its bus, its database and each of its consumers, in JSON, with status 200."""
    del operator  # the bus must be provisioned
    async with running(settings) as app:
        status, text = await page(app, "/health")
    assert (status, Report.model_validate_json(text)) == (200, WELL)
    assert PARTS == tuple(f"{consumer.stream}.{consumer.name}" for consumer in consumers_of("sampling"))


async def test_deleted_consumer_shows(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A consumer that is gone is named; made again, the service hears through it and answers nothing twice."""
    async with running(settings) as app:
        await answers(server, "1")
        assert await is_well(app)
        steward = await server.connect(STEWARD)
        await steward.jetstream().delete_consumer("PARTNERS", "sampling")
        await steward.close()
        await until(lambda: is_ill(app, "PARTNERS.sampling"), seconds=SOON)
        _, said = await health(app)
        assert "consumer not found" in said.consumers["PARTNERS.sampling"]
        await server.provision(settings)
        await until(lambda: is_well(app), seconds=RECOVERY)
        await answers(server, "2")
        await until(lambda: is_idle(operator, "sampling"))
        assert 2 == await counted(app, "shian_heard_total", consumer="sampling")


@pytest.mark.parametrize("ending", ["stop", "kill"])
async def test_stopped_server_shows(server: NatsServer, settings: Settings, operator: Client, ending: str) -> None:
    """While the bus is away it and every consumer are named, and the database is not; then the service goes on."""
    del operator
    away = "not connected"
    cut_off = Report(healthy=False, bus=away, consumers=dict.fromkeys(PARTS, away), database="ok")
    async with running(settings) as app:

        async def is_cut_off() -> bool:
            return await health(app) == (503, cut_off)

        assert await is_well(app)
        getattr(server, ending)()
        await until(is_cut_off, seconds=SOON)
        server.start()
        await until(lambda: is_well(app), seconds=RECOVERY)
        await answers(server, "1")


async def test_locked_database_shows(
    server: NatsServer, settings: Settings, operator: Client, database_url: str
) -> None:
    """While another program holds the database's lock it is named, and nothing else; let go, the service goes on."""
    del operator
    settings = settings.model_copy(update={"database_url": database_url})
    async with running(settings) as app:
        assert await is_well(app)
        async with locked(settings.database_of("sampling")):
            await until(lambda: is_ill(app, "database"), seconds=SOON)
            _, said = await health(app)
            assert "lock" in said.database
        await until(lambda: is_well(app), seconds=RECOVERY)
        await answers(server, "1")


async def test_locked_database_shows_under_load(
    server: NatsServer, settings: Settings, operator: Client, database_url: str
) -> None:
    """While a batch waits for the lock the page answers all the same, and the batch is answered once it is let go."""
    settings = settings.model_copy(update={"database_url": database_url})
    reports = [report(str(number)) for number in range(50)]
    await prepared(server, *reports)
    async with running(settings) as app:
        await until(lambda: is_idle(operator, "sampling"))
        async with locked(settings.database_of("sampling")):
            laboratory = await server.connect("lab-L0142")
            for one in reports:
                await publish(laboratory, "lab.L0142", one, event_id=one.report_no)
            await laboratory.close()
            await until(lambda: is_ill(app, "database"), seconds=SOON)
        await until(lambda: is_well(app), seconds=RECOVERY)
        await until(lambda: is_idle(operator, "sampling"), seconds=RECOVERY)
        assert 50 == await counted(app, "shian_told_total", event="food.sample.passed.v1")


class Counting(Database):
    """A database that counts how often it is asked how it is."""

    asked = 0

    async def probe(self, table: str) -> None:
        self.asked += 1
        await super().probe(table)


async def test_many_who_ask_cost_one_question(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Asked by many at once, and again within a second, the parts are asked once."""
    del operator
    client = await server.connect("sampling")
    database = Counting(settings.database_of("sampling"))
    await make_ready(database, "sampling")
    state = Health(lambda: client, database, consumers_of("sampling"))
    said = await asyncio.gather(*(state.report() for _ in range(20)))
    said.append(await state.report())
    assert said == [WELL] * 21
    assert 1 == database.asked
    await database.close()
    await client.close()
