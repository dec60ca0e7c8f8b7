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

from services.sampling.progress_told import count_anew
from services.sampling.store import plans, reports, samples, tallies
from shared.contracts import PlanLine
from shared.database import Database
from shared.heard import Work
from tests.services.sampling.counting import (
    CAUSE,
    NOW,
    PLAN,
    REGION,
    campaign_row,
    corrected,
    count,
    count_and_forget,
    counters,
    database_with_plan,
    lines,
    plan_row,
    read,
)
from tests.services.sampling.test_store import failing, row, taken

STATES = (reports.STANDING, reports.SUPERSEDED, reports.WITHDRAWN, reports.OVERTURNED)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sampling service's database, on SQLite and on PostgreSQL, with a plan."""
    async with database_with_plan(database_url) as database:
        yield database


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
        found, _ = await tallies.tallies(connection, {"S-1"})
    tally = found["S-1"]
    assert (True, True, "metal pesticide") == (tally["tested"], tally["failed"], tally["hazards"])
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


async def test_replicas_that_count_corrected_forms_lose_nothing(database: Database) -> None:
    """Forms that are corrected while reports on the same samples are counted end as counting all of them anew."""
    numbers = [str(number) for number in range(12)]
    async with database.write() as connection:
        await plans.adopt(connection, campaign_row())
        await samples.keep(connection, [taken(number) for number in numbers])
        await reports.keep(connection, [row("L0142", f"R-{number}", f"S-{number}") for number in numbers])
    changes = {"township": "210283101", "plan_no": "FISH-2026", "category": "糕点"}
    corrections = [corrected(database, number, **changes) for number in numbers[:8]]
    await asyncio.gather(*corrections, *(count(database, *numbers[at:]) for at in (0, 3, 6)))
    assert {"collected": 4, "tested": 4, "samples_per_1000": 12, "line:1": 4} == {
        name: number for name, number in (await counters(database)).items() if "@" not in name
    }
    assert {"collected": 8, "tested": 8, "line:2": 8} == {
        name: number for name, number in (await counters(database, plan_no="FISH-2026")).items() if "@" not in name
    }


async def test_corrected_form_is_counted_as_it_now_is(database: Database) -> None:
    """Township, food, place and day of a sample are those of the form that stands, not of the one before."""
    async with database.write() as connection:
        await samples.keep(connection, [taken("1")])
        await reports.keep(connection, [row("L0142", "R-1")])
    await count(database, "1")
    assert 1 == (await counters(database))["tested@210283104"]
    where = {"township": "210283101", "category": "食品", "subcategory": "糕点", "place_kind": "school_canteen"}
    (progress,) = await corrected(database, "1", **where)
    assert {"line:1": 0, "line:2": 1} == lines(progress)
    assert (1, 0) == ((found := await counters(database))["tested@210283101"], found.get("tested@210283104", 0))
    (progress,) = await corrected(database, "1", **where, sampled_at=datetime(2027, 1, 4, tzinfo=UTC))
    assert (0, 0, {"line:2": 0}) == (progress.collected, progress.tested, lines(progress))
    assert {} == await counters(database)


async def test_corrected_plan_number_tells_both_plans(database: Database) -> None:
    """A sample that a corrected form gives to a campaign leaves the annual plan's lines and stays the county's."""
    async with database.write() as connection:
        await plans.adopt(connection, campaign_row())
        await samples.keep(connection, [taken("1")])
        await reports.keep(connection, [row("L0142", "R-1")])
    await count(database, "1")
    for named, numbers in (("FISH-2026", [(1, 1), (0, 1)]), (None, [(0, 0), (1, 1)])):
        told = await corrected(database, "1", plan_no=named)
        county = [int(one.reached) for one in told[1].targets if one.target == "samples_per_1000"]
        assert ["FISH-2026", "PLAN-2026"] == [one.plan_no for one in told]
        assert numbers == [(told[0].tested, lines(told[0])["line:1"]), (told[1].tested, county[0])]
    assert {} == await counters(database, plan_no="FISH-2026")


async def test_food_below_a_lines_counts_for_it(database: Database) -> None:
    """Variety and item of a form count as its category does, and so does all that lies above them in the tree."""
    forms = [
        taken("1", category="糕点"),
        taken("2", category="粮食加工品", variety="普通挂面"),
        taken("3", category="粮食加工品", item="玉米粉"),
    ]
    wanted = tuple(PlanLine(category=name, samples=1) for name in ("糕点", "挂面", "谷物加工品", "谷物碾磨加工品"))
    adopted = PLAN.model_copy(update={"lines": wanted}).model_dump_json()
    async with database.write() as connection:
        await plans.adopt(connection, plan_row(version=2, adopted=adopted))
        await samples.keep(connection, forms)
        await reports.keep(connection, [row("L0142", f"R-{number}", f"S-{number}") for number in (1, 2, 3)])
    (payload,) = await count(database, "1", "2", "3")
    assert {"line:1": 1, "line:2": 1, "line:4": 1} == lines(read(payload))


