"""Ending work that would go on for ever, and a program that does not go on at all."""

import asyncio
import faulthandler
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

AGAIN = 0.5
"""Seconds after which a task that did not end is told to end again."""
HUNG = 60.0
"""Seconds without a sign of life after which a program is taken for hung."""


async def end(*tasks: "asyncio.Future[Any]") -> None:
    """Cancel tasks until they are done; what they raise is dropped.

    Once is not enough: the bus's client takes a cancellation that reaches it amid a flush for its own affair, and the
    task goes on.
    """
    while going_on := [task for task in tasks if not task.done()]:
        for task in going_on:
            task.cancel()
        await asyncio.wait(going_on, timeout=AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)


def stop_if_told() -> None:
    """Raise CancelledError if the present task was told to end and something that it awaited kept that to itself."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


@asynccontextmanager
async def ended_when_hung(seconds: float = HUNG) -> AsyncIterator[None]:
    """Meanwhile end this process, with where each of its threads stands, once its loop has stood still for so long.

    Whoever keeps the program running then starts it again; of itself it would look alive and do nothing.
    """

    async def live() -> None:
        while True:
            faulthandler.dump_traceback_later(seconds, exit=True)
            await asyncio.sleep(seconds / 6)

    living = asyncio.create_task(live())
    try:
        yield
    finally:
        await end(living)
        faulthandler.cancel_dump_traceback_later()
