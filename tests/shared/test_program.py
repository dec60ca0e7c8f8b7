"""What a program says of itself at its start and at its end."""

import asyncio
import json
import signal
import sys
from importlib.metadata import version

import pytest
from nats.aio.client import Client

from services.system import free_port, healthy
from shared.program import facts_of
from shared.settings import Settings
from tests.speaking import until


@pytest.mark.parametrize("program", ["alerts", "watch"])
async def test_start_and_stop_are_a_line_each(settings: Settings, operator: Client, program: str) -> None:
    """The first line says what runs and whom it talks to, the last that it ended in order; no secret is in them."""
    del operator
    port = free_port()
    settings = settings.model_copy(update={"port": port, "revision": "abc1234", "logs": "json"})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"services.{program}", env=settings.environment(), stderr=asyncio.subprocess.PIPE
    )
    await until(lambda: healthy(port))
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(15):
        _, said = await process.communicate()
    first, *_, last = [json.loads(line) for line in said.splitlines()]
    about = {"version": version("shian"), "revision": "abc1234", "bus": settings.nats_url}
    if program == "alerts":
        about["database"] = settings.database_of(program)
    del first["time"]
    assert {"level": "info", "service": program, "message": "started", **about} == first
    assert ("info", program, "stopped") == (last["level"], last["service"], last["message"])


def test_secrets_in_addresses_are_not_said() -> None:
    """A user and password of the bus, whatever characters they hold, and a password of the database are left out."""
    nodes = "nats://user:SE@CRET/word@one:4222,nats://two:4222,nats://SECRET@three"
    database = "postgresql+asyncpg://shian_{service}:SECRET@db/{service}?password=SECRET"
    facts = facts_of("alerts", Settings(nats_url=nodes, database_url=database))
    assert "nats://one:4222,nats://two:4222,nats://three" == facts["bus"]
    assert "postgresql+asyncpg://shian_alerts:***@db/alerts" == facts["database"]
    assert "database" not in facts_of("watch", Settings())
