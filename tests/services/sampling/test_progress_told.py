"""What samples count for is worked out once, in any order of events, and the same on every replica."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from services.sampling.plan_gauges import measure
from services.sampling.progress_told import count_anew, tell_progress
from services.sampling.store import plans, reports, samples, tallies
from shared.contracts import PlanAdopted, PlanLine
from shared.database import Database
from shared.heard import Heard, Work
from shared.metrics import Metrics
from shared.migrations import make_ready
from tests.services.sampling.test_store import failing, row, taken

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
REGION = "21.02.83"
PLAN = PlanAdopted(
    plan_no="PLAN-2026",
    title="Plan of 2026",
    kind="annual",
    starts=date(2026, 1, 1),
    ends=date(2026, 12, 31),
    lines=(PlanLine(township="210283104", samples=3), PlanLine(category="糕点", samples=4)),
)
NOWHERE: Any = None
CAUSE: Heard[Any] = Heard(
    event=PLAN, key="urn:made 1", id="1", time=NOW, region=REGION, origin=NOWHERE, message=NOWHERE
)
STATES = (reports.STANDING, reports.SUPERSEDED, reports.WITHDRAWN, reports.OVERTURNED)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sampling service's database, on SQLite and on PostgreSQL, with a plan."""
    database = Database(database_url.replace("{service}", "sampling"))
    await make_ready(database, "sampling")
    async with database.write() as connection:
        await plans.adopt(connection, plan_row())
    yield database
    await database.close()


def plan_row(**changes: Any) -> dict[str, Any]:
    """The plan as it is kept."""
    facts = {
        "region": REGION,
        "plan_no": PLAN.plan_no,
        "version": 1,
        "kind": PLAN.kind,
        "starts": PLAN.starts,
        "ends": PLAN.ends,
        "adopted": PLAN.model_dump_json(),
        "event_key": "urn:made 0",
    }
    return facts | changes


async def count(database: Database, *numbers: str) -> list[bytes]:
    """Count these samples anew in a transaction of their own; what was told."""
    async with database.write() as connection:
        work = Work("sampling", NOW, connection)
        await tell_progress(CAUSE, work, {f"S-{number}" for number in numbers}, "resident")
    return [told.payload for told in work.told]


async def counters(database: Database) -> dict[str, int]:
    """The counters of the plan that are not zero."""
    async with database.read() as connection:
        kept = await tallies.counters_of(connection, SimpleNamespace(**plan_row()))
    return {name: number for name, number in kept.items() if number}


async def test_nothing_that_changes_no_number_is_told(database: Database) -> None:
    """A sample tells its plan when it is counted first, and not again while its reports say the same."""
    async with database.write() as connection:
        await samples.keep(connection, [taken("1"), taken("2")])
    assert 1 == len(await count(database, "1", "2"))
    assert [] == await count(database, "1", "2")
    assert [] == await count(database, "9")
    assert [] == await count(database)


async def test_second_report_adds_its_hazards_alone(database: Database) -> None:
    """Two standing reports test one sample, for what both looked for; it failed if one of them did."""
    async with database.write() as connection:
        await samples.keep(connection, [taken("1")])
        await reports.keep(connection, [row("L0142", "R-1"), failing("2", hazards="pesticide")])
    await count(database, "1")
    async with database.read() as connection:
        (tally,) = await tallies.tallies(connection, {"S-1"})
    assert (True, True, "metal pesticide") == (tally.tested, tally.failed, tally.hazards)
    assert 1 == (await counters(database))["residue_samples_per_1000"]


async def test_replicas_that_count_together_lose_nothing(database: Database) -> None:
    """Four transactions that count at one time, of other samples and of the same, add up."""
    numbers = [str(number) for number in range(40)]
    async with database.write() as connection:
        await samples.keep(connection, [taken(number) for number in numbers])
        await reports.keep(connection, [row("L0142", f"R-{number}", f"S-{number}") for number in numbers])
    await count(database, *numbers[:20])
    shares = (numbers[:20], numbers[20:30], numbers[30:40], numbers[10:20])
    await asyncio.gather(*(count(database, *share) for share in shares))
    found = await counters(database)
    assert (40, 40, 40) == (found["collected"], found["tested"], found["line:1"])


@tried(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2), st.sampled_from(STATES)), max_size=12))
def test_counting_step_by_step_is_counting_at_once(tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    """However reports come, change and go, the counters are those that counting every sample anew would give."""

    async def story() -> None:
        database = Database(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('story')}/sampling.db")
        await make_ready(database, "sampling")
        async with database.write() as connection:
            await plans.adopt(connection, plan_row())
            await samples.keep(connection, [taken(str(number)) for number in (1, 2, 3)])
            rows = [failing(f"{n}-{m}", f"S-{n}", state=reports.WAITING) for n in (1, 2, 3) for m in (1, 2)]
            await reports.keep(connection, rows)
        for sample, report, state in steps:
            async with database.write() as connection:
                await reports.change(connection, ("L0142", f"R-{sample}-{report}"), state=state)
            await count(database, str(sample))
        by_steps = await counters(database)
        async with database.write() as connection:
            (plan,) = await plans.plans_of(connection, {REGION})
            await count_anew(CAUSE, Work("sampling", NOW, connection), plan, "resident")
        assert by_steps == await counters(database)
        await database.close()

    asyncio.run(story())


async def test_gauges_show_the_plans_in_force(database: Database) -> None:
    """Every township is shown by name, zeros too, unknown ones as one; every target is, all lines as one."""
    elsewhere = [taken(str(number), township="210283999") for number in (4, 5)]
    async with database.write() as connection:
        await samples.keep(connection, [taken("1"), taken("2"), taken("3"), *elsewhere])
        await reports.keep(connection, [row("L0142", "R-1"), failing("2", "S-2"), row("L0142", "R-3", "S-3")])
        await plans.adopt(connection, plan_row(plan_no="PLAN-2025", starts=date(2025, 1, 1), ends=date(2025, 12, 31)))
    await count(database, "1", "2", "3", "4", "5")
    metrics = Metrics("sampling")
    async with database.read() as connection:
        await measure("resident")(connection, metrics, NOW)

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
    metrics = Metrics("sampling")
    async with database.read() as connection:
        await measure("resident")(connection, metrics, NOW)
        before = [family.name for family in metrics.registry.collect() if family.samples]
        await measure("resident")(connection, metrics, datetime(2026, 12, 31, 16, tzinfo=UTC))
    after = [family.name for family in metrics.registry.collect() if family.samples]
    assert "shian_plan_samples" in before
    assert "shian_plan_samples" not in after
