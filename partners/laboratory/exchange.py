"""One laboratory's connection to the exchange, which outlives outages: it waits, and says since when.

The client library tries again without end. It would also do so where the exchange lets the laboratory not in, or does
not let it say something; here that ends the command with a sentence.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError

from partners.laboratory.memory import Memory
from partners.laboratory.party import asked_by
from partners.office import memory as asked
from partners.person import Person
from shared.connection import connect
from shared.contracts import Event, RequestAccepted, RequestRefused
from shared.envelope import MalformedError, open_envelope
from shared.failure import CannotStartError
from shared.permissions import inbox_prefix

T = TypeVar("T")
Say = Callable[[str], None]
AWAY = (NatsError, JetStreamError, TimeoutError, OSError)
"""Errors that mean that the exchange is not there at the moment."""
_MOST_RECEIPTS = 100
_LOOK_AGAIN = 0.5
_LONGEST_PAUSE = 5.0
_REQUEST_TOLD = (RequestAccepted, RequestRefused)
_NO_ENTRY = ("authorization violation", "permissions violation", "account authentication expired")


class Exchange:
    """The connection; ``say`` tells the person that the exchange is away, and that it is back."""

    def __init__(self, laboratory: Person, memory: Memory, say: Say) -> None:
        self.laboratory = laboratory
        self.memory = memory
        self._say = say
        self._away_since: float | None = None
        self._is_over = False
        self._pause = _LOOK_AGAIN
        self._refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard = asyncio.Event()
        """Set when receipts came in."""
        self.client = Client()

    async def connect(self) -> None:
        """Connect, however long it takes; raises CannotStartError where the laboratory is not let in."""

        async def lost() -> None:
            self.away()

        async def back() -> None:
            self.back()

        options = {"max_reconnect_attempts": -1, "reconnect_time_wait": _LOOK_AGAIN, "error_cb": self._note}
        self.client = await self.unless_refused(
            connect(
                self.laboratory.settings, self.laboratory.user, disconnected_cb=lost, reconnected_cb=back, **options
            )
        )
        self.back()

    async def close(self) -> None:
        """End the connection."""
        self._is_over = True
        with contextlib.suppress(*AWAY):
            await self.client.close()

    async def unless_refused(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this, unless the exchange refuses the laboratory meanwhile: then raise CannotStartError."""
        task = asyncio.ensure_future(work)
        try:
            waiting: set[asyncio.Future[Any]] = {task, self._refused}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._refused.done():
                self._refused.result()
            return await task
        finally:
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, *AWAY):
                    await task

    def away(self) -> None:
        """Say once that the exchange is away."""
        if self._away_since is None and not self._is_over:
            self._away_since = time.monotonic()
            since = datetime.now().astimezone().strftime("%H:%M:%S")
            self._say(
                f"The exchange at {self.laboratory.settings.nats_url} is away since {since}; waiting. Ctrl-C is safe: "
                "run the same command again, nothing is sent twice."
            )

    def back(self) -> None:
        """Say that the exchange is back, where it was away."""
        if self._away_since is not None:
            self._say(f"The exchange is back after {time.monotonic() - self._away_since:.0f} s.")
        self._away_since, self._pause = None, _LOOK_AGAIN

    async def pause(self) -> None:
        """Wait before something is tried again, each time longer."""
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    async def follow(self, tell: Callable[[Event], None] = lambda _: None) -> None:
        """Keep every receipt as it comes, without end; ``tell`` is called with each."""
        receipts = await self._receipts()
        while True:
            try:
                await self._take(await receipts.fetch(_MOST_RECEIPTS, timeout=_LOOK_AGAIN), tell)
            except TimeoutError:
                continue
            except AWAY:
                await asyncio.sleep(_LOOK_AGAIN)

    async def catch_up(self) -> None:
        """Keep the receipts that are waiting."""
        receipts = await self._receipts()
        with contextlib.suppress(TimeoutError):
            while True:
                await self._take(await receipts.fetch(_MOST_RECEIPTS, timeout=_LOOK_AGAIN), lambda _: None)

    async def _receipts(self) -> JetStreamContext.PullSubscription:
        user = self.laboratory.user
        inbox = f"{inbox_prefix(user)}.".encode()
        return await self.client.jetstream().pull_subscribe_bind(user, "RECEIPTS", inbox_prefix=inbox)

    async def _take(self, messages: list[Msg], tell: Callable[[Event], None]) -> None:
        """Keep what the messages say, and only then acknowledge them."""
        events = [event for message in messages if (event := _receipt_in(message))]
        of_others = [event for event in events if isinstance(event, _REQUEST_TOLD) and self._is_of_others(event)]
        self.memory.keep_answers(event for event in events if event not in of_others)
        for event in of_others:
            asked.Memory(asked_by(self.laboratory)).keep_answer(event)
        for message in messages:
            await message.ack()
        for event in events:
            tell(event)
        self.heard.set()

    def _is_of_others(self, told: asked.Receipt) -> bool:
        """Whether it answers what was asked with another command, which reads it from a file of its own."""
        return self.memory.state_of(told.event_id) is None

    async def _note(self, error: Exception) -> None:
        text = str(error).lower()
        if any(words in text for words in _NO_ENTRY):
            if not self._refused.done():
                message = (
                    f"The exchange at {self.laboratory.settings.nats_url} does not let {self.laboratory.user} in, or "
                    f"does not let it say this ({error}). See that its operator has your public key, which "
                    f"`shian lab keygen {self.laboratory.id}` prints."
                )
                self._refused.set_exception(CannotStartError(message))
        elif isinstance(error, OSError | TimeoutError) and not self.client.is_connected:
            self.away()


def _receipt_in(message: Msg) -> Event | None:
    with contextlib.suppress(MalformedError):
        event: Event = open_envelope(message.subject, message.data)[1].data
        return event
    return None


@contextlib.asynccontextmanager
async def connected(laboratory: Person, memory: Memory, say: Say) -> AsyncIterator[Exchange]:
    """A connection that is closed afterwards."""
    exchange = Exchange(laboratory, memory, say)
    await exchange.connect()
    try:
        yield exchange
    finally:
        await exchange.close()
