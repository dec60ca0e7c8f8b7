"""The gauges of a running service: its parts, its pool, what the bus has not confirmed, and faults of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from faststream.asgi import AsgiFastStream
from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import store
from services.alerts.app import build
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings
from tests.examples import failed_sample
from tests.hindering import locked
from tests.pages import counted
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

SOON = 8
"""Seconds within which a look must have shown it; there is one every five."""


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[AsgiFastStream]:
    """Run the alerts service."""
    app = build(settings)
    async with app.start_lifespan_context():
        yield app


async def test_service_shows_what_it_is(settings: Settings, operator: Client) -> None:
    """The build, the pool and each part are there from the first look."""
    del operator
    async with running(settings.model_copy(update={"revision": "abc1234"})) as app:
        assert 1 == await counted(app, "shian_build_info", service="alerts", revision="abc1234")
        assert 0 < await counted(app, "shian_database_connections_max")

        async def all_parts() -> bool:
            return await counted(app, "shian_part_healthy") == 3

        await until(all_parts, seconds=SOON)
        for part in ("bus", "database", "FOOD.alerts"):
            assert 1 == await counted(app, "shian_part_healthy", part=part)


async def test_part_that_fails_is_shown(settings: Settings, operator: Client) -> None:
    """A database that is away shows as a part that does not work; the others do."""
    del operator
    async with running(settings) as app:

        async def is_shown(part: str, value: float) -> bool:
            return await counted(app, "shian_part_healthy", part=part) == value

        await until(lambda: is_shown("database", 1), seconds=SOON)
        async with locked(settings.database_of("alerts")):
            await until(lambda: is_shown("database", 0), seconds=SOON)
        await until(lambda: is_shown("database", 1), seconds=SOON)
        assert 1 == await counted(app, "shian_part_healthy", part="bus")


async def test_what_the_bus_did_not_confirm_is_shown(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Events that were committed and that the bus does not take show with their age, and are gone with the bus back."""
    sampling = await server.connect("sampling")
    async with running(settings) as app:

        async def is_handed_out() -> bool:
            info = await operator.jetstream().consumer_info("FOOD", "alerts")
            return bool(info.num_ack_pending == 1)

        async def commits_only() -> bool:
            return await counted(app, "shian_heard_total") == 1

        async def is_unconfirmed() -> bool:
            return await counted(app, "shian_unconfirmed_batches") == 1

        async def is_confirmed() -> bool:
            return await counted(app, "shian_unconfirmed_batches") == 0

        async with locked(settings.database_of("alerts")):
            await publish(sampling, "sampling", failed_sample("1"), event_id="1")
            await until(is_handed_out)
            server.stop()
        await until(commits_only)
        await until(is_unconfirmed, seconds=SOON)
        assert 0 < await counted(app, "shian_unconfirmed_oldest_seconds")
        server.start()
        await until(is_confirmed, seconds=20)
        assert 0 == await counted(app, "shian_unconfirmed_oldest_seconds")
        latencies = await counted(app, "shian_event_latency_seconds_count", event="food.alert.raised.v1")
        assert 1 == latencies
    await sampling.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_database_that_does_not_answer_is_seen(settings: Settings, operator: Client, database_url: str) -> None:
    """A look that waits for a lock leaves the gauges' time where it was; the parts are asked all the same."""
    del operator
    settings = settings.model_copy(update={"database_url": database_url})
    async with running(settings) as app:

        async def is_shown(part: str, value: float) -> bool:
            return await counted(app, "shian_part_healthy", part=part) == value

        await until(lambda: is_shown("database", 1), seconds=SOON)
        async with locked(settings.database_of("alerts"), "batch"):
            read_at = await counted(app, "shian_gauges_read_timestamp_seconds")
            async with locked(settings.database_of("alerts")):
                await until(lambda: is_shown("database", 0), seconds=SOON)
            await until(lambda: is_shown("database", 1), seconds=SOON)
            assert read_at == await counted(app, "shian_gauges_read_timestamp_seconds")

        async def is_read() -> bool:
            return await counted(app, "shian_gauges_read_timestamp_seconds") > read_at

        await until(is_read, seconds=SOON)


async def test_fault_of_a_gauge_stops_nothing(settings: Settings, operator: Client) -> None:
    """A gauge that fails is counted, and the service goes on."""
    del operator

    async def faulty(connection: AsyncConnection, now: datetime) -> None:
        del connection, now
        message = "a bug"
        raise ValueError(message)

    app = make_app(Service("alerts", "A toy.", store.tables, {}, measures=[faulty]), settings, Metrics("alerts"))
    async with app.start_lifespan_context():

        async def is_counted() -> bool:
            return await counted(app, "shian_gauge_failures_total") >= 1

        await until(is_counted, seconds=SOON)
