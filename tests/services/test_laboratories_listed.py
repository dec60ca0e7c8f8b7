"""The list of laboratories: reports, accreditation and proficiency, read from the agency's database."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.lists import laboratories
from services.sampling.store import laboratories as registry
from services.sampling.store import reports
from shared.database import Database
from shared.migrations import make_ready
from tests.services.sampling.test_store import failing, row


def filled(url: str) -> None:
    """A database with three laboratories: one that reports, one that is accredited, one that took part in a round."""

    async def fill() -> None:
        database = Database(url)
        await make_ready(database, "sampling")
        async with database.write() as connection:
            late = row("L0142", "R-2", on_time=False)
            await reports.keep(connection, [row("L0142", "R-1"), late, failing("3", state=reports.OVERTURNED)])
            for laboratory in ("L0142", "L0200"):
                entry = {
                    "event_key": laboratory, "laboratory": laboratory, "entered_at": datetime(2026, 1, 1, tzinfo=UTC),
                    "entered_by": "O001", "content": "c", "certificate_no": "CMA-1", "valid_from": date(2024, 1, 1),
                    "valid_to": date(2029, 12, 31), "scope": "[]", "region": "21.02.83",
                }  # fmt: skip
                await registry.accredit(connection, entry)
            common = {"round_no": "PT-1", "substance": "镉", "closed_on": date(2026, 3, 1)}
            scores = [
                common | {"laboratory": "L0142", "z": "0.389", "rating": "satisfactory", "flagged": False},
                common | {"laboratory": "L0300", "z": "3.722", "rating": "unsatisfactory", "flagged": True},
            ]
            await registry.keep_round(connection, common | {"event_key": "k", "content": "c"}, scores)
        await database.close()

    asyncio.run(fill())


def test_laboratories_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each laboratory that reports, is accredited or took part in a round has a line with all that is known of it."""
    filled(f"sqlite+aiosqlite:///{tmp_path}/sampling.db")
    monkeypatch.setenv("SHIAN_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/{{service}}.db")
    laboratories()
    shares = "on time 2 (66.7%), corrected 0 (0.0%), overturned 1 (33.3%)"
    accredited = "accredited 2024-01-01 to 2029-12-31 (CMA-1)"
    assert [
        f"L0142  3 reports: {shares}; {accredited}; z 0.389 on 镉 in round PT-1 (satisfactory)",
        f"L0200  no reports; {accredited}",
        "L0300  no reports; not accredited; z 3.722 on 镉 in round PT-1 (unsatisfactory, flagged)",
    ] == capsys.readouterr().out.splitlines()
