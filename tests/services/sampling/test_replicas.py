"""Two replicas of sampling on one PostgreSQL: whatever they answer at the same moment, each sample has one story."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    NoticeServed,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionOpened,
    ResultWithdrawn,
    SampleFailed,
    SampleHandedOver,
    SampleOverturned,
)
from shared.settings import Settings
from tests.county import collected, prepared, say, today
from tests.examples import form, malachite_green_in_carp
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.servers.postgres import PostgresServer
from tests.services.sampling.kept import clocks
from tests.services.sampling.told import refusals, rejections, told
from tests.speaking import until

SAMPLES = [malachite_green_in_carp(f"{number:02}") for number in range(40)]
AT_ONCE = 8


@pytest.fixture
def settings(settings: Settings, postgres: PostgresServer, request: pytest.FixtureRequest) -> Settings:
    """A database of its own on PostgreSQL; few messages to a batch, so that both replicas have work."""
    name = f"replicas_{abs(hash(request.node.name)) % 10**9}"
    postgres.create_database(f"{name}_sampling")
    url = postgres.url(f"{name}_SERVICE").replace("SERVICE", "{service}")
    return settings.model_copy(update={"database_url": url, "batch_size": 4, "clock_poll": timedelta(hours=1)})


class Replicas:
    """What is said to two replicas at once."""

    def __init__(self, server: NatsServer, operator: Client, settings: Settings) -> None:
        self.server = server
        self.operator = operator
        self.settings = settings

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        for _ in range(2):
            await self._stack.enter_async_context(build(self.settings).start_lifespan_context())
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._stack.__aexit__(None, None, None)

    async def answered(self) -> None:
        """Wait until both have nothing left to answer."""
        await until(lambda: is_idle(self.operator, "sampling"), seconds=60)


@pytest.fixture
async def replicas(server: NatsServer, operator: Client, settings: Settings) -> Replicas:
    """Two replicas that do not run yet."""
    await prepared(server)
    return Replicas(server, operator, settings)


async def test_form_and_report_that_meet_are_joined(replicas: Replicas) -> None:
    """No report waits for a form that is there: every failure is told, once."""
    async with replicas as both:
        for start in range(0, len(SAMPLES), AT_ONCE):
            some = SAMPLES[start : start + AT_ONCE]
            await asyncio.gather(
                collected(both.server, *map(form, some)), *(say(both.server, "lab.L0142", one) for one in some)
            )
        await both.answered()
    failed = [one.sample_no for one in await told(replicas.operator, SampleFailed)]
    assert sorted(failed) == [one.sample_no for one in SAMPLES]


async def test_notices_that_meet_end_the_duty(replicas: Replicas) -> None:
    """Operator and producer are told at the same moment: the authority owes nothing more."""
    served_on = today()
    some = SAMPLES[:20]
    async with replicas as both:
        await collected(both.server, *map(form, some))
        await say(both.server, "lab.L0142", *some)
        await both.answered()
        for one in some:
            served = [
                NoticeServed.model_validate({"sample_no": one.sample_no, "to": to, "served_on": served_on})
                for to in ("operator", "producer")
            ]
            await asyncio.gather(*(say(both.server, "officer.O001", notice) for notice in served))
        await both.answered()
    kept = await clocks(replicas.settings)
    assert [] == [name for name, clock in kept.items() if name.startswith("SMP-09") and clock.stopped is None]


async def test_failure_falls_once(replicas: Replicas) -> None:
    """An objection is sustained while the laboratory withdraws: the failure is overturned by one of the two."""
    some = SAMPLES[:20]
    filed = today()
    async with replicas as both:
        await collected(both.server, *map(form, some))
        await say(both.server, "lab.L0142", *some)
        objections = [
            ObjectionFiled(sample_no=one.sample_no, by="operator", ground="sampling", filed_on=filed, why="Not sealed.")
            for one in some
        ]
        await say(both.server, "officer.O001", *objections)
        await both.answered()
        opened = {one.sample_no: one.objection_no for one in await told(both.operator, ObjectionOpened)}
        for one in some:
            number = opened[one.sample_no]
            sustained = ObjectionDecided(
                sample_no=one.sample_no, objection_no=number, sustained=True, why="It was not."
            )
            withdrawn = ResultWithdrawn(sample_no=one.sample_no, report_no=one.report_no, why="Mixed up.")
            await asyncio.gather(say(both.server, "officer.O001", sustained), say(both.server, "lab.L0142", withdrawn))
        await both.answered()
    overturned = [one.sample_no for one in await told(replicas.operator, SampleOverturned)]
    assert sorted(overturned) == [one.sample_no for one in some]


async def test_what_follows_fast_is_not_refused(replicas: Replicas) -> None:
    """A hand-over behind its form and a withdrawal behind its report wait for what they speak of."""
    now = datetime.now(UTC)
    async with replicas as both:
        for one in SAMPLES:
            step = SampleHandedOver(
                sample_no=one.sample_no, handed_at=now, to="lab.L0142", seal_no=f"F-{one.sample_no}", seal_intact=True
            )
            withdrawn = ResultWithdrawn(sample_no=one.sample_no, report_no=one.report_no, why="Mixed up.")
            await say(both.server, "sampler.S01", form(one), step)
            await say(both.server, "lab.L0142", one, withdrawn)
        await both.answered()
    assert ([], []) == (await refusals(replicas.operator), await rejections(replicas.operator))
    dead = await replicas.operator.jetstream().stream_info("DEAD")
    assert 0 == dead.state.messages
