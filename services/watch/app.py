"""The watch's wiring: two connections to the bus, a look every few seconds, two pages, and a log of alerts."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from nats.aio.client import Client
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.watch import alert_log, looking
from services.watch.metrics import WatchMetrics
from shared.bus import UNREACHABLE
from shared.connection import connect, reached
from shared.ending import end
from shared.permissions import WATCH, WATCH_OF_SERVERS
from shared.settings import Settings

log = structlog.get_logger()
EVERY = 5.0
"""Seconds between two looks."""


def build(settings: Settings, folders: Sequence[Path] = ()) -> Starlette:
    """Wire the watch, which also shows the disks of these folders; nothing connects before it is started."""
    metrics = WatchMetrics()
    metrics.build.show(settings.revision)
    faults: list[str] = ["not looked yet"]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        async with _connected(settings, WATCH) as client, _connected(settings, WATCH_OF_SERVERS) as servers:
            watching = asyncio.create_task(_watch(client, servers, folders, metrics, faults))
            try:
                yield
            finally:
                await end(watching)

    async def health_page(request: Request) -> PlainTextResponse:
        """Whether the last look saw all of the bus and every disk; each fault is a line."""
        del request
        return PlainTextResponse("\n".join(faults) or "ok", 503 if faults else 200)

    async def metrics_page(request: Request) -> Response:
        del request
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/health", health_page),
        Route("/metrics", metrics_page),
        Route("/alerts", alert_log.taking(settings.alerts_token()), methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


@asynccontextmanager
async def _connected(settings: Settings, user: str) -> AsyncIterator[Client]:
    connecting = connect(settings, user, max_reconnect_attempts=-1, reconnect_time_wait=0.5)
    client = await reached(settings, user, connecting)
    try:
        yield client
    finally:
        with suppress(*UNREACHABLE):  # a client whose bus is away has questions left that it cannot send any more
            await client.close()


async def _watch(
    client: Client, servers: Client, folders: Sequence[Path], metrics: WatchMetrics, faults: list[str]
) -> None:
    """Look for ever; ``faults`` holds what was wrong with the last look, of disks and bus each on its own."""
    while True:
        faults[:] = [*look_at_disks(folders, metrics), *await _look_at_bus(client, servers, metrics)]
        await asyncio.sleep(EVERY)


def look_at_disks(folders: Sequence[Path], metrics: WatchMetrics) -> list[str]:
    """Look at each disk once; a sentence for each that cannot be read."""
    disks = [looking.see_disk(folder) for folder in folders]
    metrics.show_disks(disks)
    return [f"The disk of {disk.folder} cannot be read: {disk.fault}" for disk in disks if disk.fault]


async def _look_at_bus(client: Client, servers: Client, metrics: WatchMetrics) -> list[str]:
    try:
        await look_at_bus(client, servers, metrics)
    except UNREACHABLE as error:
        fault = f"The bus does not answer: {error!r}"
    except Exception as error:
        log.exception("look failed")
        fault = f"The look at the bus failed: {error!r}"
    else:
        return []
    metrics.failures.inc()
    metrics.forget()
    return [fault]


async def look_at_bus(client: Client, servers: Client, metrics: WatchMetrics) -> None:
    """Look at all of the bus once; raises one of ``UNREACHABLE`` where it does not answer."""
    jetstream = client.jetstream()
    metrics.show_servers(await looking.see_servers(servers))
    metrics.show_streams(await looking.see_streams(jetstream))
    metrics.show_dead_letters(await looking.see_dead_letters(jetstream))
    metrics.show_consumers(await looking.see_consumers(jetstream))
    metrics.looked.set(time.time())
