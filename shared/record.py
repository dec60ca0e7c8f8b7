"""Reading a stream as a record, from a point in time to its present end."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

BATCH = 500


async def read_record(  # noqa: PLR0913 - a reader is asked for this much
    client: Client,
    stream: str,
    *,
    name: str,
    subjects: Sequence[str] = (),
    since: datetime | None = None,
    headers_only: bool = False,
) -> AsyncIterator[Msg]:
    """Yield every message that the stream holds now, oldest first.

    A consumer of this name is made for the reading and removed after it; the reader's permissions name it.
    """
    jetstream = client.jetstream()
    with contextlib.suppress(NotFoundError):
        await jetstream.delete_consumer(stream, name)
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
    remaining = (await jetstream.add_consumer(stream, config)).num_pending or 0
    inbox = client.new_inbox().rpartition(".")[0] + "."
    subscription = await jetstream.pull_subscribe_bind(consumer=name, stream=stream, inbox_prefix=inbox.encode())
    try:
        while remaining:
            for message in await subscription.fetch(min(BATCH, remaining), timeout=10):
                remaining -= 1
                yield message
    finally:
        await subscription.unsubscribe()
        with contextlib.suppress(NotFoundError):
            await jetstream.delete_consumer(stream, name)
