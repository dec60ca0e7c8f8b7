"""Speaking on the bus as a partner or a service does, and waiting for what follows."""

import asyncio
import contextlib
import inspect
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.js.api import PubAck

from shared.contracts import Event, entry_of
from shared.envelope import CONTENT_TYPE, Envelope, MalformedError, open_envelope, seal, source_of
from shared.permissions import OPERATOR
from shared.record import read_record
from tests.examples import REGION


async def publish(
    client: Client,
    teller: str,
    event: Event,
    *,
    event_id: str,
    region: str = REGION,
    source: str | None = None,
    message_id: str | None = None,
    at: datetime | None = None,
) -> PubAck:
    """Publish an event as its teller (``lab.L0142`` or ``sampling``) would."""
    source = source or source_of(teller)
    party = teller.partition(".")[2] if "." in teller else ""
    payload = seal(event, source=source, event_id=event_id, time=at or datetime.now(UTC), region=region)
    headers = {"Nats-Msg-Id": message_id or f"{source} {event_id}", "Content-Type": CONTENT_TYPE}
    return await client.jetstream().publish(entry_of(type(event)).subject(region, party), payload, headers=headers)


async def record(client: Client, *streams: str) -> list[Envelope[Event]]:
    """Every event on these streams, read as the operator; what is no event is left out."""
    events = []
    for stream in streams:
        async for message in read_record(client, stream, name=OPERATOR):
            with contextlib.suppress(MalformedError):
                events.append(open_envelope(message.subject, message.data)[1])
    return events


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 15) -> None:
    """Wait until the condition holds; raises AssertionError with its source when it does not in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > deadline:
            message = f"did not hold within {seconds} s: {inspect.getsource(condition).strip()}"
            raise AssertionError(message)
        await asyncio.sleep(0.02)
