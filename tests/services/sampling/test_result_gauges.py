"""The gauges of the reports that wait, and of the working day."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.sampling.metrics import SamplingMetrics
from services.sampling.result_gauges import measure
from services.sampling.store import reports
from shared.database import Database
from tests.services.sampling.counting import NOW, database_with_plan
from tests.services.sampling.test_store import row


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sampling service's database, on SQLite and on PostgreSQL."""
    async with database_with_plan(database_url) as database:
        yield database


async def test_gauges_show_what_waits_and_for_what(database: Database) -> None:
    """A report without its form waits for that, an unclear one that stands for a person, and no other waits."""
    unclear = {"verdict": "unclear"}
    async with database.write() as connection:
        await reports.keep(
            connection,
            [
                row("L0142", "R-1"),
                row("L0142", "R-2") | {"state": reports.WAITING},
                row("L0142", "R-3") | {"state": reports.WAITING} | unclear,
                row("L0142", "R-4") | unclear,
                row("L0142", "R-5") | unclear | {"state": reports.WITHDRAWN},
            ],
        )
    metrics = SamplingMetrics()
    async with database.read() as connection:
        await measure(metrics)(connection, NOW)
    shown = [
        metrics.registry.get_sample_value("shian_results_waiting", {"waits_for": what}) for what in ("form", "person")
    ]
    assert [2, 1] == shown


@pytest.mark.parametrize(
    ("shown", "now"),
    [
        (1, datetime(2026, 2, 14, 2, tzinfo=UTC)),  # a Saturday on which people work (调休)
        (0, datetime(2026, 2, 17, 2, tzinfo=UTC)),  # the Spring Festival, a Tuesday
        (0, datetime(2026, 11, 27, 16, tzinfo=UTC)),  # Saturday has begun in China
        (1, datetime(2026, 11, 27, 15, tzinfo=UTC)),
    ],
)
async def test_working_days_are_those_of_china(database: Database, shown: int, now: datetime) -> None:
    """The State Council's holidays and swapped weekends count, in China's time."""
    metrics = SamplingMetrics()
    async with database.read() as connection:
        await measure(metrics)(connection, now)
    assert shown == metrics.registry.get_sample_value("shian_working_day")
