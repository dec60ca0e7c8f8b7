"""The gauges of the reports that wait: how many, for what, and since when; and of the working day."""

from datetime import UTC, datetime, timedelta

import pytest

from services.sampling.metrics import SamplingMetrics
from services.sampling.result_gauges import measure
from services.sampling.store import reports
from shared.database import Database
from tests.services.sampling.test_store import NOW, row


async def shown(database: Database, now: datetime) -> tuple[SamplingMetrics, list[float | None]]:
    """The gauges at a time, and of those who wait: forms' number and age, persons' number and age."""
    metrics = SamplingMetrics()
    async with database.read() as connection:
        await measure(metrics)(connection, now)
    names = ("shian_results_waiting", "shian_results_waiting_oldest_seconds")
    value = metrics.registry.get_sample_value
    return metrics, [value(name, {"waits_for": what}) for what in ("form", "person") for name in names]


async def test_what_waits_is_shown_with_the_age_of_the_oldest(database: Database) -> None:
    """A report without its form and an unclear one that stands wait; one that was settled or passed does not."""
    earlier = NOW - timedelta(days=9)
    rows = [
        row("L0142", "R-1", state=reports.WAITING, reported_at=NOW - timedelta(days=4)),
        row("L0142", "R-2", state=reports.WAITING, verdict="unclear", reported_at=NOW - timedelta(days=1)),
        row("L0142", "R-3", verdict="unclear", reported_at=NOW - timedelta(hours=1)),
        row("L0142", "R-4", verdict="unclear", state=reports.SUPERSEDED, reported_at=earlier),
        row("L0142", "R-5", reported_at=earlier),
    ]
    async with database.write() as connection:
        await reports.keep(connection, rows)
    assert [2, 4 * 86400, 1, 3600] == (await shown(database, NOW))[1]


async def test_nothing_that_waits_is_zero(database: Database) -> None:
    """Zeros are shown, so that an alert knows of them from the start."""
    assert [0, 0, 0, 0] == (await shown(database, NOW))[1]


@pytest.mark.parametrize(
    ("working", "now"),
    [
        (1, datetime(2026, 2, 14, 2, tzinfo=UTC)),  # a Saturday on which people work (调休)
        (0, datetime(2026, 2, 17, 2, tzinfo=UTC)),  # the Spring Festival, a Tuesday
        (0, datetime(2026, 11, 27, 16, tzinfo=UTC)),  # Saturday has begun in China
        (1, datetime(2026, 11, 27, 15, tzinfo=UTC)),
    ],
)
async def test_working_day_is_that_of_china(database: Database, working: int, now: datetime) -> None:
    """The State Council's holidays and swapped weekends count, in China's time."""
    metrics, _ = await shown(database, now)
    assert working == metrics.registry.get_sample_value("shian_working_day")
