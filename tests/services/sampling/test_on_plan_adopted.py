"""Plans: published in versions, and refused where a sample's count would be uncertain."""

from datetime import date, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    Hazard,
    PlanAdopted,
    PlanLine,
    PlanPublished,
    RequestAccepted,
)
from shared.settings import Settings
from tests.county import say
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.told import acceptances, refusals, told
from tests.speaking import until


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
