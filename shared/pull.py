"""The pull loop: how a service takes messages from its durable consumers.

FastStream declares the subscriber (and so draws the AsyncAPI document) and starts and stops it; only its loop is
replaced, because a batch there waits for its whole time-out, spins when the consumer is gone, and knows no prefetch.

One request for messages is open at a time. What arrives goes into a queue; the loop takes all that is there, up to the
batch size, so a message alone is handled at once and a flood in full batches. While one batch is being published and
acknowledged the next is already in the database: one ahead and no further, in order. A heartbeat keeps the bus from
handing out again what is held here.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Callable

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from shared.bus import UNREACHABLE
from shared.database import UNAVAILABLE
from shared.ending import end
from shared.journal import Journal
from shared.ledger import Committed
from shared.metrics import Metrics
from shared.settings import Settings
from shared.streams import Consumer

log = structlog.get_logger()

REQUEST_SECONDS = 5.0
"""A request for messages ends after this, filled or not, and is made anew."""
LONGEST_PAUSE = 5.0


class Puller:
    """Pulls one durable consumer into the journal."""

    def __init__(  # noqa: PLR0913 - the parts that it joins
        self,
        consumer: Consumer,
        *,
        client: Callable[[], Client],
        journal: Journal,
        metrics: Metrics,
        settings: Settings,
        fatal: Callable[[str], None],
    ) -> None:
        self._consumer = consumer
        self._fatal = fatal
        self._client = client
        self._journal = journal
        self._metrics = metrics
        metrics.expect(consumer.name)
        self._settings = settings
        self._queue: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._held: dict[str, Msg] = {}
        self._wanted = 0
        self._pause = 0.0
        self._asked_at = 0.0
        self._subscription: Subscription | None = None
        self._publishing: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.stopping = False

    async def start(self) -> None:
        """Listen on an inbox of its own and begin to pull."""
        self._subscription = await self._client().subscribe(self._client().new_inbox(), cb=self._on_message)
        self._tasks = [asyncio.create_task(self._pull()), asyncio.create_task(self._keep_alive())]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Finish what is in hand, give back what was not started, and stop; never raises for a bus that is away."""
        self.stopping = True
        self._arrived.set()
        if not self._tasks:
            return
        pulling, keeping = self._tasks
        await asyncio.wait([pulling], timeout=self._settings.ack_wait.total_seconds())
        await end(pulling, keeping)
        with contextlib.suppress(*UNREACHABLE):
            if self._subscription:  # first, or the bus hands them back to this loop's own open request
                await self._subscription.unsubscribe()
        for message in self._held.values():
            with contextlib.suppress(*UNREACHABLE):  # one that was acknowledged cannot be given back
                await message.nak()

    def ask_anew(self) -> None:
        """Forget the open request: the connection was lost and the server forgot it too."""
        self._wanted = 0
        self._arrived.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A loop that ends by itself is a bug: the process must not live on without it."""
        if not task.cancelled() and (error := task.exception()):
            log.critical("pull loop failed", consumer=self._consumer.name, exc_info=error)
            self._fatal(f"the pull loop of {self._consumer.name} failed: {error!r}")

    async def _pull(self) -> None:
        while batch := await self._next_batch():
            committed = await self._commit(batch)
            if committed is None:
                break
            await self._published()
            self._publishing = asyncio.create_task(self._publish(committed, batch))
            self._publishing.add_done_callback(self._ended)
        await self._published()

    async def _next_batch(self) -> list[Msg]:
        """Wait for messages and take what is there, up to the batch size; empty when stopping."""
        while not self.stopping:
            await self._ask()
            if self._queue:
                size = min(len(self._queue), self._settings.batch_size)
                return [self._queue.popleft() for _ in range(size)]
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause or REQUEST_SECONDS / 5):
                    await self._arrived.wait()
        return []

    async def _ask(self) -> None:
        """Keep one request open, as long as no more than one batch waits here."""
        now = asyncio.get_running_loop().time()
        expired = now > self._asked_at + REQUEST_SECONDS + 1
        if (self._wanted > 0 and not expired) or len(self._queue) > self._settings.batch_size:
            return
        if self._pause and now < self._asked_at + self._pause:
            return
        self._wanted = self._settings.batch_size
        self._asked_at = now
        request = {"batch": self._wanted, "expires": int(REQUEST_SECONDS * 1e9)}
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._consumer.stream}.{self._consumer.name}"
        with contextlib.suppress(NatsError):
            assert self._subscription is not None  # noqa: S101 - set in start
            await self._client().publish(subject, json.dumps(request).encode(), reply=self._subscription.subject)

    async def _on_message(self, message: Msg) -> None:
        # a partner may put anything into headers; the bus's own words carry no place to acknowledge
        status = None if message.reply.startswith("$JS.ACK.") else (message.headers or {}).get("Status", "")
        if status is None:
            self._wanted -= 1
            self._pause = 0.0
            self._held[message.reply] = message
            self._queue.append(message)
        else:
            self._wanted = 0
            if status not in ("404", "408"):  # no message; request expired
                self._pause = min(max(self._pause * 2, 0.5), LONGEST_PAUSE)
                reason = (message.headers or {}).get("Description", "nobody answers")
                log.warning("cannot pull", consumer=self._consumer.name, stream=self._consumer.stream, reason=reason)
        self._arrived.set()

    async def _commit(self, batch: list[Msg]) -> Committed | None:
        """Answer a batch, however long the database stays away; none when stopping."""
        pause = 0.1
        while True:
            try:
                return await self._journal.commit(self._consumer.name, batch)
            except UNAVAILABLE as error:
                if self.stopping:
                    return None
                log.warning("database away", consumer=self._consumer.name, error=str(error).split("\n")[0])
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _publish(self, committed: Committed, batch: list[Msg]) -> None:
        """Publish and acknowledge, however long the bus is away; when stopping it is left to the next start."""
        pause = 0.1
        while True:
            try:
                await self._journal.publish(committed)
                break
            except UNREACHABLE as error:
                if self.stopping:
                    return
                self._metrics.unpublished.inc()
                log.warning("bus away", consumer=self._consumer.name, error=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        for message in batch:
            self._held.pop(message.reply, None)
        if not self._queue:
            with contextlib.suppress(*UNAVAILABLE):
                await self._journal.settle()

    async def _published(self) -> None:
        if self._publishing:
            await self._publishing
            self._publishing = None

    async def _keep_alive(self) -> None:
        """Tell the bus now and then that the messages in hand are being worked on."""
        while True:
            await asyncio.sleep(self._settings.ack_wait.total_seconds() / 3)
            with contextlib.suppress(NatsError):
                for message in list(self._held.values()):
                    await message.in_progress()