async def test_lines_are_told_where_they_moved(database: Database) -> None:
    """A plan of many lines tells all of them when it is adopted, after that the ones that moved; twice is the same."""
    here = (PlanLine(township="210283104", samples=1),) * 1999
    adopted = PLAN.model_copy(update={"lines": (*here, PlanLine(category="糕点", samples=4))})
    row_of_plan = plan_row(version=2, adopted=adopted.model_dump_json())
    async with database.write() as connection:
        await plans.adopt(connection, row_of_plan)
        await samples.keep(connection, [taken("1"), taken("2", category="糕点", township="210283101")])
        await reports.keep(connection, [row("L0142", "R-1"), row("L0142", "R-2", "S-2")])
        work = Work("sampling", NOW, connection)
        await count_anew(CAUSE, work, SimpleNamespace(**row_of_plan), "resident")
    assert 2000 == len(lines(read(work.told[0].payload)))
    first = await count_and_forget(database, "2")
    assert {"line:2000": 1} == lines(read(first[0]))
    assert first == await count_and_forget(database, "2")
    assert first == await count(database, "2")
    assert 1999 == len(lines(read((await count(database, "1"))[0])))


async def test_only_plans_that_samples_may_count_for_are_looked_at(database: Database) -> None:
    """A campaign that no sample names, the plan of another year and those of other counties are not read."""
    async with database.write() as connection:
        await plans.adopt(connection, campaign_row())
        await plans.adopt(connection, plan_row(plan_no="PLAN-2025", starts=date(2025, 1, 1), ends=date(2025, 12, 31)))
        await plans.adopt(connection, plan_row(region="21.02.81"))
        days = {date(2026, 1, 1), date(2026, 5, 1)}
        found = await plans.concerned(connection, {REGION}, {""}, days)
        named = await plans.concerned(connection, {REGION}, {"FISH-2026"}, {date(2027, 1, 1)})
        asked = await plans.existing(connection, {REGION}, {"FISH-2026", "FISH-2027"})
        nothing = await plans.existing(connection, {REGION}, ())
    assert [["PLAN-2026"], ["FISH-2026"]] == [[one.plan_no for one in plans_] for plans_ in (found, named)]
    assert ({(REGION, "FISH-2026")}, set()) == (asked, nothing)


STEPS = st.one_of(
    st.tuples(st.integers(1, 3), st.integers(1, 2), st.sampled_from(STATES)),
    st.tuples(
        st.integers(1, 3),
        st.fixed_dictionaries(
            {
                "plan_no": st.sampled_from((None, "PLAN-2026", "FISH-2026")),
                "township": st.sampled_from(("210283104", "210283101")),
                "category": st.sampled_from(("糕点", "粮食加工品")),
                "sampled_at": st.sampled_from((NOW, datetime(2025, 12, 31, 15, tzinfo=UTC))),
            }
        ),
    ),
)
"""A report takes another state, or a form is corrected."""


@tried(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12))
def test_counting_step_by_step_is_counting_at_once(tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    """However reports and forms come and change, the counters are those that counting every sample anew would give."""

    async def story() -> None:
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('story')}/sampling.db"
        async with database_with_plan(url) as database:
            await tell(database)

    async def tell(database: Database) -> None:
        async with database.write() as connection:
            await plans.adopt(connection, campaign_row())
            await samples.keep(connection, [taken(str(number)) for number in (1, 2, 3)])
            rows = [failing(f"{n}-{m}", f"S-{n}", state=reports.WAITING) for n in (1, 2, 3) for m in (1, 2)]
            await reports.keep(connection, rows)
        for sample, *change in steps:
            if len(change) == 1:
                await corrected(database, str(sample), **change[0])
                continue
            async with database.write() as connection:
                await reports.change(connection, ("L0142", f"R-{sample}-{change[0]}"), state=change[1])
            await count(database, str(sample))
        by_steps = [await counters(database), await counters(database, plan_no="FISH-2026")]
        async with database.write() as connection:
            for plan in await plans.plans_of(connection, {REGION}):
                await count_anew(CAUSE, Work("sampling", NOW, connection), plan, "resident")
        assert by_steps == [await counters(database), await counters(database, plan_no="FISH-2026")]

    asyncio.run(story())
