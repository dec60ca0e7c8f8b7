"""Objections to a sample: opened, reviewed, sustained or dismissed, and what each undoes."""

from datetime import date, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    NoticeServed,
    ObjectionClosed,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionOpened,
    PlanAdopted,
    PlanLine,
    PlanProgressed,
    SampleFailed,
    SampleOverturned,
)
from shared.settings import Settings
from tests.county import prepared, say, today
from tests.examples import malachite_green_in_carp
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.services.sampling.told import refusals, rejections, told
from tests.speaking import until

FAILED = malachite_green_in_carp("1")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """No clock falls due by itself."""
    return settings.model_copy(update={"clock_poll": timedelta(hours=1)})


def filed(**changes: Any) -> ObjectionFiled:
    """The producer says that the product is none of its own."""
    facts: dict[str, Any] = {
        "sample_no": "S-1",
        "by": "producer",
        "ground": "authenticity",
        "filed_on": today(),
        "why": "The batch number is none of ours.",
    }
    return ObjectionFiled(**(facts | changes))


async def decide(server: NatsServer, operator: Client, *, sustained: bool, **changes: Any) -> None:
    """An officer decides the objection that is open."""
    (opened, *_) = await told(operator, ObjectionOpened)
    facts: dict[str, Any] = {
        "sample_no": "S-1",
        "objection_no": opened.objection_no,
        "sustained": sustained,
        "why": "The packaging is forged.",
    }
    await say(server, "officer.O001", ObjectionDecided(**(facts | changes)))
    await until(lambda: is_idle(operator, "sampling"))


async def test_sustained_objection_overturns(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A product that is not the producer's: the failure is overturned, by whom and why; decided once."""
    await prepared(server, FAILED)
    await say(server, "lab.L0142", FAILED)
    await say(server, "officer.O001", NoticeServed(sample_no="S-1", to="producer", served_on=today()), filed(), filed())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        (opened,) = await told(operator, ObjectionOpened)
        clock = f"OBJ-04:{opened.objection_no}"
        assert not opened.late
        assert (await clocks(settings))[clock].stopped is None
        await decide(server, operator, sustained=True)
        await decide(server, operator, sustained=True)
    (closed,) = await told(operator, ObjectionClosed)
    assert (closed.sustained, closed.decided_by) == (True, "officer.O001")
    (overturned,) = await told(operator, SampleOverturned)
    assert (overturned.reason.value, overturned.by) == ("objection_sustained", "officer.O001")
    assert (await clocks(settings))[clock].stopped is not None
    assert [
        ("officer.O001", "already_done", "data.ground"),
        ("officer.O001", "already_done", "data.objection_no"),
    ] == await refusals(operator)


async def test_dismissed_objection_changes_nothing(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The failure stands; another ground may be raised still, and has the longer review."""
    await prepared(server, FAILED)
    await say(server, "lab.L0142", FAILED)
    await say(server, "officer.O001", filed())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await decide(server, operator, sustained=False)
        await say(server, "officer.O001", filed(ground="method"))
        await until(lambda: is_idle(operator, "sampling"))
    assert [] == await told(operator, SampleOverturned)
    assert ["authenticity", "method"] == [one.ground for one in await told(operator, ObjectionOpened)]
    assert ["OBJ-04", "OBJ-05"] == sorted(name[:6] for name in await clocks(settings) if name.startswith("OBJ"))


async def test_objection_to_the_sampling_voids_a_sample_that_is_not_reported(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Sustained before the report: nothing is tested on the sample, its clock ends, and a report on it is refused."""
    await prepared(server, FAILED)
    await say(server, "officer.O001", filed(by="operator", ground="sampling"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        (opened,) = await told(operator, ObjectionOpened)
        assert opened.late  # the sample was taken long before today
        await decide(server, operator, sustained=True)
        await say(server, "lab.L0142", FAILED)
        await until(lambda: is_idle(operator, "sampling"))
    assert [("R-1", "differs_from_form", "data.sample_no")] == await rejections(operator)
    assert [] == await told(operator, SampleFailed)
    assert (await clocks(settings))["SMP-01:S-1"].stopped is not None


async def test_objection_that_cannot_be(server: NatsServer, settings: Settings, operator: Client) -> None:
    """To no sample, of tomorrow, before the sampling, to a result that is none, or decided where there is none."""
    await prepared(server, FAILED)
    await say(
        server,
        "officer.O001",
        filed(sample_no="S-9"),
        filed(filed_on=today() + timedelta(days=1)),
        filed(filed_on=date(2026, 1, 1)),
        filed(),
        ObjectionDecided(sample_no="S-1", objection_no="B-NONE", sustained=True, why="No."),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert sorted(await refusals(operator)) == [
        ("officer.O001", "unknown_objection", "data.objection_no"),
        ("officer.O001", "unknown_sample", "data.sample_no"),
        ("officer.O001", "wrong_dates", "data.filed_on"),
        ("officer.O001", "wrong_dates", "data.filed_on"),
        ("officer.O001", "wrong_state", "data.sample_no"),
    ]


async def test_overturned_sample_no_longer_counts_as_failed(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """What the plan counts follows an objection that is sustained: a sample that was not the producer's is neither."""
    await prepared(server, FAILED)
    await say(server, "officer.O001", plan())
    await say(server, "lab.L0142", FAILED)
    await say(server, "officer.O001", filed())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        assert (1, 1) == await counted_for_the_plan(operator)
        await decide(server, operator, sustained=True)
    assert (0, 0) == await counted_for_the_plan(operator)


def plan() -> PlanAdopted:
    """A plan for the year of the samples."""
    return PlanAdopted(
        plan_no="PLAN-2026",
        title="Sampling plan",
        kind="annual",
        starts=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        lines=(PlanLine(samples=100),),
    )


async def counted_for_the_plan(operator: Client) -> tuple[int, int]:
    """The last word on the plan."""
    last = (await told(operator, PlanProgressed))[-1]
    return last.tested, last.failed
