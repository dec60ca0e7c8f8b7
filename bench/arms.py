"""The arms of the benchmark; each reads the same stored events through a durable of its own."""

import asyncio
import time
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sampling import store
from services.sampling.app import build
from services.sampling.judging import limits
from services.sampling.on_result_reported import handler
from services.sampling.reporting import Desk
from shared.bus import Bus
from shared.contracts import Event
from shared.database import Database
from shared.heard import Heard, Told, Work, read
from shared.metrics import Metrics
from shared.migrations import make_ready
from shared.program import settle_memory
from shared.settings import Settings

FETCH = 500
NAIVE_AT_ONCE = 10
"""Messages that the naive way handles side by side, each in a transaction of its own: the size of its pool."""


async def ceiling(client: Client, count: int) -> float:
    """(a) fetch and acknowledge with no work; seconds for ``count`` messages."""
    subscription = await _subscription(client, "bench-ceiling")
    started, done = time.perf_counter(), 0
    while done < count:
        messages = await subscription.fetch(FETCH, timeout=5)
        for message in messages:
            await message.ack()
        done += len(messages)
    await client.flush()
    return time.perf_counter() - started


async def register(client: Client, settings: Settings) -> None:
    """Let sampling take the forms and accreditations that stand on the bus, and give the naive way a copy."""
    last = (await client.jetstream().stream_info("PARTNERS")).state.last_seq
    async with build(settings).start_lifespan_context():
        while not await _acknowledged(client.jetstream(), last):  # noqa: ASYNC110 - as below
            await asyncio.sleep(0.01)
    source, target = Database(settings.database_of("sampling")), Database(settings.database_of("naive"))
    await make_ready(target, "sampling")
    metadata = store.tables.heard.metadata
    for name in ("sample", "accreditation"):
        table = metadata.tables[name]
        async with source.read() as reading, target.write() as writing:
            rows = [dict(row._mapping) for row in await reading.execute(select(table))]  # noqa: SLF001 - its public name
            await writing.execute(insert(table), rows)
    await source.close()
    await target.close()


async def journal(client: Client, settings: Settings) -> float:
    """(b) the sampling service as it is: judged, durable, outcomes published, acknowledged; seconds."""
    jetstream = client.jetstream()
    last = (await jetstream.stream_info("PARTNERS")).state.last_seq
    app = build(settings)
    settle_memory()
    started = time.perf_counter()
    async with app.start_lifespan_context():
        while not await _acknowledged(jetstream, last):  # noqa: ASYNC110 - the bus is asked, it tells nothing
            await asyncio.sleep(0.01)
        return time.perf_counter() - started


async def naive(client: Client, settings: Settings, count: int) -> float:
    """(c) one message, one transaction, one publish; a pool, WAL and several messages at once; seconds."""
    database = Database(settings.database_of("naive"))
    metrics = Metrics("naive")
    bus = Bus("sampling", lambda: client, metrics, settings)
    answer = handler(Desk(limits.load(), settings.population_base))
    subscription = await _subscription(client, "bench-naive")

    async def one(message: Msg) -> None:
        heard = read(message)
        assert isinstance(heard, Heard)  # noqa: S101 - the load is well formed
        async with database.write() as connection:
            work = Work("sampling-naive", heard.time, connection)
            await answer([heard], work)
            await _keep(connection, heard, work.told)
        for told in work.told:
            await bus.publish([told])
        await message.ack()

    started, done = time.perf_counter(), 0
    while done < count:
        messages = await subscription.fetch(min(NAIVE_AT_ONCE, count - done), timeout=5)
        await asyncio.gather(*(one(message) for message in messages))
        done += len(messages)
    took = time.perf_counter() - started
    await database.close()
    return took


async def _keep(connection: AsyncConnection, heard: Heard[Event], told: list[Told]) -> None:
    row = {"consumer": "naive", "event_id": heard.key, "digest": heard.origin.digest, "batch": heard.origin.sequence}
    await connection.execute(insert(store.tables.heard), row)
    for one in told:
        row = {"cause_id": one.cause, "n": one.n, "event_id": one.event_id, "stream": one.stream}
        await connection.execute(
            insert(store.tables.told), row | {"subject": one.subject, "payload": one.payload, "headers": one.headers}
        )


async def _subscription(client: Client, durable: str) -> Any:
    inbox = client.new_inbox().rpartition(".")[0] + "."
    jetstream = client.jetstream()
    return await jetstream.pull_subscribe("lab.>", durable=durable, stream="PARTNERS", inbox_prefix=inbox.encode())


async def _acknowledged(jetstream: JetStreamContext, last: int) -> bool:
    info = await jetstream.consumer_info("PARTNERS", "sampling")
    return info.ack_floor is not None and info.ack_floor.stream_seq >= last
