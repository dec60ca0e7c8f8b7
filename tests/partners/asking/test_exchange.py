"""What is done over a connection has ended when the command leaves it, even where an end was taken for an outage."""

import asyncio
from typing import Any

import pytest

from partners.asking.exchange import Exchange


async def test_work_has_ended_when_the_command_does() -> None:
    """Work that outlives its first cancellation, as the client library may make it, is ended all the same."""
    nobody: Any = None
    exchange, log = Exchange(nobody, nobody, print), []
    begun = asyncio.Event()

    async def stubborn() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            log.append("taken for an outage")
            await asyncio.Event().wait()
        finally:
            log.append("ended")

    command = asyncio.create_task(exchange.unless_refused(stubborn()))
    await begun.wait()
    command.cancel()
    with pytest.raises(asyncio.CancelledError):
        await command
    assert ["taken for an outage", "ended"] == log
