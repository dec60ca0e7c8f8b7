"""Reading a stream as a record, from a point in time to its present end.

The reading is in order and without a gap. Nothing is acknowledged, so what is lost on the way does not come again by
itself: where a message is missing or the bus is away for a while, the reading begins anew behind the last that came.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

HEADERS_AT_ONCE = 500
AT_ONCE = 32
"""Messages per request. The largest has 1 MB, and the server cuts off a reader for whom 64 MB wait."""
PATIENCE = 10.0
"""Seconds to wait for what was asked for."""
LONGEST_SILENCE = 30.0
"""Seconds without a message until the reading is given up."""
_PAUSE = 0.2


class _Reading:
    """One consumer of a stream, made anew where it was left off as often as need be."""

    def __init__(self, client: Client, stream: str, config: ConsumerConfig) -> None:
        self._client = client
        self._jetstream = client.jetstream()
        self._stream = stream
        self._config = config
        self._came = self._last = 0
        self._subscription: JetStreamContext.PullSubscription | None = None

    async def begin(self) -> int:
        """Make the consumer; returns how many messages it has to hand out."""
        await self.end()
        config = self._config
        if self._last:
            config = config.evolve(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=self._last + 1, opt_start_time=None
            )
        info = await self._jetstream.add_consumer(self._stream, config)
        inbox = self._client.new_inbox().rpartition(".")[0] + "."
        self._came = 0
        self._subscription = await self._jetstream.pull_subscribe_bind(
            consumer=self._config.name, stream=self._stream, inbox_prefix=inbox.encode()
        )
        return info.num_pending or 0

    async def next(self, count: int) -> list[Msg]:
        """The next messages, at most so many; none where nothing came or one is missing."""
        if self._subscription is None:
            await self.begin()
        assert self._subscription is not None  # noqa: S101 - set by begin
        messages = []
        for message in await self._subscription.fetch(count, timeout=PATIENCE):
            sequence = message.metadata.sequence
            if sequence.consumer != self._came + 1:
                break
            self._came = sequence.consumer
            self._last = sequence.stream
            messages.append(message)
        return messages

    async def end(self) -> None:
        """Remove the consumer."""
        if self._subscription is not None:
            subscription, self._subscription = self._subscription, None
            await subscription.unsubscribe()
        with contextlib.suppress(NotFoundError):
            await self._jetstream.delete_consumer(self._stream, str(self._config.name))


async def read_record(  # noqa: PLR0913 - a reader is asked for this much
    client: Client,
    stream: str,
    *,
    name: str,
    subjects: Sequence[str] = (),
    since: datetime | None = None,
    headers_only: bool = False,
) -> AsyncIterator[Msg]:
    """Yield every message that the stream holds now, oldest first; raises TimeoutError where the bus stays silent.

    A consumer of this name is made for the reading and removed after it; the reader's permissions name it.
    """
    config = ConsumerConfig(
        name=name,
        filter_subjects=list(subjects) or None,
        deliver_policy=DeliverPolicy.BY_START_TIME if since else DeliverPolicy.ALL,
        opt_start_time=since.astimezone(UTC) if since else None,
        ack_policy=AckPolicy.NONE,
        headers_only=headers_only or None,
        mem_storage=True,
        inactive_threshold=60,
    )
    reading = _Reading(client, stream, config)
    remaining = await reading.begin()
    try:
        heard_at = asyncio.get_running_loop().time()
        while remaining:
            messages = await _next(reading, min(HEADERS_AT_ONCE if headers_only else AT_ONCE, remaining))
            for message in messages:
                remaining -= 1
                yield message
            now = asyncio.get_running_loop().time()
            if messages:
                heard_at = now
            elif now > heard_at + LONGEST_SILENCE:
                silence = f"{stream} stayed silent with {remaining} message(s) to be read"
                raise TimeoutError(silence)
    finally:
        await reading.end()


async def _next(reading: _Reading, count: int) -> list[Msg]:
    """The next messages; where none come, the reading begins anew the next time."""
    try:
        if messages := await reading.next(count):
            return messages
        await reading.end()
    except ConnectionClosedError:
        raise
    except (NatsError, JetStreamError, TimeoutError):
        with contextlib.suppress(NatsError, JetStreamError, TimeoutError):
            await reading.end()
    await asyncio.sleep(_PAUSE)
    return []
