"""Looking at the bus: what its servers, streams and durables say of themselves; and at the disks of folders.

The servers answer in their own account, each for itself; streams and durables are asked for in that of the exchange,
where one answer holds for the whole cluster. Only the age of what waits needs a message: the first behind the place up
to which everything is acknowledged that the durable hears.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo, RawStreamMsg, StreamInfo
from nats.js.errors import NotFoundError

from services.watch.sights import ConsumerSight, DiskSight, ServerSight, StreamSight
from shared.contracts.catalogue import SERVICES
from shared.permissions import HEARD, RECORDS
from shared.streams import heard_through, lies_within

FIRST_ANSWERS_WITHIN = 3.0
"""Seconds."""
SERVERS_ANSWER_WITHIN = 0.5
"""Seconds; how many servers there are is not known before they answered."""
PAGE = 256
"""Durables in one answer of the bus."""
AT_ONCE = 32
"""Messages asked for at the same time."""


async def see_servers(client: Client) -> list[ServerSight]:
    """Every server that answers; raises one of the client's errors where none does, which is no bus without servers."""
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    await client.publish("$SYS.REQ.SERVER.PING.VARZ", reply=inbox)
    sights: list[ServerSight] = []
    try:
        while True:
            answer = await subscription.next_msg(timeout=SERVERS_ANSWER_WITHIN if sights else FIRST_ANSWERS_WITHIN)
            sights.append(_server(json.loads(answer.data)["data"]))
    except NatsTimeoutError:
        if not sights:
            raise
        return sights
    finally:
        await subscription.unsubscribe()


def _server(said: dict[str, Any]) -> ServerSight:
    jetstream = said.get("jetstream") or {}
    config, stats = jetstream.get("config") or {}, jetstream.get("stats") or {}
    named = said["server_name"] != said["server_id"]  # one without a name has another id after each start
    ends = said.get("tls_cert_not_after")
    return ServerSight(
        server=said["server_name"] if named else f"{said['host']}:{said['port']}",
        version=said["version"],
        sync_always=bool(config.get("sync_always")),
        storage=stats.get("storage", 0),
        storage_limit=config.get("max_storage", 0),
        connections=said.get("connections", 0),
        slow_consumers=said.get("slow_consumers", 0),
        certificate_ends=datetime.fromisoformat(ends).timestamp() if ends else None,
    )


async def see_streams(jetstream: JetStreamContext) -> list[StreamSight]:
    """Every stream of the exchange; raises NotFoundError where one is missing."""
    infos = await asyncio.gather(*(jetstream.stream_info(name) for name in RECORDS))
    return [_stream(name, info) for name, info in zip(RECORDS, infos, strict=True)]


def _stream(name: str, info: StreamInfo) -> StreamSight:
    peers = (info.cluster.replicas if info.cluster else None) or []
    offline = sum(bool(peer.offline) for peer in peers)
    lagging = sum(not peer.current and not peer.offline for peer in peers)
    leads = int(info.cluster is None or bool(info.cluster.leader))
    return StreamSight(
        stream=name,
        messages=info.state.messages,
        bytes=info.state.bytes,
        replicas={"current": leads + len(peers) - offline - lagging, "lagging": lagging, "offline": offline},
        replicas_wanted=info.config.num_replicas or 1,
    )


async def see_dead_letters(jetstream: JetStreamContext) -> dict[str, int]:
    """How many dead letters each service wrote, zeros too."""
    subjects = (await jetstream.stream_info("DEAD", subjects_filter="dead.>")).state.subjects or {}
    return {service: int(subjects.get(f"dead.{service}", 0)) for service in SERVICES}


async def see_consumers(jetstream: JetStreamContext) -> list[ConsumerSight]:
    """Every durable of every stream that is heard."""
    few = asyncio.Semaphore(AT_ONCE)
    infos = [info for name in HEARD async for info in _durables(jetstream, name)]
    return await asyncio.gather(*(_consumer(jetstream, info, few) for info in infos))


async def _durables(jetstream: JetStreamContext, stream: str) -> AsyncIterator[ConsumerInfo]:
    offset = 0
    while page := await jetstream.consumers_info(stream, offset=offset):
        for info in page:
            if info.config.durable_name:  # others are readers that come and go
                yield info
        offset += len(page)
        if len(page) < PAGE:
            return


async def _consumer(jetstream: JetStreamContext, info: ConsumerInfo, few: asyncio.Semaphore) -> ConsumerSight:
    waits = bool(info.num_pending or info.num_ack_pending)
    async with few:
        oldest = await _oldest(jetstream, info) if waits else None
    return ConsumerSight(
        stream=info.stream_name,
        consumer=info.name,
        pending=info.num_pending or 0,
        unacknowledged=info.num_ack_pending or 0,
        redelivered=info.num_redelivered or 0,
        age=max((datetime.now(UTC) - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )


async def _oldest(jetstream: JetStreamContext, info: ConsumerInfo) -> datetime | None:
    """When the oldest message was stored that the durable hears and that is not acknowledged."""
    subjects = heard_through(info.config)
    start = (info.ack_floor.stream_seq if info.ack_floor else 0) + 1
    found = [await _message(jetstream, info.stream_name, start, None)]
    if found[0] is None or not any(lies_within(found[0].subject or "", subject) for subject in subjects):
        found = [await _message(jetstream, info.stream_name, start, subject) for subject in subjects]
    return min((message.time for message in found if message and message.time), default=None)


async def _message(jetstream: JetStreamContext, stream: str, sequence: int, subject: str | None) -> RawStreamMsg | None:
    try:
        return await jetstream.get_msg(stream, sequence, subject=subject, next=subject is not None)
    except NotFoundError:
        return None


def see_disk(folder: Path) -> DiskSight:
    """The disk of a folder, or why it cannot be read."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return DiskSight(str(folder), fault=error.strerror or repr(error))
    return DiskSight(str(folder), usage.free, usage.total)
