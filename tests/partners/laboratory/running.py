"""Running ``shian lab`` as a laboratory does: in a thread of the test's process, or as a process that can be killed."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass

from nats.aio.client import Client
from typer.testing import CliRunner

from partners.laboratory.commands import commands
from shared.contracts import ResultReported
from shared.settings import Settings
from tests.speaking import record

AS_LABORATORY = ("--as", "lab-L0142")
THERE = ("--region", "21.02.83")
_PROGRAM = "from partners.laboratory.commands import commands; commands()"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


async def lab(settings: Settings, *arguments: object) -> Ended:
    """Run a command to its end."""

    def run() -> Ended:
        result = CliRunner().invoke(commands, [str(one) for one in arguments], env=settings.environment())
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return await asyncio.to_thread(run)


async def publish(settings: Settings, *arguments: object) -> Ended:
    """Publish a file as laboratory L0142 from Zhuanghe."""
    return await lab(settings, "publish", *arguments, *AS_LABORATORY, *THERE)


async def start_publish(settings: Settings, *arguments: object) -> Process:
    """Start to publish a file in a process of its own."""
    return await _start(settings, "publish", *arguments, *AS_LABORATORY, *THERE)


async def start_watch(settings: Settings) -> Process:
    """Start to watch, in a process of its own."""
    return await _start(settings, "watch", *AS_LABORATORY)


async def _start(settings: Settings, *arguments: object) -> Process:
    environment = {**os.environ, **settings.environment()}
    program = (sys.executable, "-c", _PROGRAM, *map(str, arguments))
    return await asyncio.create_subprocess_exec(*program, env=environment, stdout=PIPE, stderr=PIPE)


async def published(operator: Client) -> list[ResultReported]:
    """What laboratories have published."""
    return [one.data for one in await record(operator, "PARTNERS") if isinstance(one.data, ResultReported)]


async def some_are_there(operator: Client, more_than: int = 0) -> bool:
    """Whether the bus has anything from partners, or more than so many messages."""
    return (await operator.jetstream().stream_info("PARTNERS")).state.messages > more_than
