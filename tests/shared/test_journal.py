"""Heard and told: every event is answered once, whatever fails in between."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client
from sqlalchemy import text

from services.alerts import store
from services.enforcement import store as enforcement_store
from services.sampling import store as sampling_store
from shared import receipts
from shared.contracts import (
    AlertRaised,
    DisposalClosed,
    MajorCaseFlagged,
    RequestAccepted,
    RequestRefused,
    SampleFailed,
    entry_of,
)
from shared.contracts.catalogue import ServiceName
from shared.contracts.event import PartnerEvent
from shared.database import Database
from shared.failure import NotYetError
from shared.heard import Heard, Work
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings
from tests.examples import REGION, alert_on, failed_sample
from tests.listening import is_idle as has_answered
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until

Answer = Callable[[Sequence[Heard[SampleFailed]], Work], Any]
Run = Callable[..., AbstractAsyncContextManager[Metrics]]


async def answer_all(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
    """Answer each failed sample with an alert."""
    for heard in failed:
        work.tell(heard, alert_on(heard.event))


@pytest.fixture
def run(settings: Settings, operator: Client) -> Run:
    """Runs a toy alerts service with a handler of the test's."""
    del operator  # the bus must be provisioned

    @asynccontextmanager
    async def running(answer: Answer = answer_all, **changes: Any) -> AsyncIterator[Metrics]:
        metrics = Metrics("alerts")
        service = Service("alerts", "A toy.", store.tables, {SampleFailed: answer})
        app = make_app(service, settings.model_copy(update=changes), metrics)
        async with app.start_lifespan_context():
            yield metrics

    return running


