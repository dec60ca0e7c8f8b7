"""Ending work that would go on for ever, though something in it keeps an end to itself."""

import asyncio
import contextlib
import sys
import textwrap

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


async def test_program_that_hangs_is_ended() -> None:
    """A loop that goes on outlives the time many times over; one that stands still ends the process, and says where."""
    program = """
        import asyncio, time
        from shared.ending import ended_when_hung

        async def work():
            async with ended_when_hung(0.5):
                for _ in range(30):
                    await asyncio.sleep(0.05)
                print("went on", flush=True)
                stand_still()

        def stand_still():
            time.sleep(30)

        asyncio.run(work())
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(program), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        said, complained = await process.communicate()
    assert (1, b"went on\n") == (process.returncode, said)
    assert b"in stand_still" in complained


async def test_program_that_ended_its_work_is_not_ended() -> None:
    """What comes after, such as closing a database, may take its time."""
    program = """
        import asyncio, time
        from shared.ending import ended_when_hung

        async def work():
            async with ended_when_hung(0.2):
                await asyncio.sleep(0)
            time.sleep(1)
            print("done")

        asyncio.run(work())
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(program), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        said, _ = await process.communicate()
    assert (0, b"done\n") == (process.returncode, said)
