"""How far plans are, as it is told: after forms, reports and their changes, for every plan that they move."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    Determination,
    PlanLine,
    PlanProgressed,
    RapidTestRecorded,
    ResultCorrected,
    ResultSettled,
    ResultWithdrawn,
    SampleCollected,
)
from shared.settings import Settings
from tests.county import collected, prepared, say
from tests.examples import form, malachite_green_in_carp, procymidone_in_leek, report, without_values
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.test_on_plan_adopted import plan
from tests.services.sampling.told import told
from tests.speaking import until

NOT_FOUND = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


def corrected(number: str) -> ResultCorrected:
    """The correction of a report on malachite green to a pass."""
    first = malachite_green_in_carp(number).model_dump() | {"report_no": f"R-{number}a", "determinations": NOT_FOUND}
    return ResultCorrected(**first, corrects=f"R-{number}", why="Read from another sample.")


def of_campaign(number: str) -> SampleCollected:
    """The form of a sample that is taken for a campaign."""
    return form(report(number), plan_no="FISH-2026")


def counts(progress: PlanProgressed) -> tuple[int, int, int]:
    """Collected, tested and failed."""
    return progress.collected, progress.tested, progress.failed


def reached(progress: Sequence[PlanProgressed], target: str) -> tuple[int, int]:
    """Reached and wanted of a target, by the last of these events that tells it."""
    told = [one for event in progress for one in event.targets if one.target == target]
    return int(told[-1].reached), int(told[-1].wanted)


async def test_reports_of_a_batch_move_their_plan_once(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A batch of reports tells each plan once: what is collected, tested, failed, and how far each target is."""
    reports = [malachite_green_in_carp("1"), procymidone_in_leek("2"), report("3"), without_values("4")]
    await say(server, "officer.O001", plan(key_categories=("食用农产品", "粮食加工品", "糕点")))
    await prepared(server, *reports, report("5"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        before = len(await told(operator, PlanProgressed))
        await say(server, "lab.L0142", *reports)
        await until(lambda: is_idle(operator, "sampling"))
    progress = await told(operator, PlanProgressed)
    last = progress[before:][-1]
    assert ("PLAN-2026", (5, 4, 2)) == (last.plan_no, counts(last))
    assert (742_496, "resident") == (last.population, last.population_base)
    assert ((4, 2970), (2, 1485)) == (
        reached(progress, "samples_per_1000"),
        reached(progress, "residue_samples_per_1000"),
    )
    assert ((2, 2), (1, 2)) == (reached(progress, "key_category_coverage"), reached(progress, "line:1"))
    assert all(target.citation and target.verified for target in last.targets)


async def test_one_event_for_a_batch(server: NatsServer, settings: Settings, operator: Client) -> None:
    """What is heard in one batch moves a plan in one event, however many samples it is."""
    reports = [report(str(number)) for number in range(40)]
    await say(server, "officer.O001", plan())
    await prepared(server, *reports)
    await say(server, "lab.L0142", *reports)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    progress = [counts(one) for one in await told(operator, PlanProgressed)]
    assert (40, 40, 0) == progress[-1]
    assert len(progress) < 10


async def test_corrected_and_withdrawn_reports_count_once(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A correction counts its sample once and takes its failure back; a withdrawal takes the test back."""
    first, second = malachite_green_in_carp("1"), malachite_green_in_carp("2")
    await say(server, "officer.O001", plan())
    await prepared(server, first, second)
    async with build(settings).start_lifespan_context():
        for event in (first, second, corrected("1")):
            await say(server, "lab.L0142", event)
            await until(lambda: is_idle(operator, "sampling"))
        gone = ResultWithdrawn(report_no="R-2", sample_no="S-2", why="Mixed up in the laboratory.")
        await say(server, "lab.L0142", gone)
        await until(lambda: is_idle(operator, "sampling"))
    progress = await told(operator, PlanProgressed)
    assert [(2, 1, 1), (2, 2, 2), (2, 2, 1), (2, 1, 0)] == [counts(one) for one in progress[-4:]]
    lines = [[int(one.reached) for one in event.targets if one.target == "line:1"] for event in progress[-4:]]
    assert [[1], [2], [], [1]] == lines


async def test_settled_result_counts_as_it_was_settled(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """An unclear result is tested and not failed, until an officer decides that it is; a second report adds nothing."""
    unclear = without_values("1")
    await say(server, "officer.O001", plan())
    await prepared(server, unclear)
    async with build(settings).start_lifespan_context():
        await say(server, "lab.L0142", unclear, without_values("1", report_no="R-1b"))
        await until(lambda: is_idle(operator, "sampling"))
        settled = ResultSettled(
            sample_no="S-1", laboratory="L0142", report_no="R-1", verdict="fail", why="The laboratory told it."
        )
        await say(server, "officer.O001", settled)
        await until(lambda: is_idle(operator, "sampling"))
    assert [(1, 0, 0), (1, 1, 0), (1, 1, 1)] == [counts(one) for one in (await told(operator, PlanProgressed))[-3:]]


async def test_sample_counts_for_the_plan_that_its_form_names(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A form's plan number goes before the county's annual plan, which has the rest of its days and no others."""
    await say(server, "officer.O001", plan(), plan(plan_no="FISH-2026", kind="campaign"))
    before = form(report("3"), sampled_at=datetime(2025, 12, 31, 15, 59, tzinfo=UTC))
    first_minute = form(report("4"), sampled_at=datetime(2025, 12, 31, 16, 0, tzinfo=UTC))
    async with build(settings).start_lifespan_context():
        await collected(server, of_campaign("1"), form(report("2")), before, first_minute)
        await until(lambda: is_idle(operator, "sampling"))
    last = {one.plan_no: counts(one) for one in await told(operator, PlanProgressed)}
    assert {"PLAN-2026": (2, 0, 0), "FISH-2026": (1, 0, 0)} == last


async def test_countys_targets_count_what_any_plan_takes(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A campaign's tested sample moves the annual plan's targets per 1000 people, and none of its lines."""
    first = malachite_green_in_carp("1")
    await say(server, "officer.O001", plan(), plan(plan_no="FISH-2026", kind="campaign"))
    await prepared(server)
    await collected(server, form(first, plan_no="FISH-2026"))
    async with build(settings).start_lifespan_context():
        await say(server, "lab.L0142", first)
        await until(lambda: is_idle(operator, "sampling"))
    progress = {one.plan_no: one for one in await told(operator, PlanProgressed)}
    annual = progress["PLAN-2026"]
    assert ((0, 0, 0), (1, 2970)) == (counts(annual), reached([annual], "samples_per_1000"))
    assert ["samples_per_1000", "residue_samples_per_1000"] == [one.target for one in annual.targets]
    assert ((1, 1, 1), (1, 2)) == (counts(progress["FISH-2026"]), reached([progress["FISH-2026"]], "line:1"))


async def test_corrected_form_moves_its_sample_to_another_plan(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A sample that a corrected form gives to a campaign is told as gone from the annual plan and come to the other."""
    await say(server, "officer.O001", plan(), plan(plan_no="FISH-2026", kind="campaign"))
    async with build(settings).start_lifespan_context():
        await collected(server, form(report("1")))
        await until(lambda: is_idle(operator, "sampling"))
        await collected(server, of_campaign("1"))
        await until(lambda: is_idle(operator, "sampling"))
    progress = await told(operator, PlanProgressed)
    assert [("PLAN-2026", (1, 0, 0)), ("FISH-2026", (1, 0, 0)), ("PLAN-2026", (0, 0, 0))] == [
        (one.plan_no, counts(one)) for one in progress[2:]
    ]


async def test_plan_that_is_adopted_late_counts_what_was_taken(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Samples that were taken and tested before their plan was adopted count for it, and for a new version of it."""
    first = malachite_green_in_carp("1")
    await prepared(server, first, report("2"))
    await collected(server, of_campaign("3"))
    async with build(settings).start_lifespan_context():
        await say(server, "lab.L0142", first)
        await until(lambda: is_idle(operator, "sampling"))
        assert [] == await told(operator, PlanProgressed)
        late = plan(plan_no="FISH-2026", kind="campaign")
        await say(server, "officer.O001", plan(), late, plan(PlanLine(place_kind="wet_market", samples=7)))
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "lab.L0142", report("2"))
        await until(lambda: is_idle(operator, "sampling"))
    progress = await told(operator, PlanProgressed)
    assert [("PLAN-2026", (2, 1, 1)), ("FISH-2026", (1, 0, 0)), ("PLAN-2026", (2, 1, 1)), ("PLAN-2026", (2, 2, 1))] == [
        (one.plan_no, counts(one)) for one in progress
    ]
    assert [(1, 2), (1, 7), (2, 7)] == [reached([one], "line:1") for one in progress if one.plan_no == "PLAN-2026"]


async def test_rapid_tests_never_count(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A rapid test moves no plan, whatever it finds."""
    test = RapidTestRecorded(
        test_no="Q-1",
        township="210283104",
        place_kind="wholesale_market",
        sampled_unit="V0001",
        product="草鱼",
        category="食用农产品",
        analyte="孔雀石绿",
        positive=True,
        tested_at=datetime(2026, 2, 24, 1, 30, tzinfo=UTC),
    )
    await say(server, "officer.O001", plan())
    await say(server, "sampler.S01", test)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await collected(server, form(malachite_green_in_carp("1")))
        await until(lambda: is_idle(operator, "sampling"))
    assert [(0, 0, 0), (1, 0, 0)] == [counts(one) for one in await told(operator, PlanProgressed)]


async def test_registered_population_is_a_setting(server: NatsServer, settings: Settings, operator: Client) -> None:
    """With the other base the targets per 1000 people are those of the registered population."""
    settings = settings.model_copy(update={"population_base": "registered"})
    await say(server, "officer.O001", plan())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (progress,) = await told(operator, PlanProgressed)
    assert (872_000, "registered", (0, 3488)) == (
        progress.population,
        progress.population_base,
        reached([progress], "samples_per_1000"),
    )
