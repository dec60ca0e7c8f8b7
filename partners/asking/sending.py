"""Sending what a command put aside, many together, until the bus has confirmed each.

Many go out as one atomic batch: one word of the bus, and one write to its disk, for all. Where it has one of them
already it takes none, and then each goes out by itself. What was not confirmed, because the exchange went away, goes
out again with the same id and the same bytes; the bus stores it once.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nats.js.errors import BadRequestError

from partners.asking.exchange import AWAY, Exchange
from partners.asking.memory import Sent
from partners.asking.spool import Entry, Spool
from shared.contracts import entry_of
from shared.envelope import CONTENT_TYPE, seal, source_of
from shared.failure import CannotStartError

_TOGETHER = 500
_TEXT_TOGETHER = 4_000_000
"""Characters; one report may have a quarter of a million."""
_WORD_OF_THE_BUS = 5.0


@dataclass(frozen=True, slots=True)
class _Message:
    """One event as it goes out."""

    entry: Entry
    subject: str
    payload: bytes
    headers: dict[str, str]


async def send(exchange: Exchange, spool: Spool, on_sent: Callable[[int], None]) -> int:
    """Send all that was not sent before; waits through outages. Returns how many the bus had already.

    Raises CannotStartError where the bus does not take one of them at all.
    """
    there_already = 0
    while entries := spool.next_to_send(_TOGETHER, _TEXT_TOGETHER):
        duplicates, taken = await _publish(exchange, entries)
        there_already += duplicates
        spool.keep_sent(taken)
        on_sent(len(taken))
        if len(taken) < len(entries):
            exchange.away()
            await exchange.pause()
        else:
            exchange.back()
    return there_already


async def _publish(exchange: Exchange, entries: Sequence[Entry]) -> tuple[int, list[Entry]]:
    """Publish these; returns how many the bus had already, and those that it confirmed."""
    if not exchange.client.is_connected:
        return 0, []
    messages = _messages(exchange, entries)
    try:
        if len(messages) > 1 and await _publish_together(exchange, messages):
            return 0, list(entries)
    except AWAY:
        return 0, []
    return await _publish_each(exchange, messages)


def _messages(exchange: Exchange, entries: Sequence[Entry]) -> list[_Message]:
    """The events with the times that they had when they went out first, kept before they go out."""
    source = source_of(exchange.person.teller)
    going_out = [
        Sent(entry.event_id, entry.event.TYPE, entry.report_no, entry.sample_no, entry.kept) for entry in entries
    ]
    times = exchange.memory.times_of(going_out, datetime.now(UTC))
    return [
        _Message(
            entry,
            entry_of(type(entry.event)).subject(entry.region, exchange.person.id),
            seal(entry.event, source=source, event_id=entry.event_id, time=times[entry.event_id], region=entry.region),
            {"Nats-Msg-Id": f"{source} {entry.event_id}", "Content-Type": CONTENT_TYPE},
        )
        for entry in entries
    ]


async def _publish_together(exchange: Exchange, messages: Sequence[_Message]) -> bool:
    """Publish all or none; raises one of AWAY where the bus does not say which."""
    client, batch = exchange.client, uuid.uuid4().hex
    for position, one in enumerate(messages[:-1], start=1):
        headers = one.headers | {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(position)}
        await client.publish(one.subject, one.payload, headers=headers)
    last = messages[-1]
    headers = {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(len(messages)), "Nats-Batch-Commit": "1"}
    answer = await client.request(last.subject, last.payload, timeout=_WORD_OF_THE_BUS, headers=last.headers | headers)
    return "error" not in json.loads(answer.data)


async def _publish_each(exchange: Exchange, messages: Sequence[_Message]) -> tuple[int, list[Entry]]:
    jetstream = exchange.client.jetstream(timeout=_WORD_OF_THE_BUS)
    publishing = (jetstream.publish(one.subject, one.payload, headers=one.headers) for one in messages)
    answers = await asyncio.gather(*publishing, return_exceptions=True)
    taken, duplicates = [], 0
    for message, answer in zip(messages, answers, strict=True):
        if not isinstance(answer, BaseException):
            taken.append(message.entry)
            duplicates += bool(answer.duplicate)
        elif isinstance(answer, BadRequestError):
            raise _not_taken(message.entry, answer)
        elif not isinstance(answer, AWAY):
            raise answer
    return duplicates, taken


def _not_taken(entry: Entry, error: BadRequestError) -> CannotStartError:
    message = (
        f"The exchange does not take this: {entry.event.sentence()} ({error.description}). "
        "What was sent before it stays sent; mend it, and run the same command again."
    )
    return CannotStartError(message)
