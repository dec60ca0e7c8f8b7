"""Which reports were judged is found again, by laboratory and number and by sample."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import IntegrityError

from services.sampling import store
from services.sampling.store import content_of, keep_reports, known_reports, reports_on
from shared.database import Database
from shared.migrations import make_ready
from shared.tables import Tables
from tests.examples import malachite_green_in_carp, report


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sampling service's database, on SQLite and on PostgreSQL."""
    database = Database(database_url.replace("{service}", "sampling"))
    await make_ready(database, "sampling")
    yield database
    await database.close()


def row(laboratory: str, number: str, sample: str = "S-1", content: str = "c") -> dict[str, str]:
    """A judged report."""
    key = f"urn:shian:lab:{laboratory} {number}"
    return {
        "laboratory": laboratory,
        "report_no": number,
        "sample_no": sample,
        "content": content,
        "event_key": key,
        "verdict": "pass",
    }


async def test_known_report_is_found_by_laboratory_and_number(database: Database) -> None:
    """A report that was kept is known with its content; an unknown one, or another laboratory's, is not."""
    async with database.write() as connection:
        await keep_reports(connection, [row("L0142", "R-1"), row("L0142", "R-2", content="d"), row("L0200", "R-3")])
    asked = [("L0142", "R-1"), ("L0142", "R-2"), ("L0142", "R-3"), ("L0142", "R-4"), ("L0200", "R-1")]
    async with database.read() as connection:
        known = await known_reports(connection, asked)
    assert {identity: known[identity] for identity in asked if identity in known} == {
        ("L0142", "R-1"): ("c", "urn:shian:lab:L0142 R-1"),
        ("L0142", "R-2"): ("d", "urn:shian:lab:L0142 R-2"),
    }


async def test_nothing_is_asked_and_nothing_kept(database: Database) -> None:
    """An empty batch asks for no report and keeps none."""
    async with database.write() as connection:
        await keep_reports(connection, [])
        assert {} == await known_reports(connection, [])


async def test_batch_of_the_largest_size_is_kept_and_found(database: Database) -> None:
    """As many reports as the largest batch holds go in and are found in one statement each."""
    rows = [row("L0142", f"R-{n}") for n in range(1000)]
    async with database.write() as connection:
        await keep_reports(connection, rows)
    async with database.read() as connection:
        known = await known_reports(connection, [("L0142", one["report_no"]) for one in rows])
    assert {("L0142", one["report_no"]) for one in rows} == set(known)


async def test_report_number_is_a_laboratorys_own(database: Database) -> None:
    """Two laboratories may use one number; one laboratory may use it once."""
    async with database.write() as connection:
        await keep_reports(connection, [row("L0142", "R-1"), row("L0200", "R-1")])
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await keep_reports(connection, [row("L0142", "R-1", content="other")])
    async with database.read() as connection:
        known = await known_reports(connection, [("L0142", "R-1")])
    assert ("c", "urn:shian:lab:L0142 R-1") == known["L0142", "R-1"]


async def test_reports_on_a_sample_come_in_the_order_of_their_numbers(database: Database) -> None:
    """Every report on a sample is found, whoever made it, and none on another."""
    async with database.write() as connection:
        await keep_reports(connection, [row("L0200", "R-3"), row("L0142", "R-1"), row("L0142", "R-2", sample="S-2")])
    async with database.read() as connection:
        assert ["urn:shian:lab:L0142 R-1", "urn:shian:lab:L0200 R-3"] == await reports_on(connection, "S-1")
        assert [] == await reports_on(connection, "S-9")


def test_content_tells_a_repetition_from_a_change() -> None:
    """The same report has the same content; another in any field, or in the order of determinations, has not."""
    first = report("1")
    two = (*first.determinations, *malachite_green_in_carp("1").determinations)
    others = [
        report("2"),
        report("1", product="小米"),
        report("1", subcategory="大米"),
        report("1", determinations=two),
        report("1", determinations=two[::-1]),
    ]
    assert content_of(first) == content_of(report("1"))
    assert len({content_of(one) for one in (first, *others)}) == 1 + len(others)


def test_service_has_the_journals_tables() -> None:
    """The journal and the clocks live beside the service's own table."""
    assert isinstance(store.tables, Tables)
    assert set(store.SamplingTable.metadata.tables) == {"report", "heard", "told", "batch", "clock"}
