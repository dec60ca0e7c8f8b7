"""Sending what was put aside, and waiting until the exchange has answered it."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from partners.asking.exchange import LOOK_AGAIN, Exchange, connected
from partners.asking.listening import Keep, catch_up, follow
from partners.asking.memory import Memory
from partners.asking.progress import Steps
from partners.asking.request import memory_of
from partners.asking.sending import send
from partners.asking.spool import Spool
from partners.person import Person
from partners.together import together
from shared.contracts import Event


@dataclass(frozen=True, slots=True)
class Delivery:
    """How long a command waits."""

    wait: float
    """Seconds for the answers, once all is sent."""
    patience: float | None = None
    """Seconds for an exchange that is away, before the command gives up; without end where there is none."""
    only_ours: bool = False
    """Whether answers to what others asked, with the same key, are left for them."""
    keep: Keep = lambda _: None
    """Keeps each answer as it came, where that is evidence."""


@contextlib.contextmanager
def remembering(who: Person) -> Iterator[Memory]:
    """The memory of one whose key is here."""
    who.settings.seed_of(who.user)
    remembered = Memory(memory_of(who))
    try:
        yield remembered
    finally:
        remembered.close()


def deliver(who: Person, memory: Memory, spool: Spool, how: Delivery) -> None:
    """Send what was put aside and wait for its answers, until Ctrl-C."""
    with Steps() as steps:
        try:
            asyncio.run(_deliver(who, memory, spool, how, steps))
        except KeyboardInterrupt:
            steps.say("Stopped. What was sent stays sent; run the same command again to go on.")


async def _deliver(who: Person, memory: Memory, spool: Spool, how: Delivery, steps: Steps) -> None:
    total = spool.total()
    before = spool.sent_before(datetime.now(UTC) - who.settings.duplicate_window)
    if before and total > 1:
        steps.say(f"{before} of {total} were sent before; they are not sent again.")
    if not spool.unanswered():
        return
    sent = before

    def on_sent(count: int) -> None:
        nonlocal sent
        sent += count
        steps.reached("sent", sent, total)

    async with connected(who, memory, steps.say, how.patience) as exchange:

        async def work() -> None:
            there_already = await send(exchange, spool, on_sent)
            if there_already and total > 1:
                steps.say(f"The exchange had {there_already} of them already.")
            await _answers(exchange, spool, how.wait, lambda left: steps.reached("answered", total - left, total))

        await together(exchange.unless_refused(work()), follow(exchange, only_ours=how.only_ours, keep=how.keep))


async def read_waiting(who: Person, memory: Memory, patience: float, say: Callable[[str], None]) -> None:
    """Read the receipts that are waiting, or say that the exchange cannot be reached."""
    try:
        async with asyncio.timeout(patience), connected(who, memory, lambda _: None) as exchange:
            await exchange.unless_refused(catch_up(exchange))
    except TimeoutError:
        say("The exchange does not answer; this is what was known before.")


async def watch(who: Person, memory: Memory, say: Callable[[str], None], tell: Callable[[Event], None]) -> None:
    """Tell every receipt as it comes, without end."""
    async with connected(who, memory, say) as exchange:
        await exchange.unless_refused(follow(exchange, tell))


async def _answers(exchange: Exchange, spool: Spool, wait: float, on_answered: Callable[[int], None]) -> None:
    deadline = time.monotonic() + wait
    while left := spool.unanswered():
        on_answered(left)
        exchange.heard.clear()
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(exchange.heard.wait(), min(remaining, LOOK_AGAIN))
    on_answered(0)
