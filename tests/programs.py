"""Running the programs of docs/examples as a partner does: in a folder of its own, with its own keys."""

import asyncio
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from shared.settings import Settings

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
JOINING = ROOT / "docs" / "joining.md"
HAS_NODE = all(shutil.which(program) for program in ("node", "npm"))


async def run(folder: Path, *program: str, **environment: str) -> tuple[int, str]:
    """Run a program; its exit code and what it prints."""
    process = await asyncio.create_subprocess_exec(
        *program,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode is not None
    return process.returncode, out.decode()


@dataclass(frozen=True, slots=True)
class Example:
    """The examples of one language; called with a program's name and what is typed behind it."""

    language: str
    folder: Path
    settings: Settings

    async def __call__(self, name: str, *arguments: str, keys: Path | None = None) -> tuple[int, str]:
        """Run it; the exit code and what it prints."""
        program = (sys.executable, f"{name}.py") if self.language == "python" else ("node", f"{name}.mjs")
        there = {
            "SHIAN_NATS_URL": self.settings.nats_url,
            "SHIAN_KEYS_FOLDER": str(keys or self.settings.keys_folder),
            "SHIAN_WAIT": "3",
        }
        return await run(self.folder, *program, *arguments, **there)

    def documents(self, name: str) -> list[Path]:
        """What was kept in a folder, ``sent`` or ``heard``, the oldest first."""
        return sorted((self.folder / name).glob("*.json"), key=lambda path: path.stat().st_mtime_ns)


def plain(text: str) -> str:
    """A text without what differs from run to run: ids, numbers of cases, an inbox's token, what to type again."""
    text = re.sub(r" To send the same again: .*", "", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    text = re.sub(r"\bC-[A-Z0-9]{12}\b", "C-NUMBER", text)
    return re.sub(r"(_inbox_[a-z]+-[a-z0-9]+)\.\w+", r"\1.TOKEN", text, flags=re.IGNORECASE)


def not_in_joining(said: str) -> list[str]:
    """Each line that a program printed and docs/joining.md does not show."""
    shown = plain(JOINING.read_text("utf-8").replace(" To send the same again", "\n"))
    return [line for line in plain(said).splitlines() if line.strip() not in shown]
