"""Following what the exchange tells an authority, from where this program stopped the last time.

An event is acknowledged when it is kept and told, and only then: what happens while this does not run waits on the bus,
however long that is. A partner may not look its durable up, so the next message is asked for without that, one by
one: a program that is killed holds one at most. That nothing waits is the server's own word; silence is an outage.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nats.aio.msg import Msg

from partners.asking.exchange import AWAY, Exchange, connected
from partners.asking.memory import Memory
from partners.authority.archive import CASES, RECEIPTS, Archive, document_of
from partners.person import Person
from partners.together import together
from shared.envelope import Envelope, MalformedError, open_envelope

_LINGER = 5.0
"""Seconds for which the bus holds a request open while nothing comes."""
_PATIENCE = 5.0
"""Seconds in which the bus answers beyond that."""
_NOTHING = ("404", "408")
"""The server's words for: nothing waits, and: nothing came within the time."""
Say = Callable[[str], None]
Tell = Callable[[Envelope[Any]], None]


@dataclass(frozen=True, slots=True)
class Listener:
    """Where what comes is kept, and how it is told."""

    who: Person
    memory: Memory
    archive: Archive
    tell: Tell
    say: Say
    """Says what is no event: an outage, or a message that cannot be read."""


async def follow(listener: Listener) -> None:
    """Keep and tell every event and every receipt as it comes, without end; waits through outages."""
    async with connected(listener.who, listener.memory, listener.say) as exchange:
        both = (_follow(exchange, listener, stream, once=False) for stream in (CASES, RECEIPTS))
        await exchange.unless_refused(together(*both))


async def catch_up(listener: Listener, patience: float) -> None:
    """Keep and tell what waits; raises OutOfReachError where the exchange cannot be reached, or goes away meanwhile."""
    async with connected(listener.who, listener.memory, listener.say, patience) as exchange:
        for stream in (CASES, RECEIPTS):
            await exchange.unless_refused(_follow(exchange, listener, stream, once=True))


async def _follow(exchange: Exchange, listener: Listener, stream: str, *, once: bool) -> None:
    failures = 0
    while True:
        try:
            message = await _next(exchange, stream, linger=0 if once else _LINGER)
            if message is not None:
                _take(message, stream, listener)
                await message.ack_sync(timeout=_PATIENCE)
        except AWAY:  # what was kept and not acknowledged comes again, and is known
            failures += exchange.client.is_connected
            if once or failures > 1:  # one request may only have been lost with the connection that it was made on
                exchange.away()
            await exchange.pause()
            continue
        if failures:
            failures = 0
            exchange.back()
        if message is None and once:
            return


async def _next(exchange: Exchange, stream: str, linger: float) -> Msg | None:
    """The next message, or none where the server says so; raises one of AWAY where it says nothing."""
    subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{exchange.person.user}"
    wanted = {"batch": 1, "expires": int(linger * 1e9)} if linger else {"batch": 1, "no_wait": True}
    asked = json.dumps(wanted).encode()
    # A message comes under its own subject, which the client's shared inbox would not know; old_style takes a new one.
    answer = await exchange.client.request(subject, asked, timeout=linger + _PATIENCE, old_style=True)
    status = (answer.headers or {}).get("Status")
    if status is None:
        return answer
    if status in _NOTHING:
        return None
    raise TimeoutError(status)


def _take(message: Msg, stream: str, listener: Listener) -> None:
    came = document_of(message, stream)
    try:
        _, envelope = open_envelope(message.subject, message.data)
    except MalformedError as error:  # of a later version; it is kept all the same
        if listener.archive.keep(came, None):
            listener.say(
                f"What came on {message.subject} is kept as it came, but cannot be read ({error}); it may be of a "
                "later version: bring this program up to date."
            )
        return
    is_new = listener.archive.keep(came, envelope)
    if stream == RECEIPTS:
        listener.memory.keep_answers([envelope.data])
    if is_new:
        listener.tell(envelope)
