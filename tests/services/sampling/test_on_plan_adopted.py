"""Plans: published in versions, refused where a sample's count would be uncertain, and told as they are fulfilled."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    Determination,
    Hazard,
    PlanAdopted,
    PlanLine,
    PlanProgressed,
    PlanPublished,
    RapidTestRecorded,
    RequestAccepted,
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
from tests.services.sampling.told import acceptances, refusals, told
from tests.speaking import until

NOT_FOUND = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


def plan(*lines: PlanLine, **changes: Any) -> PlanAdopted:
    """The annual plan of 2026."""
    facts: dict[str, Any] = {
        "plan_no": "PLAN-2026",
        "title": "Plan of 2026",
        "kind": "annual",
        "starts": date(2026, 1, 1),
        "ends": date(2026, 12, 31),
        "lines": lines or (PlanLine(category="食用农产品", hazard=Hazard.VETERINARY_DRUG, samples=2),),
    }
    return PlanAdopted(**(facts | changes))


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


def reached(progress: PlanProgressed, target: str) -> tuple[int, int]:
    """Reached and wanted of a target."""
    return next((int(one.reached), int(one.wanted)) for one in progress.targets if one.target == target)


async def test_plan_is_published_in_versions(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A plan is published as version 1, changed lines under its number as version 2, the same again not at all."""
    changed = plan(PlanLine(samples=9))
    await say(server, "officer.O001", plan(), changed, changed)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    published = await told(operator, PlanPublished)
    assert [("PLAN-2026", 1, 2), ("PLAN-2026", 2, 9)] == [
        (one.plan_no, one.version, one.lines[0].samples) for one in published
    ]
    assert [("PLAN-2026", []), ("PLAN-2026", [])] == await acceptances(operator)
    assert [("officer.O001", "already_done", "data.plan_no")] == await refusals(operator)


async def test_plan_that_cannot_be_is_declined(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A township of another county and a second annual plan for a day are declined by field; a campaign is not."""
    await say(
        server,
        "officer.O001",
        plan(PlanLine(samples=1), PlanLine(township="210281001", samples=1)),
        plan(),
        plan(plan_no="OTHER-2026", starts=date(2026, 12, 31), ends=date(2027, 12, 31)),
        plan(plan_no="FISH-2026", kind="campaign"),
        plan(plan_no="PLAN-2027", starts=date(2027, 1, 1), ends=date(2027, 12, 31)),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("officer.O001", "wrong_place", "data.lines.1.township"),
        ("officer.O001", "wrong_dates", "data.starts"),
    ] == await refusals(operator)
    assert ["PLAN-2026", "FISH-2026", "PLAN-2027"] == [one.plan_no for one in await told(operator, PlanPublished)]


async def test_what_no_table_knows_warns(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A township that the table does not name is taken with a warning."""
    await say(server, "officer.O001", plan(PlanLine(township="210283999", samples=1)))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (accepted,) = await told(operator, RequestAccepted, "RECEIPTS")
    assert ["unknown_township"] == [warning.rule for warning in accepted.warnings]
    assert "210283999" in accepted.warnings[0].text


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
    last = (await told(operator, PlanProgressed))[before:][-1]
    assert ("PLAN-2026", (5, 4, 2)) == (last.plan_no, counts(last))
    assert (742_496, "resident") == (last.population, last.population_base)
    assert ((4, 2970), (2, 1485)) == (reached(last, "samples_per_1000"), reached(last, "residue_samples_per_1000"))
    assert ((2, 2), (1, 2)) == (reached(last, "key_category_coverage"), reached(last, "line:1"))
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
    assert [(1, 2), (2, 2), (2, 2), (1, 2)] == [reached(one, "line:1") for one in progress[-4:]]


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
    assert [(1, 2), (1, 7), (2, 7)] == [reached(one, "line:1") for one in progress if one.plan_no == "PLAN-2026"]


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
        reached(progress, "samples_per_1000"),
    )
