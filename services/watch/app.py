"""The watch's wiring: two connections to the bus, a look every few seconds, two pages, and a log of alerts."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
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
        """Whether the last look at the bus saw all of it."""
        del request
        return PlainTextResponse(faults[0] if faults else "ok", 503 if faults else 200)

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
        await client.close()


async def _watch(
    client: Client, servers: Client, folders: Sequence[Path], metrics: WatchMetrics, faults: list[str]
) -> None:
    """Look for ever; ``faults`` holds what was wrong with the last look."""
    while True:
        try:
            await look(client, servers, folders, metrics)
            faults.clear()
        except UNREACHABLE as error:
            faults[:] = [f"The bus does not answer: {error!r}"]
        except Exception as error:
            log.exception("look failed")
            faults[:] = [f"The look failed: {error!r}"]
        if faults:
            metrics.failures.inc()
            metrics.forget()
        await asyncio.sleep(EVERY)


async def look(client: Client, servers: Client, folders: Sequence[Path], metrics: WatchMetrics) -> None:
    """Look at everything once; raises one of ``UNREACHABLE`` where the bus does not answer."""
    metrics.show_disks(looking.see_disks(folders))
    jetstream = client.jetstream()
    metrics.show_servers(await looking.see_servers(servers))
    metrics.show_streams(await looking.see_streams(jetstream))
    metrics.show_dead_letters(await looking.see_dead_letters(jetstream))
    metrics.show_consumers(await looking.see_consumers(jetstream))
    metrics.looked.set(time.time())
