"""What sampling answers to forms: registered with warnings, or declined; what waited for a form is judged."""

from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import PlanAdopted, PlanLine, PlanProgressed, SampleFailed, SampleRegistered
from shared.settings import Settings
from tests.county import collected, prepared, say
from tests.examples import form, malachite_green_in_carp, report
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.services.sampling.told import acceptances, kinds, refusals, rejections, told, verdicts
from tests.speaking import publish, record, until

TAKEN = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


async def test_form_registers_its_sample(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A form is told as registered with what it says, and the clock of its delivery runs for five working days."""
    taken = form(report("1"), batch_no="B1", laboratory="L0142")
    await say(server, "sampler.S01", taken)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (registered,) = await told(operator, SampleRegistered)
    assert (registered.sample_no, registered.product, registered.township) == ("S-1", "大米", "210283104")
    assert (registered.laboratory, registered.sampled_at, registered.warnings) == ("L0142", TAKEN, ())
    assert [("S-1", [])] == await acceptances(operator)
    (clock,) = (await clocks(settings)).values()
    assert ("SMP-01:S-1", TAKEN) == (clock.clock, clock.started)
    assert clock.due == datetime(2026, 3, 2, 16, tzinfo=UTC)  # the Saturday of 28 February 2026 is worked
    assert clock.stopped is None


async def test_caps_warn_within_one_batch_and_over_many(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The sixth sample of a producer and the second of a batch are registered with a warning, however they come."""
    forms = [form(report(str(n)), batch_no=f"B{min(n, 5)}", sampled_unit=f"V{n}") for n in range(1, 8)]
    await say(server, "sampler.S01", *forms[:4])
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "sampler.S01", *forms[4:])
        await until(lambda: is_idle(operator, "sampling"))
    warned = {number: rules for number, rules in await acceptances(operator) if rules}
    assert {"S-6": ["same_producer", "same_batch"], "S-7": ["same_producer", "same_batch"]} == warned


async def test_plan_that_the_county_does_not_have_warns(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A form that names an unknown plan is registered with a warning, a corrected one too, until it is adopted."""
    campaign = PlanAdopted(
        plan_no="FISH-2026",
        title="Fish",
        kind="campaign",
        starts=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        lines=(PlanLine(samples=1),),
    )
    async with build(settings).start_lifespan_context():
        await collected(server, form(report("1"), plan_no="FISH-2026"))
        await collected(server, form(report("1"), plan_no="FISH-2026", brand="其他"))
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "officer.O001", campaign)
        await collected(server, form(report("2"), plan_no="FISH-2026"))
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("S-1", ["unknown_plan"]),
        ("S-1", ["form_corrected", "unknown_plan"]),
        ("FISH-2026", []),
        ("S-2", []),
    ] == await acceptances(operator)
    assert [1, 2] == [one.collected for one in await told(operator, PlanProgressed)]


async def test_form_that_cannot_be_is_declined(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A form by a stranger, one of another county and one from the future are declined by field, and leave nothing."""
    later = datetime.now(UTC) + timedelta(days=1)
    await say(
        server,
        "sampler.S01",
        form(report("1"), samplers=("S02", "S03")),
        form(report("2"), township="210281001"),
        form(report("3"), sampled_at=later),
        form(report("4"), production_date=date(2026, 2, 25)),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("sampler.S01", "not_yours", "data.samplers"),
        ("sampler.S01", "wrong_place", "data.township"),
        ("sampler.S01", "wrong_dates", "data.sampled_at"),
        ("sampler.S01", "wrong_dates", "data.production_date"),
    ] == await refusals(operator)
    assert [] == await record(operator, "FOOD")
    assert {} == await clocks(settings)


async def test_form_that_comes_again_changes_nothing(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The same form under a new id is said to be there already, and registered once."""
    await collected(server, form(report("1")), form(report("1")))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert ["already_done"] == [reason for _, reason, _ in await refusals(operator)]
    assert 1 == len(await told(operator, SampleRegistered))


async def test_form_is_corrected_by_its_own_sampler(server: NatsServer, settings: Settings, operator: Client) -> None:
    """While nothing was reported a sampler of the form corrects it, in one batch or later; both stay on the record."""
    wrong, right = form(report("1"), product="小米"), form(report("1"))
    await prepared(server)
    await collected(server, wrong, right)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "lab.L0142", report("1"))
        await until(lambda: is_idle(operator, "sampling"))
        await collected(server, form(report("1"), brand="其他"))
        await until(lambda: is_idle(operator, "sampling"))
    assert [("小米", []), ("大米", ["form_corrected"])] == [
        (one.product, [warning.rule for warning in one.warnings]) for one in await told(operator, SampleRegistered)
    ]
    assert [("R-1", "pass")] == await verdicts(operator)
    assert [("sampler.S01", "changed", "data.sample_no")] == await refusals(operator)


async def test_form_is_corrected_by_nobody_else(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A sampler who is not on the first form does not change it."""
    await collected(server, form(report("1"), samplers=("S01", "S07")))
    await say(server, "sampler.S02", form(report("1"), samplers=("S02", "S07"), brand="其他"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("sampler.S02", "changed", "data.sample_no")] == await refusals(operator)
    assert 1 == len(await told(operator, SampleRegistered))


async def test_report_waits_for_its_form(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A report that comes first is said to wait and what it would be; with its form it is judged once, for good."""
    await prepared(server)
    laboratory = await server.connect("lab-L0142")
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", malachite_green_in_carp("1"), event_id="e1")
        await until(lambda: is_idle(operator, "sampling"))
        assert ["ResultWaiting"] == await kinds(operator, "S-1")
        assert [("R-1", "waiting")] == await verdicts(operator)
        await say(server, "sampler.S01", form(malachite_green_in_carp("1"), place_kind="school_canteen"))
        await until(lambda: is_idle(operator, "sampling"))
    await laboratory.close()
    assert ["ResultWaiting", "SampleRegistered", "SampleFailed"] == await kinds(operator, "S-1")
    assert [("R-1", "waiting"), ("R-1", "fail")] == await verdicts(operator)
    (failed,) = await told(operator, SampleFailed)
    assert ("school_canteen", "market", "V0001") == (failed.place_kind, failed.track, failed.seller)
    kept = await clocks(settings)
    assert {"SMP-01:S-1", "SMP-05:L0142:R-1", "SMP-09:L0142:R-1", "DSP-02:L0142:R-1"} == set(kept)
    assert kept["SMP-05:L0142:R-1"].stopped < kept["SMP-05:L0142:R-1"].due


async def test_waiting_report_that_differs_from_its_form_is_refused(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """When the form describes another product the report is refused, and its number may be used again."""
    await prepared(server)
    laboratory = await server.connect("lab-L0142")
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", malachite_green_in_carp("1"), event_id="e1")
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "sampler.S01", form(report("1")))
        await until(lambda: is_idle(operator, "sampling"))
        await publish(laboratory, "lab.L0142", report("1"), event_id="e2")
        await until(lambda: is_idle(operator, "sampling"))
    await laboratory.close()
    assert [("R-1", "differs_from_form", "data.product")] == await rejections(operator)
    assert ["ResultWaiting", "SampleRegistered", "SamplePassed"] == await kinds(operator, "S-1")
