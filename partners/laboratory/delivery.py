"""Sending what was put aside, and waiting until the exchange has answered it."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from partners.laboratory.exchange import Exchange, connected
from partners.laboratory.memory import Memory
from partners.laboratory.progress import Steps
from partners.laboratory.sending import send
from partners.laboratory.spool import Spool
from partners.person import Person
from shared.contracts import Event

_LOOK_AGAIN = 0.5


async def deliver(  # noqa: PLR0913, PLR0917 - who sends what where, how long to wait, and whom to tell
    laboratory: Person, memory: Memory, spool: Spool, region: str, wait: float, steps: Steps
) -> None:
    """Send what was not sent before, and wait so many seconds for the answers once all is sent."""
    total = spool.total()
    before = spool.sent_before(datetime.now(UTC) - laboratory.settings.duplicate_window)
    if before:
        steps.say(f"{before} of {total} were sent before; they are not sent again.")
    if not spool.unanswered():
        return
    sent = before

    def on_sent(count: int) -> None:
        nonlocal sent
        sent += count
        steps.reached("sent", sent, total)

    async with connected(laboratory, memory, steps.say) as exchange:

        async def work() -> None:
            there_already = await send(exchange, spool, region, on_sent)
            if there_already:
                steps.say(f"The exchange had {there_already} of them already.")
            await _answers(exchange, spool, wait, lambda left: steps.reached("answered", total - left, total))

        await beside(exchange.follow(), exchange.unless_refused(work()))


async def catch_up(laboratory: Person, memory: Memory, patience: float, say: Callable[[str], None]) -> None:
    """Read the receipts that are waiting, or say that the exchange cannot be reached."""
    try:
        async with asyncio.timeout(patience), connected(laboratory, memory, lambda _: None) as exchange:
            await exchange.unless_refused(exchange.catch_up())
    except TimeoutError:
        say("The exchange does not answer; this is what was known before.")


async def watch(laboratory: Person, memory: Memory, say: Callable[[str], None], tell: Callable[[Event], None]) -> None:
    """Tell every receipt as it comes, without end."""
    async with connected(laboratory, memory, say) as exchange:
        await exchange.unless_refused(exchange.follow(tell))


async def beside(other: Coroutine[Any, Any, None], work: Coroutine[Any, Any, None]) -> None:
    """Do the work while the other goes on; whichever fails, fails both."""
    tasks = asyncio.create_task(work), asyncio.create_task(other)
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _answers(exchange: Exchange, spool: Spool, wait: float, on_answered: Callable[[int], None]) -> None:
    deadline = time.monotonic() + wait
    while left := spool.unanswered():
        on_answered(left)
        exchange.heard.clear()
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(exchange.heard.wait(), min(remaining, _LOOK_AGAIN))
    on_answered(0)
