"""Doing several things side by side for as long as all of them go on."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from shared.ending import end


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do these side by side until one ends, and stop the others; raises what that one raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended = [task for task in tasks if task.done()]
        await end(*tasks)
    for task in ended:
        task.result()
