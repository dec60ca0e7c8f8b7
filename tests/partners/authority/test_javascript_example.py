"""The example of another language does what docs/authorities.md says: it reads, acknowledges, and answers."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from nats.aio.client import Client

from shared.settings import Settings
from tests.partners.authority.agency import Agency
from tests.speaking import until

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples"
HAS_NODE = all(shutil.which(program) for program in ("node", "npm"))


async def run(folder: Path, *program: str, **environment: str) -> str:
    """Run a program; what it prints."""
    process = await asyncio.create_subprocess_exec(
        *program,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 120)
    assert 0 == process.returncode, out.decode()
    return out.decode()


def test_lock_names_no_address() -> None:
    """The packages are pinned by version and hash, wherever they come from."""
    lock = (EXAMPLE / "package-lock.json").read_text("utf-8")
    assert "://" not in lock
    assert "resolved" not in lock
    assert 3 == lock.count('"integrity"')


@pytest.mark.skipif(not HAS_NODE, reason="node and npm are not installed: apt-get install nodejs npm")
async def test_plain_client_receives_a_transfer(agency: Agency, operator: Client, tmp_path: Path) -> None:
    """It prints each event, signs the receipt, and hears that this was accepted; a second run has nothing to do."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    await run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    settings: Settings = agency.shell.settings
    there = {"SHIAN_NATS_URL": settings.nats_url, "SHIAN_KEYS_FOLDER": str(settings.keys_folder)}
    out = await run(folder, "node", "authority.mjs", "210283", **there)
    case = agency.case_no
    assert f"event case.referred.v1 {case} version 1" in out
    assert f"event case.transferred.v1 {case} version 5" in out
    assert "receipt receipt.request.accepted.v1  The police received case" in out
    assert "received" == (await agency.case()).state

    async def is_acknowledged() -> bool:
        return not (await operator.jetstream().consumer_info("CASES", "police-210283")).num_ack_pending

    await until(is_acknowledged)
    again = await run(folder, "node", "authority.mjs", "210283", **there)
    assert "case.transferred.v1" not in again
