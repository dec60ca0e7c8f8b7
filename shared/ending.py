"""Ending work that would go on for ever."""

import asyncio
from typing import Any

AGAIN = 0.5
"""Seconds after which a task that did not end is told to end again."""


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
