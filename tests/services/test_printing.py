"""``shian notice print``: it reads the sample, writes the file, and never writes over one that may have been served."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.printing import print_notice
from shared.failure import CannotStartError
from shared.settings import Settings
from tests.county import prepared, say
from tests.examples import malachite_green_in_carp, report
from tests.listening import is_idle
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.speaking import until


async def test_notice_is_written_once_and_says_how_to_go_on(
    settings: Settings,
    server: NatsServer,
    operator: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The file has the digest that is printed; the same again is harmless, and another is not written over it."""
    failed, passed = malachite_green_in_carp("1"), report("2")
    await prepared(server, failed, passed)
    await say(server, "lab.L0142", failed, passed)
    async with running_services(settings, "sampling"):
        await until(lambda: is_idle(operator, "sampling"))
    monkeypatch.setenv("SHIAN_DATABASE_URL", settings.database_url)
    out = tmp_path / "notice.html"

    def printed(sample_no: str = "S-1", *, name: str = "", to: Path = out) -> str:
        capsys.readouterr()
        print_notice(sample_no, "operator", to, name)
        return capsys.readouterr().out

    said = await asyncio.to_thread(printed)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert [
        f"{out} is written, SHA-256 {digest}.",
        f"When it was served: shian notice serve S-1 --to operator --on DATE --document {out}",
    ] == said.splitlines()
    assert "孔雀石绿" in out.read_text("utf-8")
    assert said == await asyncio.to_thread(printed)
    for faulty, words in (
        ({"name": "Another"}, "is there and holds something else"),
        ({"sample_no": "S-2", "to": tmp_path / "2.html"}, "Sample S-2 does not count as failed"),
        ({"sample_no": "S-3", "to": tmp_path / "3.html"}, "Sample S-3 is unknown"),
        ({"to": tmp_path / "none" / "1.html"}, "cannot be written"),
    ):
        with pytest.raises(CannotStartError, match=words):
            await asyncio.to_thread(printed, **faulty)
    assert digest == hashlib.sha256(out.read_bytes()).hexdigest()
