"""Exactly-once effect: a service does something only in answer to a message, and remembers what it answered.

One batch, in order: read each message alone, begin, claim the ids in ``heard``, let the handlers write rows and tell
events, keep those in ``told``, commit; then publish them and acknowledge the messages. A crash at any point means that
the bus hands the messages out again; those that were heard are not answered twice, and what was told and perhaps not
published is published again. ``Nats-Msg-Id`` absorbs the repetition while the stream remembers ids; past that time the
stream's tail is read first. There is no relay, no polling and no lock.

When a handler fails, the transaction is rolled back and the batch is halved until the guilty message stands alone: it
is handed out again with a growing delay, and becomes a dead letter after some attempts. A database that is away is
never held against a message.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import structlog
from nats.aio.msg import Msg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus import Bus
from shared.contracts import Event, address_of
from shared.database import UNAVAILABLE, Database
from shared.failure import NotYetError
from shared.heard import Handler, Heard, Item, Refused, Refuser, Told, Work, read, reused, unanswered
from shared.ledger import Committed, Ledger, committed_at
from shared.metrics import Metrics
from shared.settings import Settings
from shared.tables import Tables

log = structlog.get_logger()


class Journal:
    """Heard and told, for one service."""

    def __init__(  # noqa: PLR0913 - the parts that a service is made of
        self,
        service: str,
        *,
        database: Database,
        tables: Tables,
        bus: Bus,
        handlers: Mapping[type[Event], Handler],
        refuse: Refuser | None,
        metrics: Metrics,
        settings: Settings,
        now: Callable[[], datetime],
    ) -> None:
        self._service = service
        self._database = database
        self._ledger = Ledger(tables, is_sqlite=database.is_sqlite)
        self._bus = bus
        self._handlers = handlers
        self._refuse = refuse
        self._metrics = metrics
        self._settings = settings
        self._now = now
        self._failures: dict[str, int] = {}
        self._published: dict[int, dict[str, int]] = {}
        self._mine: set[int] = set()
        self._lock = asyncio.Lock()

    async def recover(self) -> None:
        """Publish what earlier runs told and did not see acknowledged; call before the first batch."""
        async with self._database.read() as connection:
            batches = await self._ledger.unpublished(connection)
            causes = [cause for causes in batches.values() for cause in causes]
            again = await self._ledger.told_for(connection, causes)
        if not batches:
            return
        log.info("publishing again", service=self._service, batches=len(batches), events=len(again))
        sequences = await self._bus.publish_again(again, since=committed_at(min(batches)))
        async with self._database.write() as connection:
            await self._ledger.mark(connection, dict.fromkeys(batches, sequences))

    async def commit(self, consumer: str, messages: Sequence[Msg]) -> Committed:
        """Answer a batch in one transaction, or in as many as its faulty messages make necessary.

        Raises one of ``UNAVAILABLE`` when the database is away; nothing is lost then.
        """
        items = [read(message) for message in messages]
        async with self._lock:
            with self._metrics.handling(consumer, len(items)):
                committed = await self._halving(consumer, items)
            # only now: what a failure between two halves left behind must count as unconfirmed
            self._mine.update(committed.batches)
            return committed

    async def publish(self, committed: Committed) -> None:
        """Publish what was told and acknowledge what was heard; raises the bus's errors, and may be called again."""
        sequences: dict[str, int] = {}
        if committed.again:
            sequences = await self._bus.publish_again(committed.again, since=committed.again_since)
            self._metrics.count_latencies(_begun(committed.again))
            committed.again = []
        if committed.told:
            # should this fail, nobody knows what the bus took: from then on it is a repetition
            told, committed.told = committed.told, []
            committed.again, committed.again_since = told, committed.at
            sequences = await self._bus.publish(told)
            committed.again = []
            self._metrics.count_latencies(_begun(told))
        while committed.done:  # one by one, so that a repetition goes on where this stopped
            await committed.done[-1].ack()
            committed.done.pop()
        while committed.later:
            message, delay = committed.later[-1]
            await message.nak(delay=delay)
            committed.later.pop()
        for n in committed.batches:
            self._published[n] = sequences

    async def settle(self) -> None:
        """Write down which batches are published, when there is no next batch to do it with."""
        if self._published:
            async with self._lock:
                settled = dict(self._published)
                async with self._database.write() as connection:
                    await self._ledger.mark(connection, settled)
            self._forget(settled)

    async def _halving(self, consumer: str, items: Sequence[Item], again: int = 3) -> Committed:
        try:
            return await self._transaction(consumer, items)
        except UNAVAILABLE as error:
            if not await self._database.is_available("heard"):
                raise
            failure: Exception = error
        except Exception as error:  # noqa: BLE001 - any failure of a handler is held against its message, not the batch
            failure = error
        if len(items) == 1:
            if again and isinstance(failure, DBAPIError):  # a replica was first, or the connection broke: not its fault
                return await self._halving(consumer, items, again - 1)
            return await self._failed(consumer, items[0], failure)
        half = len(items) // 2
        committed = await self._halving(consumer, items[:half])
        committed.add(await self._halving(consumer, items[half:]))
        return committed

    async def _failed(self, consumer: str, item: Item, failure: Exception) -> Committed:
        """A message that fails alone: later again, or a dead letter after enough attempts."""
        delay = self._settings.retry_delay.total_seconds() * 2 ** min(item.origin.deliveries - 1, 6)
        if isinstance(failure, NotYetError):
            log.info("not yet", consumer=consumer, key=item.key, because=str(failure))
            return Committed(later=[(item.message, delay)])
        attempts = self._failures.get(item.key, 0) + 1
        log.error("handler failed", consumer=consumer, key=item.key, attempt=attempts, exc_info=failure)
        self._metrics.failures.labels(consumer).inc()
        if attempts < self._settings.attempts:
            self._failures[item.key] = attempts
            return Committed(later=[(item.message, delay)])
        return await self._transaction(consumer, [item], buried=failure)

    async def _transaction(self, consumer: str, items: Sequence[Item], buried: Exception | None = None) -> Committed:
        first: dict[str, Item] = {}
        repeated = [item for item in items if first.setdefault(item.key, item) is not item]
        unique = list(first.values())
        n, settled = self._ledger.next_batch(), dict(self._published)
        async with self._database.write() as connection:
            await self._ledger.mark(connection, settled)
            fresh = await self._ledger.claim(connection, consumer, n, unique)
            stale = [item for item in unique if item.key not in fresh] + repeated
            heard_before = await self._ledger.heard_before(connection, consumer, stale)
            differing = (reused(item) for item in stale if isinstance(item, Heard) and _differs(item, heard_before))
            impostors = list({impostor.key: impostor for impostor in differing}.values())
            fresh |= await self._ledger.claim(connection, consumer, n, impostors)
            answered: list[Item] = [item for item in (*unique, *impostors) if item.key in fresh]
            await self._ledger.hold(connection, answered)
            work = Work(self._service, self._now(), connection)
            if buried is None:
                await self._answer(answered, work)
            else:
                for item in answered:
                    work.bury(item, "handler_failed", repr(buried))
                    if isinstance(item, Heard) and item.origin.stream == "PARTNERS" and self._refuse:
                        self._refuse(unanswered(item), work)
            again, since = await self._unconfirmed(connection, heard_before, stale)
            await self._ledger.keep(connection, consumer, n, answered, work.told)
        self._forget(settled)
        for item in answered:
            self._failures.pop(item.key, None)
        self._count(consumer, answered, stale, work)
        return Committed(
            batches=[n] if answered else [],
            told=work.told,
            again=again,
            again_since=since,
            done=[item.message for item in items],
        )

    async def _answer(self, items: Sequence[Item], work: Work) -> None:
        for kind, group in groupby(items, key=lambda item: type(item.event) if isinstance(item, Heard) else None):
            together = list(group)
            for refused in together:
                if isinstance(refused, Refused):
                    self._turn_away(refused, work)
            if kind and (handler := self._handlers.get(kind)):
                await handler([item for item in together if isinstance(item, Heard)], work)

    def _turn_away(self, refused: Refused, work: Work) -> None:
        entry = address_of(refused.origin.subject).entry
        if entry and self._service not in entry.consumers:  # another service hears the same partners, and answers it
            return
        if self._refuse and refused.origin.stream == "PARTNERS":
            self._refuse(refused, work)
        else:
            work.bury(refused, refused.fault.reason.value, refused.fault.explanation)

    async def _unconfirmed(
        self, connection: AsyncConnection, heard_before: Mapping[str, tuple[str, int]], stale: Sequence[Item]
    ) -> tuple[list[Told], datetime | None]:
        """What was told for these by a process that perhaps died before it published, and since when."""
        numbers = {n for _, n in heard_before.values()} - self._mine
        unpublished = await self._ledger.unpublished(connection, numbers) if numbers else {}
        causes = [item.key for item in stale if item.key in heard_before and heard_before[item.key][1] in unpublished]
        if not causes:
            return [], None
        return await self._ledger.told_for(connection, causes), committed_at(min(unpublished))

    def _forget(self, settled: Iterable[int]) -> None:
        for n in settled:
            self._published.pop(n, None)
            self._mine.discard(n)

    def _count(self, consumer: str, answered: Sequence[Item], stale: Sequence[Item], work: Work) -> None:
        self._metrics.heard.labels(consumer).inc(len(answered))
        self._metrics.repeated.labels(consumer).inc(len(stale))
        for reason in work.refusals:
            self._metrics.refused.labels(consumer, reason).inc()
        self._metrics.count_told([(decision.event, decision.region) for decision in work.decisions])


def _begun(told: Sequence[Told]) -> list[tuple[str, float]]:
    return [(one.event, one.began / 1e9) for one in told if one.began]


def _differs(item: Heard[Event], heard_before: Mapping[str, tuple[str, int]]) -> bool:
    return item.key in heard_before and heard_before[item.key][0] != item.origin.digest
