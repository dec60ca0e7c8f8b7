"""Bringing people what waits for them: each in order and in their own time, over stops of the program."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from partners.notify.recipients import Recipient
from partners.together import together
from shared.failure import CannotStartError
from tests.partners.notify.hook import Hook
from tests.partners.notify.telling import fail, samples, telling
from tests.speaking import until


async def test_recipient_that_is_away_is_tried_again(tmp_path: Path) -> None:
    """Answers 503 and 429 mean later: the event is brought again until it is taken, and the next one after it."""
    hook = Hook(answers=[503, 429])
    async with hook.open(), telling(tmp_path, hook.recipient()) as bringing:
        fail(bringing, "1", "2")
        await until(lambda: len(hook.bodies) == 4)
    assert ["S-1", "S-1", "S-1", "S-2"] == samples(hook)


async def test_recipient_that_is_away_keeps_nobody_waiting(tmp_path: Path) -> None:
    """While one is away the other hears everything; what the one missed it hears when it is back, in order."""
    away, here = Hook("away"), Hook("here")
    numbers = [str(number) for number in range(1, 21)]
    async with telling(tmp_path, away.recipient(), here.recipient()) as bringing:
        async with here.open():
            fail(bringing, *numbers)
            await until(lambda: len(here.bodies) == len(numbers))
        async with away.open():
            await until(lambda: len(away.bodies) == len(numbers))
    assert [f"S-{number}" for number in numbers] == samples(here) == samples(away)


async def test_what_waits_outlives_the_program(tmp_path: Path) -> None:
    """A recipient that was away until the program ended is told by the next one, and the others are not told twice."""
    away, here = Hook("away"), Hook("here")
    async with here.open():
        async with telling(tmp_path, away.recipient(), here.recipient()) as bringing:
            fail(bringing, "1", "2")
            await until(lambda: len(here.bodies) == 2)
        async with away.open(), telling(tmp_path, away.recipient(), here.recipient()) as bringing:
            fail(bringing, "3")
            await until(lambda: len(away.bodies) == 3 == len(here.bodies))
    assert ["S-1", "S-2", "S-3"] == samples(here) == samples(away)


async def test_stop_of_the_program_does_not_cut_an_attempt_in_two(tmp_path: Path) -> None:
    """A recipient that is just taking an event when the program stops is not told of it again."""
    async with Hook().open() as hook:
        hook.may_answer.clear()
        async with telling(tmp_path, hook.recipient()) as bringing:
            fail(bringing, "1", "2")
            await until(lambda: bool(hook.bodies))
            asyncio.get_running_loop().call_soon(hook.may_answer.set)
        assert ["S-1"] == samples(hook)
        async with telling(tmp_path, hook.recipient()):
            await until(lambda: len(hook.bodies) == 2)
    assert ["S-1", "S-2"] == samples(hook)


async def test_recipient_that_refuses_hears_the_next(tmp_path: Path) -> None:
    """What a recipient does not take is said aloud and not brought again."""
    hook = Hook(answers=[404])
    with capture_logs() as logs:
        async with hook.open(), telling(tmp_path, hook.recipient()) as bringing:
            fail(bringing, "1", "2")
            await until(lambda: len(logs) == 2)
    assert ["S-1", "S-2"] == samples(hook)
    assert [("recipient refuses", "S-1"), ("told", "S-2")] == [(line["event"], line["about"]) for line in logs]


async def test_unwanted_event_goes_nowhere(tmp_path: Path) -> None:
    """Nobody is told of what he did not ask for, and nothing is said about it."""
    clocks = Recipient.model_validate({"name": "clocks", "events": ["food.clock.*"], "webhook": "http://127.0.0.1:1/"})
    with capture_logs() as logs:
        async with Hook().open() as hook, telling(tmp_path, clocks, hook.recipient()) as bringing:
            fail(bringing, "1")
            await until(lambda: bool(logs))
    assert [("told", "hook")] == [(line["event"], line["to"]) for line in logs]


async def test_recipient_that_left_the_file_is_said(tmp_path: Path) -> None:
    """What waits for somebody who is told no more is counted aloud at the start, and kept."""
    async with telling(tmp_path, Hook("old").recipient()) as bringing:
        fail(bringing, "1", "2")
    with capture_logs() as logs:
        async with telling(tmp_path, Hook("new").recipient()):
            await until(lambda: bool(logs))
    assert [("old", 2)] == [(line["to"], line["waiting"]) for line in logs]


async def test_what_another_version_kept_stops_nobody(tmp_path: Path) -> None:
    """An event that this version cannot read is said aloud and passed over."""
    async with telling(tmp_path, Hook().recipient()):
        pass
    with sqlite3.connect(tmp_path / "notify.db") as connection:
        connection.execute("INSERT INTO waiting (recipient, subject, payload) VALUES ('hook', 'food.x.v9', 'x')")
    connection.close()
    async with Hook().open() as hook, telling(tmp_path, hook.recipient()) as bringing:
        fail(bringing, "1")
        await until(lambda: bool(hook.bodies))
    assert ["S-1"] == samples(hook)


async def test_failure_of_one_task_ends_the_others() -> None:
    """What one of several cannot do ends them all, with its own sentence."""
    stopped = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def break_off() -> None:
        message = "The disk is full."
        raise CannotStartError(message)

    with pytest.raises(CannotStartError, match="The disk is full"):
        await together(wait(), break_off())
    assert stopped.is_set()
