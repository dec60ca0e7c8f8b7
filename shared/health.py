"""Whether a service can work now: the bus, each consumer and the database, each asked for itself.

Every question has a time-out of two seconds, so the answer is never older than that; answers are kept for a second, so
that many who ask cost no more than one.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence

from nats.aio.client import Client
from pydantic import BaseModel

from shared.database import Database
from shared.streams import Consumer

TIMEOUT = 2.0
KEPT = 1.0


class Report(BaseModel):
    """The state of a service: for each part ``ok``, or what is wrong."""

    healthy: bool
    bus: str
    consumers: dict[str, str]
    database: str

    def parts(self) -> dict[str, bool]:
        """Each part and whether it works."""
        answers = {"bus": self.bus, "database": self.database, **self.consumers}
        return {part: answer == "ok" for part, answer in answers.items()}


class Health:
    """Asks a service's parts how they are."""

    def __init__(self, client: Callable[[], Client], database: Database, consumers: Sequence[Consumer]) -> None:
        self._client = client
        self._database = database
        self._consumers = consumers
        self._last: Report | None = None
        self._asked = 0.0
        self._lock = asyncio.Lock()

    async def report(self) -> Report:
        """The state now, or of at most a second ago."""
        async with self._lock:
            if self._last is None or time.monotonic() > self._asked + KEPT:
                self._last = await self._ask()
                self._asked = time.monotonic()
            return self._last

    async def _ask(self) -> Report:
        names = [f"{consumer.stream}.{consumer.name}" for consumer in self._consumers]
        bus, database, *consumers = await asyncio.gather(
            _answer(self._bus()),
            _answer(self._database.probe("heard")),
            *(_answer(self._consumer(consumer)) for consumer in self._consumers),
        )
        healthy = all(answer == "ok" for answer in (bus, database, *consumers))
        return Report(healthy=healthy, bus=bus, database=database, consumers=dict(zip(names, consumers, strict=True)))

    async def _bus(self) -> None:
        client = self._client()
        if not client.is_connected:
            message = "not connected"
            raise ConnectionError(message)
        await client.flush(timeout=TIMEOUT)  # type: ignore[arg-type]  # seconds; the client takes fractions

    async def _consumer(self, consumer: Consumer) -> None:
        client = self._client()
        if not client.is_connected:
            message = "not connected"
            raise ConnectionError(message)
        await client.jetstream(timeout=TIMEOUT).consumer_info(consumer.stream, consumer.name)


async def _answer(question: Coroutine[None, None, None]) -> str:
    try:
        async with asyncio.timeout(TIMEOUT):
            await question
    except TimeoutError:
        return f"no answer within {TIMEOUT:g} s"
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
        return str(error).split("\n")[0] or type(error).__name__
    return "ok"
