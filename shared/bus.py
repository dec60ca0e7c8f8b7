"""Publishing to the bus, so that each event is stored exactly once.

A batch goes out as JetStream atomic batches, one per stream: one acknowledgement and one fsync for up to 1,000 events.
One id that the stream has seen refuses the whole batch; then each event is published on its own, and the stream absorbs
those that it has. The same holds for whatever remains in doubt after an outage.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from shared.heard import Told
from shared.metrics import Metrics
from shared.record import read_record
from shared.settings import Settings

LARGEST_BATCH = 1000
TIMEOUT = 5.0
"""Seconds to wait for the stream's word on what was published."""
DUPLICATE = 10201

UNREACHABLE = (NatsError, JetStreamError, asyncio.TimeoutError, OSError)
"""Errors that mean that the bus did not take it; to be tried again."""


class Bus:
    """One service's way to the bus; the connection is opened by the app that owns it."""

    def __init__(self, service: str, client: Callable[[], Client], metrics: Metrics, settings: Settings) -> None:
        self._service = service
        self._client = client
        self._metrics = metrics
        self._settings = settings

    async def publish(self, told: Sequence[Told]) -> dict[str, int]:
        """Publish events for the first time, in order within each stream; returns the last sequence per stream.

        Raises one of ``UNREACHABLE``; the same call may then be made again.
        """
        self._connected()
        return dict(await asyncio.gather(*(self._publish_to(stream, events) for stream, events in _by_stream(told))))

    async def publish_again(self, told: Sequence[Told], since: datetime | None) -> dict[str, int]:
        """Publish what may have been published before, at the earliest at ``since``.

        Streams forget ids after the duplicate window: past half of it their tail is read, and what stands there already
        is left out.
        """
        self._connected()
        sequences: dict[str, int] = {}
        forgotten = since is not None and datetime.now(UTC) - since > self._settings.duplicate_window / 2
        for stream, events in _by_stream(told):
            missing = events
            if forgotten and since is not None:
                stored = await self._stored_since(stream, since - timedelta(minutes=1))
                missing = [one for one in events if one.event_id not in stored]
            if missing:
                sequences[stream] = await self._publish_each(stream, missing, first=False)
        return sequences

    def _connected(self) -> None:
        """Raise while the bus is away, rather than fill the client's buffer with what will be sent again."""
        if not self._client().is_connected:
            message = "not connected to the bus"
            raise ConnectionError(message)

    async def _publish_to(self, stream: str, events: Sequence[Told]) -> tuple[str, int]:
        sequence = 0
        for start in range(0, len(events), LARGEST_BATCH):
            sequence = await self._publish_some(stream, events[start : start + LARGEST_BATCH])
        return stream, sequence

    async def _publish_some(self, stream: str, events: Sequence[Told]) -> int:
        if len(events) > 1:
            sequence = await self._publish_atomically(events)
            if sequence is not None:
                return sequence
        return await self._publish_each(stream, events, first=len(events) == 1)

    async def _publish_atomically(self, events: Sequence[Told]) -> int | None:
        """Publish as one atomic batch; none when the stream refuses it and each must go alone."""
        client, batch = self._client(), uuid.uuid4().hex
        for position, one in enumerate(events[:-1], start=1):
            headers = one.nats_headers() | {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(position)}
            await client.publish(one.subject, one.payload, headers=headers)
        last = events[-1]
        headers = last.nats_headers() | {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(len(events))}
        headers["Nats-Batch-Commit"] = "1"
        answer = json.loads((await client.request(last.subject, last.payload, timeout=TIMEOUT, headers=headers)).data)
        if "error" not in answer:
            return int(answer["seq"])
        if answer["error"].get("err_code") == DUPLICATE:
            self._metrics.duplicate_on_first_publish.inc()
        return None

    async def _publish_each(self, stream: str, events: Sequence[Told], *, first: bool) -> int:
        """Publish one by one, all in flight together; raises when any is not taken."""
        jetstream = self._client().jetstream(timeout=TIMEOUT)
        publishing = (
            jetstream.publish(one.subject, one.payload, headers=one.nats_headers(), stream=stream) for one in events
        )
        acknowledgements = await asyncio.gather(*publishing)
        if first and any(acknowledgement.duplicate for acknowledgement in acknowledgements):
            self._metrics.duplicate_on_first_publish.inc()
        return max(acknowledgement.seq for acknowledgement in acknowledgements)

    async def _stored_since(self, stream: str, since: datetime) -> set[str]:
        reader = read_record(self._client(), stream, name=f"{self._service}-tail", since=since, headers_only=True)
        return {message.headers["Nats-Msg-Id"] async for message in reader if message.headers}


def _by_stream(told: Iterable[Told]) -> Iterable[tuple[str, list[Told]]]:
    ordered = sorted(told, key=lambda one: one.stream)
    return [(stream, list(events)) for stream, events in groupby(ordered, key=lambda one: one.stream)]
