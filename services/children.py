"""Child processes that are started again when they die."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from shared.failure import CannotStartError

GRACE = 4.0
"""Seconds that a child may take to stop."""
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):  # Linux only; elsewhere an orphan has to be ended by hand
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One program, kept running; what it says goes to a file."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command = command
        self._environment = {**os.environ, **environment}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process id of the present run."""
        assert self._process is not None  # noqa: S101 - set by start
        return self._process.pid

    async def start(self, ready: Callable[[], Awaitable[bool]]) -> None:
        """Start and wait until it is ready; raises CannotStartError with its last words when it dies before."""
        await self._spawn()
        assert self._process is not None  # noqa: S101 - set by _spawn
        while not await ready():
            if self._process.returncode is not None:
                raise CannotStartError(self._last_words())
            await asyncio.sleep(0.02)
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Ask it to stop, and end it when it takes too long."""
        if self._keeping:
            self._keeping.cancel()
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(GRACE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _spawn(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the parent, which stops the children in order
                preexec_fn=_die_with_parent,
            )

    async def _keep(self) -> None:
        pause = 0.1
        while True:
            assert self._process is not None  # noqa: S101 - set by _spawn
            started = asyncio.get_running_loop().time()
            code = await self._process.wait()
            lived = asyncio.get_running_loop().time() - started
            pause = 0.1 if lived > 10 else min(pause * 2, 5)  # noqa: PLR2004 - a run of ten seconds counts as a success
            how = f"by signal {-code}" if code < 0 else f"with code {code}"
            print(f"{self.name} ended {how} and is started again; its log is {self._log}", file=sys.stderr)  # noqa: T201
            await asyncio.sleep(pause)
            await self._spawn()

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"{self.name} ended without a word; its log is {self._log}"
