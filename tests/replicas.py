"""Replicas of the services, each a process of its own with its own pages, stopped, killed and started again."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from services.system import free_port, healthy
from shared.contracts.catalogue import ServiceName
from shared.settings import Settings


class Replica:
    """One process of one service."""

    def __init__(self, service: ServiceName, settings: Settings, folder: Path, program: Sequence[str] = ()) -> None:
        self.service = service
        self.port = free_port()
        self.log = folder / f"{service}-{self.port}.log"
        self._program = program or ("-m", f"services.{service}")
        self._environment = os.environ | settings.environment() | {"SHIAN_PORT": str(self.port)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it is healthy; raises AssertionError with its last words if it dies before."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._program, env=self._environment, stdout=log, stderr=log
            )
        async with asyncio.timeout(60):
            while not await healthy(self.port):
                assert self._process.returncode is None, self.said()
                await asyncio.sleep(0.05)

    async def end(self, number: signal.Signals) -> None:
        """Send it a signal and wait until it is gone."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(number)
            async with asyncio.timeout(30):
                await self._process.wait()

    def said(self) -> str:
        """All that it ever logged."""
        return self.log.read_text("utf-8")

    async def count(self, metric: str) -> float:
        """The sum of one of its counters over all labels."""

        def ask() -> str:
            with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                return str(answer.read(), "utf-8")

        lines = (await asyncio.to_thread(ask)).splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{metric} ", f"{metric}{{")))
