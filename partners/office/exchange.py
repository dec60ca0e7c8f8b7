"""One person's connection to the exchange: a request goes out, and receipts come in.

The bus confirms that it has a request before the exchange answers it. What the key does not let the person say is
refused by the server itself, which tells the connection and not the publish.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from partners.office.memory import Asked, Memory, Receipt
from partners.person import Person
from shared.connection import connect
from shared.contracts import RequestAccepted, RequestRefused
from shared.envelope import CONTENT_TYPE, MalformedError, open_envelope, source_of
from shared.failure import CannotStartError
from shared.permissions import inbox_prefix

_LOOK_AGAIN = 0.5
"""Seconds after which a command looks whether another one of the same person has read its answer."""
_WORD_OF_THE_BUS = 5.0
"""Seconds to wait until the bus has stored a request."""
_MOST_RECEIPTS = 100
_REGION = slice(-8, None)


class OutOfReachError(CannotStartError):
    """The exchange cannot be reached now; the same command can be run again later."""


class Exchange:
    """The exchange as one person reaches it."""

    def __init__(self, person: Person, client: Client, refused: asyncio.Queue[str]) -> None:
        self._person = person
        self._client = client
        self._refused = refused

    async def publish(self, asked: Asked) -> None:
        """Put a request on the exchange; the same one again is harmless."""
        headers = {"Nats-Msg-Id": f"{source_of(self._person.teller)} {asked.event_id}", "Content-Type": CONTENT_TYPE}
        publishing = asyncio.create_task(
            self._client.jetstream().publish(
                asked.subject, asked.payload.encode(), headers=headers, timeout=_WORD_OF_THE_BUS
            )
        )
        refusing = asyncio.create_task(self._refused.get())
        await asyncio.wait({publishing, refusing}, return_when=asyncio.FIRST_COMPLETED)
        if not refusing.done():
            refusing.cancel()
        else:
            publishing.cancel()
            message = (
                f"The exchange does not let {self._person.user} say this for region {asked.subject[_REGION]}: the key "
                "is for another region or another role. It was not taken; ask the operator of the exchange."
            )
            raise CannotStartError(message)
        try:
            await publishing
        except (NatsError, JetStreamError, TimeoutError) as error:
            message = (
                f"The exchange did not confirm that it has the request ({error or type(error).__name__}). "
                "Run the same command again; nothing is done twice."
            )
            raise OutOfReachError(message) from error

    async def receive(self, ids: set[str], memory: Memory, wait: float) -> None:
        """Read receipts into the memory until these requests are answered or the time is over.

        What is for somebody else is given back: a laboratory's reports are answered through the same durable.
        """
        user = self._person.user
        receipts = await self._client.jetstream().pull_subscribe_bind(
            user, "RECEIPTS", inbox_prefix=f"{inbox_prefix(user)}.".encode()
        )
        for_others: list[Msg] = []
        deadline = time.monotonic() + wait
        try:
            while ids - memory.answers.keys() and (left := deadline - time.monotonic()) > 0:
                for message in await _fetched(receipts, min(left, _LOOK_AGAIN)):
                    receipt = self._receipt_in(message.subject, message.data)
                    if receipt and (self._person.is_alone or receipt.event_id in memory.asked):
                        memory.keep_answer(receipt)
                        await message.ack()
                    else:
                        for_others.append(message)
                memory.refresh()
        finally:
            for message in for_others:
                await message.nak()

    def _receipt_in(self, subject: str, payload: bytes) -> Receipt | None:
        if not subject.startswith(f"receipt.{self._person.teller}."):
            return None
        with contextlib.suppress(MalformedError):
            receipt = open_envelope(subject, payload)[1].data
            if isinstance(receipt, RequestAccepted | RequestRefused):
                return receipt
        return None


async def _fetched(receipts: Any, seconds: float) -> list[Msg]:
    """What waits, or nothing after so many seconds or while the exchange is away."""
    try:
        return list(await receipts.fetch(_MOST_RECEIPTS, timeout=seconds))
    except TimeoutError:
        return []
    except NatsError:
        await asyncio.sleep(seconds)
        return []


@contextlib.asynccontextmanager
async def connected(person: Person) -> AsyncIterator[Exchange]:
    """The exchange, for as long as a command takes; raises OutOfReachError."""
    refused: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            refused.put_nowait(str(error))

    try:
        client = await connect(
            person.settings, person.user, error_cb=note, max_reconnect_attempts=3, reconnect_time_wait=1
        )
    except (NatsError, OSError, TimeoutError) as error:
        message = (
            f"The exchange at {person.settings.nats_url} does not answer, or lets {person.user} not in ({error}). "
            "Nothing was sent. See that it runs (SHIAN_NATS_URL) and that its operator has your public key, and run "
            "the same command again."
        )
        raise OutOfReachError(message) from error
    try:
        yield Exchange(person, client, refused)
    finally:
        await client.close()