@pytest.fixture
async def sampling(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection from which failed samples are told."""
    del operator
    client = await server.connect("sampling")
    yield client
    await client.close()


async def alerted(operator: Client) -> list[str]:
    """The samples that have an alert on the record, in order, repetitions included."""
    return [event.data.sample_no for event in await record(operator, "FOOD") if isinstance(event.data, AlertRaised)]


async def dead_letters(operator: Client) -> int:
    """How many dead letters there are."""
    return (await operator.jetstream().stream_info("DEAD")).state.messages


async def is_idle(operator: Client) -> bool:
    """Whether the service has acknowledged everything."""
    info = await operator.jetstream().consumer_info("FOOD", "alerts")
    return not info.num_pending and not info.num_ack_pending


async def test_each_event_is_answered_once(run: Run, sampling: Client, operator: Client) -> None:
    """Events published in a flood are each answered once, in order."""
    numbers = [f"{n:04}" for n in range(1200)]
    await asyncio.gather(*(publish(sampling, "sampling", failed_sample(n), event_id=n) for n in numbers[:600]))
    async with run():
        await asyncio.gather(*(publish(sampling, "sampling", failed_sample(n), event_id=n) for n in numbers[600:]))
        await until(lambda: is_idle(operator))
    assert {f"S-{n}" for n in numbers} == set(await alerted(operator))
    assert len(numbers) == len(await alerted(operator))


async def test_poison_in_a_batch_harms_only_itself(run: Run, sampling: Client, operator: Client) -> None:
    """A message whose handling always fails becomes a dead letter; its neighbours are answered."""

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        for heard in failed:
            work.tell(heard, alert_on(heard.event))
            if heard.event.sample_no == "S-0013":
                message = "cannot be answered"
                raise RuntimeError(message)

    numbers = [f"{n:04}" for n in range(40)]
    for n in numbers:
        await publish(sampling, "sampling", failed_sample(n), event_id=n)
    async with run(answer, attempts=3):
        await until(lambda: is_idle(operator))
    assert sorted(f"S-{n}" for n in numbers if n != "0013") == sorted(await alerted(operator))
    letter = await operator.jetstream().get_msg("DEAD", 1)
    assert letter.headers is not None
    assert letter.headers["Shian-Reason"] == "handler_failed"
    assert letter.data is not None
    assert b"S-0013" in letter.data
    assert await dead_letters(operator) == 1


async def test_malformed_event_of_a_service_becomes_a_dead_letter(run: Run, sampling: Client, operator: Client) -> None:
    """What a service tells and nobody can read is kept with its original bytes; the next event is answered."""
    await sampling.jetstream().publish("food.sample.failed.v1.21.02.83", b"\xff not JSON")
    await publish(sampling, "sampling", failed_sample("1"), event_id="1")
    async with run():
        await until(lambda: is_idle(operator))
    assert await alerted(operator) == ["S-1"]
    assert (await operator.jetstream().get_msg("DEAD", 1)).data == b"\xff not JSON"


async def test_event_that_comes_too_early_waits(run: Run, sampling: Client, operator: Client) -> None:
    """An event whose cause is unknown is handed out again until it is known, and is never poison."""
    tries = 0

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        nonlocal tries
        for heard in failed:
            tries += 1
            if tries < 5:
                raise NotYetError(heard.event.sample_no)
            work.tell(heard, alert_on(heard.event))

    await publish(sampling, "sampling", failed_sample("1"), event_id="1")
    async with run(answer, attempts=2):
        await until(lambda: is_idle(operator))
    assert await alerted(operator) == ["S-1"]
    assert await dead_letters(operator) == 0


async def test_repetition_is_absorbed(run: Run, sampling: Client, operator: Client) -> None:
    """The same event stored twice by the bus, in one batch and in a later one, is answered once."""
    for message_id in ("a", "b"):
        await publish(sampling, "sampling", failed_sample("1"), event_id="1", message_id=message_id)
    async with run():
        await until(lambda: is_idle(operator))
        await publish(sampling, "sampling", failed_sample("2"), event_id="2")
        await until(lambda: is_idle(operator))
    assert await alerted(operator) == ["S-1", "S-2"]


async def test_same_id_with_other_content_is_not_swallowed(run: Run, sampling: Client, operator: Client) -> None:
    """An event that uses an earlier event's id for another content is refused aloud."""
    await publish(sampling, "sampling", failed_sample("1"), event_id="1", message_id="a")
    await publish(sampling, "sampling", failed_sample("2"), event_id="1", message_id="b")
    async with run():
        await until(lambda: is_idle(operator))
    assert await alerted(operator) == ["S-1"]
    letter = await operator.jetstream().get_msg("DEAD", 1)
    assert (letter.headers or {})["Shian-Reason"] == "event_id_reused"


@pytest.mark.parametrize("window", [1, 600], ids=["past the window", "within the window"])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_death_around_publishing_loses_and_doubles_nothing(
    server: NatsServer, settings: Settings, moment: str, window: int
) -> None:
    """A kill between commit and publish, or between publish and ack, is made good at the next start, exactly once."""
    settings = settings.model_copy(update={"duplicate_window": timedelta(seconds=window)})
    await server.provision(settings)
    sampling, operator = await server.connect("sampling"), await server.connect("operator")
    numbers = [f"{n:02}" for n in range(20)]
    for n in numbers:
        await publish(sampling, "sampling", failed_sample(n), event_id=n)
    died_at = time.monotonic()
    assert await dies(settings, moment) == -signal.SIGKILL
    if window == 1:
        await until(lambda: time.monotonic() > died_at + window + 0.5)
    app = make_app(Service("alerts", "A toy.", store.tables, {SampleFailed: answer_all}), settings, Metrics("alerts"))
    async with app.start_lifespan_context():
        await until(lambda: is_idle(operator))
    assert sorted(await alerted(operator)) == [f"S-{n}" for n in numbers]
    await sampling.close()
    await operator.close()


async def dies(settings: Settings, moment: str) -> int:
    """Run the toy service in a process that kills itself before or after its first publish; returns its exit code."""
    environment = os.environ | settings.environment()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.shared.dying", moment, env=environment)
    async with asyncio.timeout(30):
        return await process.wait()


async def test_database_away_is_not_held_against_messages(
    run: Run, sampling: Client, operator: Client, settings: Settings
) -> None:
    """While another process holds the database's lock, messages wait; afterwards each is answered, none is dead."""
    async with run() as metrics:
        holder = Database(settings.database_of("alerts"))
        async with holder.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))  # begins with the write lock
            await publish(sampling, "sampling", failed_sample("1"), event_id="1")
            await asyncio.sleep(0)
            await connection.rollback()
        await until(lambda: is_idle(operator))
        await holder.close()
    assert await alerted(operator) == ["S-1"]
    assert metrics.failures.labels("alerts")._value.get() == 0  # noqa: SLF001 - the client has no getter


# two services that hear the same officers

AT = datetime(2026, 3, 4, 2, tzinfo=UTC)
SAID: dict[ServiceName, tuple[PartnerEvent, PartnerEvent]] = {
    "sampling": (
        DisposalClosed(sample_no="S-1", closed_at=AT, why="Everything was destroyed."),
        DisposalClosed(sample_no="S-1", closed_at=AT, why="Nothing was destroyed."),
    ),
    "enforcement": (
        MajorCaseFlagged(case_no="C-1", version=1, at=AT, why="The goods went far."),
        MajorCaseFlagged(case_no="C-1", version=2, at=AT, why="The goods went farther."),
    ),
}
"""An officer's event that is for one of the two, and another of its kind."""


