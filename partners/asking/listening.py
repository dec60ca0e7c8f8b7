"""Reading the exchange's receipts into the memory, as they come; what is kept is acknowledged, and only then.

A laboratory may have a program of its own that reads the same receipts: a command that asks for one thing takes only
the answers to what was asked from this machine, and gives the others back.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from nats.aio.msg import Msg
from nats.js import JetStreamContext

from partners.asking.exchange import AWAY, LOOK_AGAIN, Exchange
from shared.contracts import Event
from shared.envelope import MalformedError, open_envelope
from shared.permissions import inbox_prefix

_MOST_RECEIPTS = 100
Keep = Callable[[Msg], None]
"""Keeps a receipt as it came, before it is acknowledged."""


async def follow(
    exchange: Exchange,
    tell: Callable[[Event], None] = lambda _: None,
    *,
    only_ours: bool = False,
    keep: Keep = lambda _: None,
) -> None:
    """Keep every receipt as it comes, without end; ``tell`` is called with each.

    ``only_ours`` gives back what answers nothing that was asked from this machine; ``keep`` takes what is not given
    back, byte for byte.
    """
    for_others: list[Msg] = []
    receipts = await _receipts(exchange)
    try:
        while True:
            try:
                messages = await receipts.fetch(_MOST_RECEIPTS, timeout=LOOK_AGAIN)
                for_others += await _take(exchange, messages, tell, only_ours=only_ours, keep=keep)
            except TimeoutError:
                continue
            except AWAY:
                await asyncio.sleep(LOOK_AGAIN)
    finally:
        with contextlib.suppress(*AWAY):
            for message in for_others:
                await message.nak()


async def catch_up(exchange: Exchange) -> None:
    """Keep the receipts that are waiting."""
    receipts = await _receipts(exchange)
    with contextlib.suppress(TimeoutError):
        while True:
            messages = await receipts.fetch(_MOST_RECEIPTS, timeout=LOOK_AGAIN)
            await _take(exchange, messages, lambda _: None, only_ours=False)


async def _receipts(exchange: Exchange) -> JetStreamContext.PullSubscription:
    user = exchange.person.user
    inbox = f"{inbox_prefix(user)}.".encode()
    return await exchange.client.jetstream().pull_subscribe_bind(user, "RECEIPTS", inbox_prefix=inbox)


async def _take(
    exchange: Exchange,
    messages: Sequence[Msg],
    tell: Callable[[Event], None],
    *,
    only_ours: bool,
    keep: Keep = lambda _: None,
) -> list[Msg]:
    """Keep what the messages say, and only then acknowledge them; returns those that are for others."""
    told = [(message, _receipt_in(message)) for message in messages]
    others = [
        message for message, event in told if only_ours and not (event is not None and exchange.memory.knows(event))
    ]
    ours = [(message, event) for message, event in told if message not in others]
    events = [event for _, event in ours if event is not None]
    for message, _ in ours:
        keep(message)
    exchange.memory.keep_answers(events)
    for message, _ in ours:
        await message.ack()
    for event in events:
        tell(event)
    exchange.heard.set()
    return others


def _receipt_in(message: Msg) -> Event | None:
    with contextlib.suppress(MalformedError):
        event: Event = open_envelope(message.subject, message.data)[1].data
        return event
    return None
