"""One person's connection to the exchange, which outlives outages: it waits, and says since when.

The client library tries again without end. It would also do so where the exchange lets the person not in, or does not
let them say something; here that ends the command with a sentence.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from partners.asking.memory import Memory
from partners.person import Person
from shared.connection import connect
from shared.ending import end
from shared.failure import CannotStartError
from shared.partners import AUTHORITIES

T = TypeVar("T")
Say = Callable[[str], None]
AWAY = (NatsError, JetStreamError, TimeoutError, OSError)
"""Errors that mean that the exchange is not there at the moment."""
LOOK_AGAIN = 0.5
"""Seconds after which something is tried, or looked at, again."""
_LONGEST_PAUSE = 5.0
_PUBLISH_TO = re.compile(r'publish to "[^"]*\.(\d\d\.\d\d\.\d\d)"')


class OutOfReachError(CannotStartError):
    """The exchange cannot be reached now; the same command can be run again later."""


class Exchange:
    """The connection; ``say`` tells the person that the exchange is away, and that it is back.

    ``patience`` is how many seconds it may be away before the command gives up; without it the command waits.
    """

    def __init__(self, person: Person, memory: Memory, say: Say, patience: float | None = None) -> None:
        self.person = person
        self.memory = memory
        self._say = say
        self._patience = patience
        self._away_since: float | None = None
        self._is_over = False
        self._pause = LOOK_AGAIN
        self._refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard = asyncio.Event()
        """Set when receipts came in."""
        self.client = Client()

    async def connect(self) -> None:
        """Connect, however long that may take; raises CannotStartError where the person is not let in."""

        async def lost() -> None:
            self.away()

        async def back() -> None:
            self.back()

        options = {"max_reconnect_attempts": -1, "reconnect_time_wait": LOOK_AGAIN, "error_cb": self._note}
        connecting = connect(
            self.person.settings, self.person.user, disconnected_cb=lost, reconnected_cb=back, **options
        )
        try:
            async with asyncio.timeout(self._patience):
                self.client = await self.unless_refused(connecting)
        except TimeoutError as error:
            raise self._out_of_reach(is_sent=False) from error
        self.back()

    async def close(self) -> None:
        """End the connection."""
        self._is_over = True
        with contextlib.suppress(*AWAY):
            await self.client.close()

    async def unless_refused(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this, unless the exchange refuses the person meanwhile: then raise CannotStartError."""
        task = asyncio.ensure_future(work)
        try:
            waiting: set[asyncio.Future[Any]] = {task, self._refused}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._refused.done():
                self._refused.result()
            return await task
        finally:
            # before the connection closes: afterwards the client library takes an end for one more outage
            await end(task)

    def away(self) -> None:
        """Say once that the exchange is away, unless the command will not wait for it anyway."""
        if self._away_since is None and not self._is_over:
            self._away_since = time.monotonic()
            since = datetime.now().astimezone().strftime("%H:%M:%S")
            if self._patience is None:
                self._say(
                    f"The exchange at {self.person.settings.nats_url} is away since {since}; waiting. Ctrl-C is safe: "
                    "run the same command again, nothing is sent twice."
                )

    def back(self) -> None:
        """Say that the exchange is back, where it was said to be away."""
        if self._away_since is not None and self._patience is None:
            self._say(f"The exchange is back after {time.monotonic() - self._away_since:.0f} s.")
        self._away_since, self._pause = None, LOOK_AGAIN

    async def pause(self) -> None:
        """Wait before something is tried again, each time longer; raises OutOfReachError when patience is over."""
        if self._patience is not None and time.monotonic() - (self._away_since or 0) > self._patience:
            raise self._out_of_reach(is_sent=True)
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _out_of_reach(self, *, is_sent: bool) -> OutOfReachError:
        so_far = "What was sent stays sent." if is_sent else "Nothing was sent."
        message = (
            f"The exchange at {self.person.settings.nats_url} does not answer. {so_far} See that it runs "
            "(SHIAN_NATS_URL), and run the same command again; nothing is done twice."
        )
        return OutOfReachError(message)

    async def _note(self, error: Exception) -> None:
        text = str(error).lower()
        user = self.person.user
        if "permissions violation" in text:
            found = _PUBLISH_TO.search(text)
            where = f" for region {found[1]}" if found else ""
            self._refuse(
                f"The exchange does not let {user} say this{where}: the key is for another region or another role. It "
                "was not taken; ask the operator of the exchange."
            )
        elif "authorization violation" in text or "account authentication expired" in text:
            make = f"lab keygen {self.person.id}" if self.person.role == "lab" else "person keygen"
            if self.person.role in AUTHORITIES:
                make = f"authority keygen {self.person.role}"
            self._refuse(
                f"The exchange at {self.person.settings.nats_url} does not let {user} in ({error}). Nothing was sent. "
                f"See that its operator has your public key, which `shian {make}` prints."
            )
        elif isinstance(error, OSError | TimeoutError) and not self.client.is_connected:
            self.away()

    def _refuse(self, why: str) -> None:
        if not self._refused.done():
            self._refused.set_exception(CannotStartError(why))


@contextlib.asynccontextmanager
async def connected(person: Person, memory: Memory, say: Say, patience: float | None = None) -> AsyncIterator[Exchange]:
    """A connection that is closed afterwards."""
    exchange = Exchange(person, memory, say, patience)
    await exchange.connect()
    try:
        yield exchange
    finally:
        await exchange.close()
