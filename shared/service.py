"""What every service is made of: the bus, a database of its own, the journal, the clocks, the gauges, and its pages.

``make_app`` wires a FastStream ASGI application; nothing connects, opens or reads the environment before it is started.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from faststream.asgi import AsgiFastStream
from faststream.exceptions import IncorrectState
from faststream.nats import NatsBroker
from faststream.nats.security import NatsNKey
from nats.aio.client import Client

from shared import streams
from shared.bus import Bus
from shared.clocks import ClockPoll, utc_now
from shared.connection import reached, tolerant
from shared.contracts import Event
from shared.database import AT_MOST, Database
from shared.encryption import Distrust, context_of
from shared.ending import end
from shared.gauges import EVERY, Gauges, Measure
from shared.health import Health
from shared.heard import Handler, Refuser
from shared.hearers import require_hearers
from shared.journal import Journal
from shared.metrics import Metrics
from shared.migrations import make_ready
from shared.pages import routes
from shared.permissions import inbox_prefix
from shared.pull import Puller
from shared.settings import Settings
from shared.subscriber import subscribe
from shared.tables import Tables
from shared.tracing import Tracing

log = structlog.get_logger()
LAST_TURN = 3.0
"""Seconds that work beside the messages may still take when the service stops."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a service adds to the common frame: its name, its tables and how it answers."""

    name: str
    description: str
    tables: Tables
    handlers: Mapping[type[Event], Handler]
    refuse: Refuser | None = None
    has_clocks: bool = False
    actors: Mapping[str, str] = field(default_factory=dict)
    """Whom each kind of clock binds, for the metric."""
    measures: Sequence[Measure] = ()
    """What sets gauges of its own from its database."""


@dataclass(slots=True)
class Parts:
    """The running parts of one service, made by ``make_app``."""

    broker: NatsBroker
    distrust: Distrust
    database: Database
    journal: Journal
    tracing: Tracing
    poll: ClockPoll | None
    pullers: list[Puller] = field(default_factory=list)
    stopping: bool = False

    def fatal(self, reason: str) -> None:
        """End the process, unless it is ending."""
        if not self.stopping:
            log.critical("stopping", reason=reason)
            end_process()

    def client(self) -> Client:
        """The connection that FastStream opened; raises ConnectionError while there is none."""
        try:
            return self.broker.connection
        except IncorrectState as error:  # for whoever still works when FastStream has closed it, the bus is away
            message = "not connected to the bus"
            raise ConnectionError(message) from error


def end_process() -> None:
    """Stop in order; whoever keeps the service running starts it again."""
    os.kill(os.getpid(), signal.SIGTERM)


def make_app(
    service: Service, settings: Settings, metrics: Metrics, now: Callable[[], datetime] = utc_now
) -> AsgiFastStream:
    """Wire a service; it connects when the application starts. ``now`` is the time that it lives by."""
    parts = _parts(service, settings, metrics, now)
    consumers = streams.consumers_of(service.name)
    health = Health(parts.client, parts.database, consumers)
    gauges = Gauges(parts.database, service.tables, metrics, health, now, service.actors, service.measures)
    metrics.build.show(settings.revision)
    metrics.expect_clocks(service.actors)
    metrics.show_pool(parts.database.engine.pool, AT_MOST)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        # the bus may be gone when the service stops: what was opened is closed all the same
        try:
            parts.tracing.start()
            await make_ready(parts.database, service.name, may_upgrade=settings.upgrade)
            await reached(settings, "this service", parts.broker.connect())
            parts.distrust.was_connected = True
            client = tolerant(parts.client())
            await streams.compare(client.jetstream(), consumers, settings)
            await require_hearers(client.jetstream(), service.name)
            await parts.journal.recover()
            async with contextlib.AsyncExitStack() as beside:
                if parts.poll:
                    every = settings.clock_poll.total_seconds()
                    await beside.enter_async_context(_beside("clock poll", parts.poll.turn, every, parts.fatal))
                await beside.enter_async_context(_beside("look at the gauges", gauges.read, EVERY, parts.fatal))
                await beside.enter_async_context(_beside("look at the parts", gauges.ask_parts, EVERY, parts.fatal))
                yield
        finally:
            parts.stopping = True
            try:
                await parts.broker.stop()
            finally:
                await parts.database.close()
                await parts.tracing.stop()

    async def stopping() -> None:
        parts.stopping = True

    return AsgiFastStream(
        parts.broker,
        logger=None,
        lifespan=lifespan,
        on_shutdown=[stopping],
        asgi_routes=routes(service.name, service.description, health, metrics),
    )


def _parts(service: Service, settings: Settings, metrics: Metrics, now: Callable[[], datetime]) -> Parts:
    async def reconnected() -> None:
        log.info("bus is back", service=service.name)
        for puller in parts.pullers:
            puller.ask_anew()

    async def disconnected() -> None:
        if not parts.stopping:
            log.warning("bus away", service=service.name)

    async def closed() -> None:
        parts.fatal("the connection to the bus closed for good")

    distrust, context = Distrust(settings), context_of(settings)
    broker = NatsBroker(
        settings.nats_nodes,
        security=NatsNKey.from_seed(
            settings.seed_of(service.name), ssl_context=context, tls_handshake_first=context is not None
        ),
        error_cb=distrust.hear,
        inbox_prefix=inbox_prefix(service.name),
        name=service.name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,  # type: ignore[arg-type]  # seconds; the client takes fractions
        disconnected_cb=disconnected,
        reconnected_cb=reconnected,
        closed_cb=closed,
        logger=None,
        graceful_timeout=settings.ack_wait.total_seconds(),
    )
    database = Database(settings.database_of(service.name))
    bus = Bus(service.name, lambda: parts.client(), metrics, settings)  # noqa: PLW0108 - parts does not exist yet
    tracing = Tracing(service.name)
    journal = Journal(
        service.name,
        database=database,
        tables=service.tables,
        bus=bus,
        handlers=service.handlers,
        refuse=service.refuse,
        metrics=metrics,
        tracing=tracing,
        settings=settings,
        now=now,
    )
    poll = ClockPoll(service.name, database, service.tables, bus, now)
    parts = Parts(broker, distrust, database, journal, tracing, poll if service.has_clocks else None)
    for consumer in streams.consumers_of(service.name):
        puller = Puller(
            consumer, client=parts.client, journal=journal, metrics=metrics, settings=settings, fatal=parts.fatal
        )
        parts.pullers.append(puller)
        subscribe(broker, consumer, puller)
    return parts


@asynccontextmanager
async def _beside(
    name: str, turn: Callable[[], Awaitable[None]], pause: float, fatal: Callable[[str], None]
) -> AsyncIterator[None]:
    """Take turns, with a pause between, for as long as the service runs; they end by themselves only through a bug.

    At the end the turn at hand is waited for: cancelled amid a query of SQLite it would leave a connection behind that
    never closes, and the program would not end.
    """
    stopping = asyncio.Event()

    async def turns() -> None:
        while not stopping.is_set():
            await turn()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stopping.wait()

    task = asyncio.create_task(turns())

    def ended(task: "asyncio.Task[None]") -> None:
        if not (task.cancelled() or stopping.is_set()):
            fatal(f"the {name} failed: {task.exception()!r}")

    task.add_done_callback(ended)
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait({task}, timeout=LAST_TURN)
        await end(task)
