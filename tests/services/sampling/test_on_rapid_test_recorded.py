"""Rapid tests: kept apart, and a positive one asks for a laboratory's sample and starts four hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import ConfirmationRequired, PlaceKind, RapidTestRecorded, RequestAccepted
from shared.settings import Settings
from tests.county import say
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.told import acceptances, refusals, told
from tests.speaking import record, until

TESTED = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)
TOLD = TESTED + timedelta(minutes=20)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


def rapid_test(number: str = "1", **changes: Any) -> RapidTestRecorded:
    """A test of leek that is positive for procymidone, of which the unit was told."""
    facts: dict[str, Any] = {
        "test_no": f"Q-{number}",
        "township": "210283104",
        "place_kind": PlaceKind.WHOLESALE_MARKET,
        "sampled_unit": "V0001",
        "product": "韭菜",
        "category": "食用农产品",
        "analyte": "腐霉利",
        "positive": True,
        "tested_at": TESTED,
        "notified_at": TOLD,
    }
    return RapidTestRecorded(**(facts | changes))


async def test_positive_asks_for_a_laboratory(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A positive tells what was found where, and until when the unit may object: four hours."""
    await say(server, "sampler.S01", rapid_test())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (required,) = await told(operator, ConfirmationRequired)
    assert ("Q-1", "210283104", "V0001", "腐霉利") == (
        required.test_no,
        required.township,
        required.sampled_unit,
        required.analyte,
    )
    assert TOLD + timedelta(hours=4) == required.objection_until
    assert "食品安全法 (2021) Art 88" in required.citation
    assert required.verified
    assert [("Q-1", [])] == await acceptances(operator)


async def test_negative_is_only_kept(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A negative is accepted, and nothing is told."""
    await say(server, "sampler.S01", rapid_test(positive=False, notified_at=None))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("Q-1", [])] == await acceptances(operator)
    assert [] == await record(operator, "FOOD")


async def test_unit_may_be_told_later(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A positive whose unit is not told yet warns; sent again with the time, its hours run."""
    await say(server, "sampler.S01", rapid_test(notified_at=None))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await say(server, "sampler.S01", rapid_test(), rapid_test())
        await until(lambda: is_idle(operator, "sampling"))
    required = await told(operator, ConfirmationRequired)
    assert [None, TOLD + timedelta(hours=4)] == [one.objection_until for one in required]
    assert [("Q-1", ["unit_not_told"]), ("Q-1", [])] == await acceptances(operator)
    assert [("sampler.S01", "already_done", "data.test_no")] == await refusals(operator)


async def test_test_that_comes_again_changes_nothing(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The same test is said to be there; other content, or another time of telling, needs a number of its own."""
    await say(
        server,
        "sampler.S01",
        rapid_test(),
        rapid_test(),
        rapid_test(positive=False),
        rapid_test(notified_at=TOLD + timedelta(minutes=1)),
        rapid_test("2", positive=False, notified_at=None),
        rapid_test("2", positive=False),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert ["already_done", "changed", "changed", "changed"] == [reason for _, reason, _ in await refusals(operator)]
    assert 1 == len(await told(operator, ConfirmationRequired))


async def test_test_that_cannot_be_is_declined(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Another county, a time to come and a unit told before the test are declined by field, and leave nothing."""
    later = datetime.now(UTC) + timedelta(days=1)
    await say(
        server,
        "sampler.S01",
        rapid_test("1", township="210281001"),
        rapid_test("2", tested_at=later, notified_at=None),
        rapid_test("3", notified_at=later),
        rapid_test("4", notified_at=TESTED - timedelta(minutes=1)),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("sampler.S01", "wrong_place", "data.township"),
        ("sampler.S01", "wrong_dates", "data.tested_at"),
        ("sampler.S01", "wrong_dates", "data.notified_at"),
        ("sampler.S01", "wrong_dates", "data.notified_at"),
    ] == await refusals(operator)
    assert [] == await record(operator, "FOOD")
    assert [] == await told(operator, RequestAccepted, "RECEIPTS")
