"""The command ``shian`` as its user types it, run inside the test's own process."""

import asyncio
import shlex
import sys
from dataclasses import dataclass

import pytest

from services.command import main
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Shell:
    """One person's shell, with the environment of a machine of the agency."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    settings: Settings

    async def __call__(self, line: str, user: str = "officer-O001") -> tuple[int, str]:
        """Type a line behind ``shian``; the exit code and all that is printed, logs of the services left out."""
        for name, value in self.settings.environment().items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setenv("SHIAN_USER", user)
        self.monkeypatch.setenv("SHIAN_REGION", "21.02.83")
        self.monkeypatch.setattr(sys, "argv", ["shian", *shlex.split(line)])
        self.capsys.readouterr()
        code = await asyncio.to_thread(_exit_code)
        out, said = self.capsys.readouterr()
        lines = [line for line in (out + said).splitlines() if not line.startswith("{")]
        return code, "\n".join(lines)


def _exit_code() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