async def accept(requests: Sequence[Heard[Any]], work: Work) -> None:
    """Do whatever is asked."""
    for heard in requests:
        receipts.accept(heard, work, "It is done.")


async def have_answered(operator: Client) -> bool:
    """Whether both services have acknowledged everything."""
    return all([await has_answered(operator, name) for name in SAID])


async def answered(settings: Settings, operator: Client) -> list[tuple[str, str, str]]:
    """Who gave which receipt, and why where it is a refusal, when both services have heard everything."""
    tables = {"sampling": sampling_store.tables, "enforcement": enforcement_store.tables}
    async with AsyncExitStack() as stack:
        for name, events in SAID.items():
            service = Service(name, "A toy.", tables[name], {type(events[0]): accept}, receipts.refuse)
            await stack.enter_async_context(make_app(service, settings, Metrics(name)).start_lifespan_context())
        await until(lambda: have_answered(operator))
    assert await dead_letters(operator) == 0
    given = [(one.source.rpartition(":")[2], one.data) for one in await record(operator, "RECEIPTS")]
    assert all(isinstance(receipt, RequestAccepted | RequestRefused) for _, receipt in given)
    return [(who, type(receipt).__name__, getattr(receipt, "reason", "")) for who, receipt in given]


@pytest.fixture
async def officer(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection of an officer."""
    del operator
    client = await server.connect("officer-O001")
    yield client
    await client.close()


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize(
    ("payload", "reason"),
    [(b"{", "not_json"), (b"\xff", "not_json"), (b"{}", "wrong_schema"), (b"[]", "wrong_schema")],
)
async def test_malformed_message_is_answered_by_the_service_that_it_is_for(
    settings: Settings, operator: Client, officer: Client, name: ServiceName, payload: bytes, reason: str
) -> None:
    """Its subject says for whom it is; the other service, which may hear it too, says nothing."""
    await officer.jetstream().publish(entry_of(type(SAID[name][0])).subject(REGION, "O001"), payload)
    assert [(name, "RequestRefused", reason)] == await answered(settings, operator)


@pytest.mark.parametrize("name", SAID)
async def test_id_that_is_used_again_is_refused_by_the_service_that_it_is_for(
    settings: Settings, operator: Client, officer: Client, name: ServiceName
) -> None:
    """The first event is done, the second refused, each once and by the same service, with the number that it names."""
    for event in SAID[name]:
        await publish(officer, "officer.O001", event, event_id="once", message_id=event.sentence())
    assert [(name, "RequestAccepted", ""), (name, "RequestRefused", "event_id_reused")] == await answered(
        settings, operator
    )
    (refused,) = (one.data for one in await record(operator, "RECEIPTS") if isinstance(one.data, RequestRefused))
    assert {"sampling": "S-1", "enforcement": "C-1"}[name] == refused.number


async def test_each_of_an_officers_events_is_answered_once(
    settings: Settings, operator: Client, officer: Client
) -> None:
    """Events for the one and the other service, good and malformed in one stream: one receipt each."""
    for number, (name, events) in enumerate(2 * list(SAID.items())):
        await publish(officer, "officer.O001", events[0], event_id=f"{number}", message_id=f"{number}")
        await officer.jetstream().publish(entry_of(type(events[0])).subject(REGION, "O001"), name.encode())
    expected = [
        (name, kind, reason)
        for name in SAID
        for kind, reason in (("RequestAccepted", ""), ("RequestRefused", "not_json"))
    ]
    assert sorted(2 * expected) == sorted(await answered(settings, operator))


@pytest.mark.parametrize(
    ("order", "second"),
    [
        (("sampling", "enforcement"), ("enforcement", "RequestAccepted", "")),
        (("enforcement", "sampling"), ("sampling", "RequestRefused", "event_id_reused")),
    ],
    ids=["sampling first", "enforcement first"],
)
async def test_id_of_another_services_event_gets_one_answer(
    settings: Settings,
    operator: Client,
    officer: Client,
    order: tuple[ServiceName, ServiceName],
    second: tuple[str, str, str],
) -> None:
    """Sampling, which hears all that officers say, knows the id again; enforcement never heard what had it before."""
    for name in order:
        await publish(officer, "officer.O001", SAID[name][0], event_id="once", message_id=name)
    assert sorted([(order[0], "RequestAccepted", ""), second]) == sorted(await answered(settings, operator))
