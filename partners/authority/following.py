"""Following what the exchange tells an authority, from where this program stopped the last time.

An event is acknowledged when it is kept, and only then: what happens while this does not run waits on the bus, however
long that is.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from nats.aio.msg import Msg

from partners.asking.exchange import AWAY, LOOK_AGAIN, Exchange, connected
from partners.asking.memory import Memory
from partners.authority.archive import Archive, case_of
from partners.person import Person
from shared.envelope import Envelope, MalformedError, open_envelope
from shared.permissions import inbox_prefix

STREAM = "CASES"
_AT_ONCE = 10
"""What a program holds that is killed comes again when the bus has waited for its word; so it holds little."""
_PATIENCE = 5.0
"""Seconds in which the bus confirms that it was acknowledged."""
Tell = Callable[[Envelope[Any]], None]


async def follow(who: Person, memory: Memory, archive: Archive, tell: Tell, say: Callable[[str], None]) -> None:
    """Keep and tell every event as it comes, without end; waits through outages."""
    async with connected(who, memory, say) as exchange:
        await exchange.unless_refused(_follow(exchange, archive, tell, once=False))


async def catch_up(who: Person, memory: Memory, archive: Archive, tell: Tell, patience: float) -> None:
    """Keep and tell what waits; raises OutOfReachError where the exchange cannot be reached."""
    async with connected(who, memory, lambda _: None, patience) as exchange:
        await exchange.unless_refused(_follow(exchange, archive, tell, once=True))


async def _follow(exchange: Exchange, archive: Archive, tell: Tell, *, once: bool) -> None:
    user = exchange.person.user
    inbox = f"{inbox_prefix(user)}.".encode()
    subscription = await exchange.client.jetstream().pull_subscribe_bind(user, STREAM, inbox_prefix=inbox)
    while True:
        try:
            for message in await subscription.fetch(_AT_ONCE, timeout=LOOK_AGAIN):
                await _take(message, archive, tell)
        except TimeoutError:
            if once:
                return
        except AWAY:
            await asyncio.sleep(LOOK_AGAIN)


async def _take(message: Msg, archive: Archive, tell: Tell) -> None:
    try:
        _, envelope = open_envelope(message.subject, message.data)
    except MalformedError:  # of a later version, which this program cannot read; it is kept all the same
        archive.keep(f"{STREAM} {message.metadata.sequence.stream}", "", message.subject, message.data)
        await message.ack_sync(timeout=_PATIENCE)
        return
    is_new = archive.keep(envelope.key, case_of(envelope.data), message.subject, message.data)
    await message.ack_sync(timeout=_PATIENCE)
    if is_new:
        tell(envelope)
