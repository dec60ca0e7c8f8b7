"""The demonstration's partners at work: laboratories and insurers publish, the police reads its referrals."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeoutError

from demo.reports import Sending
from shared.connection import connect
from shared.contracts import CaseReferred
from shared.envelope import CONTENT_TYPE, open_envelope
from shared.permissions import inbox_prefix
from shared.settings import Settings


@asynccontextmanager
async def connected(settings: Settings, user: str) -> AsyncIterator[Client]:
    """A connection of one user of the bus."""
    client = await connect(settings, user)
    try:
        yield client
    finally:
        await client.close()


async def publish(settings: Settings, sendings: Sequence[Sending], published: Callable[[Sending, float], None]) -> int:
    """Publish each partner's events in order, each acknowledged before its next; returns how many were new."""
    by_party: dict[str, list[Sending]] = {}
    for one in sendings:
        by_party.setdefault(one.party, []).append(one)
    counts = await asyncio.gather(*(_publish_as(settings, *party, published) for party in by_party.items()))
    return sum(counts)


async def _publish_as(
    settings: Settings, user: str, sendings: Sequence[Sending], published: Callable[[Sending, float], None]
) -> int:
    new = 0
    async with connected(settings, user) as client:
        jetstream = client.jetstream()
        for one in sendings:
            headers = {"Nats-Msg-Id": one.message_id, "Content-Type": CONTENT_TYPE}
            started = time.perf_counter()
            acknowledgement = await jetstream.publish(one.subject, one.payload, headers=headers)
            new += not acknowledgement.duplicate
            published(one, started)
    return new


async def follow_referrals(settings: Settings, authority: str, referred: Callable[[str, float], None]) -> None:
    """Read the referrals of one authority through its own durable until cancelled: sample number, time of arrival."""
    async with connected(settings, authority) as client:
        inbox = f"{inbox_prefix(authority)}.".encode()
        subscription = await client.jetstream().pull_subscribe_bind(authority, "CASES", inbox_prefix=inbox)
        while True:
            with contextlib.suppress(NatsTimeoutError):
                # one at a time: a larger request would wait to be filled
                for message in await subscription.fetch(1, timeout=5):
                    arrived = time.perf_counter()
                    _, envelope = open_envelope(message.subject, message.data)
                    if isinstance(envelope.data, CaseReferred):
                        referred(envelope.data.sample_no, arrived)
                    await message.ack()
