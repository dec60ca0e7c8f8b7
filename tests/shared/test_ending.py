"""Ending work that would go on for ever, though something in it keeps an end to itself."""

import asyncio
import contextlib

import pytest

from shared.ending import end, stop_if_told


async def deaf(*, times: int) -> None:
    """Go on for ever, whatever the first tellings say."""
    for _ in range(times):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    await asyncio.Event().wait()


async def test_task_is_told_until_it_ends() -> None:
    """One that does not hear the first time is told again; one that ended, well or not, is left."""

    async def fails() -> None:
        message = "a fault"
        raise ValueError(message)

    going_on, done, failed = (asyncio.create_task(one) for one in (deaf(times=2), asyncio.sleep(0, "done"), fails()))
    await asyncio.wait({done, failed})
    async with asyncio.timeout(10):
        await end(going_on, done, failed)
    assert going_on.cancelled()
    assert "done" == done.result()
    assert "a fault" == str(failed.exception())


async def test_loop_learns_that_it_was_told_to_end() -> None:
    """What a call kept to itself is said again at the loop's own place; a task that nobody ended goes on."""

    async def loop() -> None:
        stop_if_told()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        stop_if_told()

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
