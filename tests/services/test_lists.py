"""What the office looks up in the sampling service's database: nothing there, and nothing to read.

That the lists show what happened is in tests/partners/office/test_at_work.py.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services import lists
from services.reading import read
from services.sampling.store import tables
from shared.failure import CannotStartError
from shared.settings import Settings
from tests.services.sampling.kept import database_of_sampling, start_clock


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the database of sampling is looked for."""
    address = f"sqlite+aiosqlite:///{tmp_path}/sampling.db"
    monkeypatch.setenv("SHIAN_DATABASE_URL", address)
    return address


async def made(url: str) -> None:
    """An empty database of sampling."""
    async with database_of_sampling(Settings(database_url=url)):
        pass


def test_empty_database_has_nothing_to_list(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each list says in a sentence that it is empty."""
    asyncio.run(made(url))
    for show in (lists.unclear, lists.waiting, lists.open_reinspections, lists.open_objections, lists.laboratories):
        show()
    lists.clocks()
    lists.clocks(missed=True)
    lists.show("S-1")
    assert [
        "No result is unclear.",
        "No report waits for its form.",
        "No re-inspection is open.",
        "No objection is open.",
        "No laboratory has reported.",
        "No clock runs.",
        "None is missed.",
        "Sample S-1 is unknown; check the number.",
    ] == capsys.readouterr().out.splitlines()


def test_database_that_is_not_there_is_not_made(url: str, tmp_path: Path) -> None:
    """Looking for a database does not make one; the sentence says where it was looked for."""
    with pytest.raises(
        CannotStartError, match=rf"{re.escape(url)}, cannot be read \(there is no such file\).*such as sqlite"
    ):
        lists.unclear()
    assert [] == list(tmp_path.iterdir())


def test_file_that_is_no_database_is_said_to_be_none(url: str, tmp_path: Path) -> None:
    """A file that cannot be read as a database is named with the setting that leads there."""
    (tmp_path / "sampling.db").write_text("this is no database, and it is long enough to be looked at" * 10)
    with pytest.raises(CannotStartError, match="set SHIAN_DATABASE_URL"):
        lists.unclear()
    assert url


def test_reading_changes_nothing(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a query would change is not kept."""
    started = datetime(2026, 3, 2, tzinfo=UTC)
    asyncio.run(start_clock(Settings(database_url=url), "SMP-02:S-1", started, started + timedelta(days=20)))

    async def remove(connection: AsyncConnection) -> int:
        return int((await connection.execute(tables.clock.delete())).rowcount)

    assert 1 == read(remove)
    lists.clocks()
    assert capsys.readouterr().out.startswith("SMP-02:S-1  until 2026-03-22 08:00+08:00  runs: laboratory must issue")
