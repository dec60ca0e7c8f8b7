"""A real Alertmanager for one test, from Debian's package prometheus-alertmanager or from a release."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from services.system import free_port
from tests.speaking import until


def alertmanager() -> str | None:
    """The program, or none where it is not installed."""
    return shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")


@asynccontextmanager
async def running(config: Mapping[str, Any], folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Run it on loopback; a client of its interface."""
    program, port, file, log = alertmanager(), free_port(), folder / "alertmanager.yml", folder / "alertmanager.log"
    assert program is not None
    file.write_text(yaml.safe_dump(dict(config)), "utf-8")
    arguments = [f"--config.file={file}", f"--storage.path={folder / 'alertmanager'}", "--cluster.listen-address="]
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, f"--web.listen-address=127.0.0.1:{port}", stdout=output, stderr=output
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

            async def answers() -> bool:
                assert process.returncode is None, log.read_text("utf-8")
                try:
                    return (await client.get("/-/ready")).is_success
                except httpx.TransportError:
                    return False

            await until(answers)
            yield client
    finally:
        process.terminate()
        await process.wait()
