"""The gauges of the plans in force: bounded in their labels, and what the database says."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from services.sampling.metrics import SamplingMetrics
from services.sampling.plan_gauges import measure
from services.sampling.store import plans, reports, samples
from shared.database import Database
from tests.services.sampling.counting import NOW, REGION, count, database_with_plan, plan_row
from tests.services.sampling.test_store import failing, row, taken


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sampling service's database, on SQLite and on PostgreSQL, with a plan."""
    async with database_with_plan(database_url) as database:
        yield database


async def test_gauges_show_the_plans_in_force(database: Database) -> None:
    """Every township is shown by name, zeros too, unknown ones as one; every target is, all lines as one."""
    elsewhere = [taken(str(number), township="210283999") for number in (4, 5)]
    async with database.write() as connection:
        await samples.keep(connection, [taken("1"), taken("2"), taken("3"), *elsewhere])
        await reports.keep(connection, [row("L0142", "R-1"), failing("2", "S-2"), row("L0142", "R-3", "S-3")])
        await plans.adopt(connection, plan_row(plan_no="PLAN-2025", starts=date(2025, 1, 1), ends=date(2025, 12, 31)))
    await count(database, "1", "2", "3", "4", "5")
    metrics = SamplingMetrics()
    async with database.read() as connection:
        await measure(metrics, "resident")(connection, NOW)

    def samples_in(township: str, name: str) -> list[float | None]:
        labels = {"region": REGION, "plan": "PLAN-2026", "township": township, "name": name}
        stages = ("collected", "tested", "failed")
        return [metrics.registry.get_sample_value("shian_plan_samples", labels | {"stage": stage}) for stage in stages]

    def target(name: str) -> list[float | None]:
        labels = {"region": REGION, "plan": "PLAN-2026", "target": name}
        values = ("shian_plan_target_reached", "shian_plan_target_wanted")
        return [metrics.registry.get_sample_value(value, labels) for value in values]

    assert [[3, 3, 1], [0, 0, 0], [2, 0, 0]] == [
        samples_in("210283104", "黑岛镇"),
        samples_in("210283101", "青堆镇"),
        samples_in("other", ""),
    ]
    labels = {"region": REGION, "plan": "PLAN-2026"}
    wanted = [
        metrics.registry.get_sample_value("shian_plan_samples_wanted", labels | {"township": township})
        for township in ("210283104", "210283101", "other")
    ]
    assert [3, None, None] == wanted
    assert [[3, 2970], [1, 2], [None, None]] == [target("samples_per_1000"), target("lines"), target("line:1")]
    shown = {
        sample.labels["plan"]
        for family in metrics.registry.collect()
        for sample in family.samples
        if "plan" in sample.labels
    }
    assert {"PLAN-2026"} == shown


async def test_gauges_forget_a_plan_that_is_over(database: Database) -> None:
    """On the day after a plan's last day nothing of it is shown."""
    metrics = SamplingMetrics()
    async with database.read() as connection:
        await measure(metrics, "resident")(connection, NOW)
        before = [family.name for family in metrics.registry.collect() if family.samples]
        await measure(metrics, "resident")(connection, datetime(2026, 12, 31, 16, tzinfo=UTC))
    after = [family.name for family in metrics.registry.collect() if family.samples]
    assert "shian_plan_samples" in before
    assert "shian_plan_samples" not in after
