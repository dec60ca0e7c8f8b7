"""The registry: an officer's entry decides which reports are taken, from its first day to its last."""

from datetime import date, timedelta

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import Determination, Hazard, ScopeItem
from shared.settings import Settings
from tests.county import prepared, say
from tests.examples import accreditation, malachite_green_in_carp, procymidone_in_leek, report
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.told import acceptances, kinds, refusals, rejections, verdicts
from tests.speaking import until


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


async def test_report_of_an_unknown_laboratory_is_refused(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A laboratory without an entry is refused; once an officer entered it, the same report is taken."""
    await prepared(server, report("1"), laboratories=())
    async with build(settings).start_lifespan_context():
        await say(server, "lab.L0142", report("1"))
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "officer.O001", accreditation())
        await say(server, "lab.L0142", report("1"))
        await until(lambda: is_idle(operator, "sampling"))
    assert [("R-1", "not_accredited", "subject")] == await rejections(operator)
    assert [("R-1", "pass")] == await verdicts(operator)


async def test_report_outside_the_scope_is_refused_whole(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A determination outside the scope refuses the report, names it, and nothing is told of the sample."""
    both = (*malachite_green_in_carp("2").determinations, Determination(analyte="镉", result="0.1mg/kg", limit=""))
    fine, mixed = malachite_green_in_carp("1"), report("2", product="草鱼", category="食用农产品", determinations=both)
    scope = (ScopeItem(category="食用农产品", hazard=Hazard.VETERINARY_DRUG), ScopeItem(substance="腐霉利"))
    await prepared(server, fine, mixed, procymidone_in_leek("3"), report("4"), laboratories=())
    await say(server, "officer.O001", accreditation(scope=scope))
    await say(server, "lab.L0142", fine, mixed, procymidone_in_leek("3"), report("4"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("R-2", "out_of_scope", "data.determinations.1.analyte"),
        ("R-4", "out_of_scope", "data.determinations.0.analyte"),
    ] == await rejections(operator)
    assert [("R-1", "fail"), ("R-3", "fail")] == await verdicts(operator)
    assert ["SampleRegistered"] == await kinds(operator, "S-2")


async def test_accreditation_ends_with_its_last_day(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A test on the last day is taken, one on the day after is refused; one without a day is judged by its arrival."""
    tests = [
        malachite_green_in_carp("1", concluded_on=date(2026, 2, 28)),
        malachite_green_in_carp("2", concluded_on=date(2026, 3, 1)),
        malachite_green_in_carp("3"),
    ]
    await prepared(server, *tests, laboratories=())
    await say(server, "officer.O001", accreditation(valid_to=date(2026, 2, 28)))
    await say(server, "lab.L0142", *tests)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("L0142", ["accreditation_ended"])] == [one for one in await acceptances(operator) if one[0] == "L0142"]
    assert [
        ("R-2", "not_accredited", "data.concluded_on"),
        ("R-3", "not_accredited", "data.concluded_on"),
    ] == await rejections(operator)
    assert [("R-1", "fail")] == await verdicts(operator)


async def test_later_entry_takes_the_place_of_an_earlier_one(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A narrower entry holds for tests from its first day on; an earlier test is still taken by the wider one."""
    tests = [
        malachite_green_in_carp("1", concluded_on=date(2026, 2, 28)),
        malachite_green_in_carp("2", concluded_on=date(2026, 3, 1)),
    ]
    await prepared(server, *tests, laboratories=("L0142",))
    narrow = accreditation(valid_from=date(2026, 3, 1), scope=(ScopeItem(hazard=Hazard.METAL),))
    await say(server, "officer.O001", narrow, narrow)
    await say(server, "lab.L0142", *tests)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("R-2", "out_of_scope", "data.determinations.0.analyte")] == await rejections(operator)
    assert [("R-1", "fail")] == await verdicts(operator)
    assert [("officer.O001", "already_done", "data.laboratory")] == await refusals(operator)


async def test_unknown_substance_in_a_scope_warns(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A substance that no reviewed name leads to is entered with a warning."""
    await say(server, "officer.O001", accreditation(scope=(ScopeItem(substance="新物质甲"), ScopeItem(substance="铅"))))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("L0142", ["unknown_substance"])] == await acceptances(operator)


async def test_entries_are_kept_by_one_region(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Officers of another county neither end a laboratory's accreditation nor widen it."""
    await say(server, "officer.O001", accreditation())
    await say(server, "officer.O002", accreditation(valid_to=date(2020, 12, 31)), region="21.02.02")
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("officer.O002", "not_yours", "data.laboratory")] == await refusals(operator)
