"""Dead letters: messages that could not be answered, with their original bytes and the reason."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from services.bus_address import at_hand, silence
from services.clocks_listed import instant
from shared.connection import connect
from shared.failure import CannotStartError
from shared.permissions import OPERATOR
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter; ``number`` is its place in the stream."""

    number: int
    time: str
    service: str
    reason: str
    explanation: str
    subject: str
    origin: str
    deliveries: str
    payload: bytes


async def dead_letters(settings: Settings) -> list[DeadLetter]:
    """Every dead letter, oldest first; raises CannotStartError when the bus does not answer."""
    async with _bus(settings) as jetstream:
        state = (await jetstream.stream_info("DEAD")).state
        numbers = range(state.first_seq, state.last_seq + 1) if state.messages else ()
        return [await _read(jetstream, number) for number in numbers]


async def dead_letter(settings: Settings, number: int) -> DeadLetter:
    """One dead letter; raises CannotStartError when there is none of this number."""
    async with _bus(settings) as jetstream:
        try:
            return await _read(jetstream, number)
        except NotFoundError as error:
            message = f"There is no dead letter {number}; `shian dead list` shows which there are."
            raise CannotStartError(message) from error


async def _read(jetstream: JetStreamContext, number: int) -> DeadLetter:
    message = await jetstream.get_msg("DEAD", number)
    headers = message.headers or {}
    return DeadLetter(
        number=number,
        time=instant(message.time) if message.time else "",
        service=headers.get("Shian-Service", ""),
        reason=headers.get("Shian-Reason", ""),
        explanation=json.loads(headers.get("Shian-Explanation", '""')),
        subject=headers.get("Shian-Subject", ""),
        origin=f"{headers.get('Shian-Stream', '')} {headers.get('Shian-Sequence', '')}",
        deliveries=headers.get("Shian-Deliveries", ""),
        payload=message.data or b"",
    )


async def _hush(error: Exception) -> None:
    """The sentence that follows says it; the library's own would be a traceback."""
    del error


@asynccontextmanager
async def _bus(settings: Settings) -> AsyncIterator[JetStreamContext]:
    settings = at_hand(settings)
    try:
        client = await connect(settings, OPERATOR, max_reconnect_attempts=1, connect_timeout=2, error_cb=_hush)
    except (NatsError, OSError) as error:
        raise CannotStartError(silence(settings)) from error
    try:
        yield client.jetstream()
    finally:
        await client.close()
