"""The pull loop: a message alone at once, a flood in full batches, nothing lost or repeated when something ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from faststream.asgi import AsgiFastStream
from nats.aio.client import Client
from nats.js.api import ConsumerInfo

from services.alerts import store
from shared.contracts import AlertRaised, SampleFailed
from shared.heard import Heard, Work
from shared.metrics import Metrics
from shared.permissions import STEWARD
from shared.pull import REQUEST_SECONDS
from shared.service import Service, make_app
from shared.settings import Settings
from shared.subscriber import Subscriber
from tests.examples import alert_on, failed_sample
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until


@dataclass(slots=True)
class Desk:
    """A toy alerts service: it notes what it is handed, and waits where it is told to before it answers."""

    metrics: Metrics = field(default_factory=lambda: Metrics("alerts"))
    inbox: Callable[[], str] = str
    """Where the bus hands it its messages."""
    batches: list[list[str]] = field(default_factory=list)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        """Answer each failed sample with an alert."""
        self.batches.append([heard.event.sample_no for heard in failed])
        await self.may_go_on.wait()
        for heard in failed:
            work.tell(heard, alert_on(heard.event))

    @property
    def handed(self) -> list[str]:
        """Every sample that it was handed, in order, repetitions included."""
        return [sample for batch in self.batches for sample in batch]

    def counted(self, name: str, **labels: str) -> float:
        """A metric of the consumer's."""
        return self.metrics.registry.get_sample_value(name, {"consumer": "alerts", **labels}) or 0


Run = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def ack_wait() -> timedelta:
    """After this the bus hands an unacknowledged message out again."""
    return timedelta(seconds=2)


@pytest.fixture
def settings(settings: Settings, ack_wait: timedelta) -> Settings:
    """Settings with the test's own wait."""
    return settings.model_copy(update={"ack_wait": ack_wait})


@pytest.fixture
def run(settings: Settings, operator: Client) -> Run:
    """Runs a desk; it goes on at once unless it is told to wait."""
    del operator  # the bus must be provisioned

    @asynccontextmanager
    async def running(*, waits: bool = False, **changes: Any) -> AsyncIterator[Desk]:
        desk = Desk()
        if not waits:
            desk.may_go_on.set()
        service = Service("alerts", "A toy.", store.tables, {SampleFailed: desk.answer})
        app = make_app(service, settings.model_copy(update=changes), desk.metrics)
        async with app.start_lifespan_context():
            desk.inbox = lambda: inbox_of(app)
            yield desk

    return running


def inbox_of(app: AsgiFastStream) -> str:
    """The inbox of an application's one pull loop."""
    assert app.broker is not None
    (subscriber,) = app.broker.subscribers
    assert isinstance(subscriber, Subscriber)
    subscription = subscriber.puller._subscription  # noqa: SLF001 - nobody but a test has a use for it
    assert subscription is not None
    return subscription.subject


@pytest.fixture
async def sampling(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection from which failed samples are told."""
    del operator
    client = await server.connect("sampling")
    yield client
    await client.close()


async def tell(client: Client, *numbers: int) -> None:
    """Tell failed samples, in order."""
    for n in numbers:
        await publish(client, "sampling", failed_sample(f"{n:03}"), event_id=str(n))


def samples(*numbers: int) -> list[str]:
    """The samples of these numbers."""
    return [f"S-{n:03}" for n in numbers]


async def alerted(operator: Client) -> list[str]:
    """The samples that have an alert on the record, in order, repetitions included."""
    return [event.data.sample_no for event in await record(operator, "FOOD") if isinstance(event.data, AlertRaised)]


async def durable(operator: Client) -> ConsumerInfo:
    """What the operator sees of the desk's durable."""
    info: ConsumerInfo = await operator.jetstream().consumer_info("FOOD", "alerts")
    return info


async def handed_out(operator: Client, count: int) -> bool:
    """Whether the bus has handed out so many messages that nobody acknowledged yet."""
    return ((await durable(operator)).num_ack_pending or 0) >= count


async def test_message_alone_is_handled_at_once(run: Run, sampling: Client, operator: Client) -> None:
    """Messages that come one by one are each handled on arrival; none waits for a batch or for the request's end."""
    async with run() as desk:
        started = time.monotonic()
        for n in range(10):
            await tell(sampling, n)
            await until(lambda: len(desk.handed) == n + 1, seconds=1)  # noqa: B023 - awaited within the turn
        assert time.monotonic() - started < REQUEST_SECONDS / 2
        await until(lambda: is_idle(operator, "alerts"))
    assert desk.batches == [[sample] for sample in samples(*range(10))]


async def test_message_after_a_quiet_time_is_handled_at_once(
    run: Run, sampling: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When requests have ended unanswered a next one is open before a message comes."""
    monkeypatch.setattr("shared.pull.REQUEST_SECONDS", 0.2)
    async with run() as desk:
        await tell(sampling, 1)
        await until(lambda: len(desk.handed) == 1, seconds=1)
        quiet_until = time.monotonic() + 1
        await until(lambda: time.monotonic() > quiet_until)
        await tell(sampling, 2)
        await until(lambda: len(desk.handed) == 2, seconds=1)


async def test_no_more_than_two_batches_are_taken_in(run: Run, sampling: Client, operator: Client) -> None:
    """While a batch takes long, no more than the next one waits here; the bus keeps the rest for whoever is free."""
    await tell(sampling, *range(50))
    async with run(waits=True, batch_size=10) as desk:
        await until(lambda: handed_out(operator, 10))
        assert 20 >= ((await durable(operator)).num_ack_pending or 0)
        desk.may_go_on.set()
        await until(lambda: is_idle(operator, "alerts"))
    assert await alerted(operator) == samples(*range(50))


async def test_flood_is_handled_in_batches_of_the_size_set(
    run: Run, server: NatsServer, sampling: Client, operator: Client
) -> None:
    """Even if the bus hands over far more than was asked for, no batch is larger than set, and the order is kept."""
    async with run(waits=True, batch_size=10) as desk, await server.connect("alerts") as stranger:
        await tell(sampling, 0)
        await until(lambda: bool(desk.batches))
        request = json.dumps({"batch": 50, "expires": int(REQUEST_SECONDS * 1e9)}).encode()
        await stranger.publish("$JS.API.CONSUMER.MSG.NEXT.FOOD.alerts", request, reply=desk.inbox())
        await stranger.flush()
        await tell(sampling, *range(1, 95))
        await until(lambda: handed_out(operator, 51))
        desk.may_go_on.set()
        await until(lambda: is_idle(operator, "alerts"))
        assert desk.counted("shian_batch_messages_sum") == 95
        assert desk.counted("shian_batch_messages_bucket", le="10.0") == desk.counted("shian_batch_messages_count")
    assert desk.handed == samples(*range(95))
    assert max(len(batch) for batch in desk.batches) == 10
    assert await alerted(operator) == samples(*range(95))


@pytest.mark.parametrize("ack_wait", [timedelta(milliseconds=600)])
async def test_long_handling_is_not_handed_out_again(
    run: Run, sampling: Client, operator: Client, ack_wait: timedelta
) -> None:
    """What is in hand, and what waits behind it, may take longer than the bus waits for those it hears nothing of."""
    async with run(waits=True) as desk:
        await tell(sampling, 1)
        await until(lambda: bool(desk.batches))
        await tell(sampling, 2, 3)
        await until(lambda: handed_out(operator, 3))
        long_enough = time.monotonic() + 3 * ack_wait.total_seconds()
        await until(lambda: time.monotonic() > long_enough)
        assert 0 == (await durable(operator)).num_redelivered
        desk.may_go_on.set()
        await until(lambda: is_idle(operator, "alerts"))
        assert 0 == desk.counted("shian_repeated_total")
    assert desk.handed == samples(1, 2, 3)
    assert await alerted(operator) == samples(1, 2, 3)


@pytest.mark.parametrize("ack_wait", [timedelta(seconds=60)])
@pytest.mark.parametrize(
    "waiting",
    [
        5,
        800,
    ],
)
async def test_what_was_not_started_is_given_back(run: Run, sampling: Client, operator: Client, waiting: int) -> None:
    """On shutdown the batch in hand is finished, and the next start has the rest at once, not after the long wait."""
    async with asyncio.timeout(30):
        async with run(waits=True, batch_size=1000) as first:
            await tell(sampling, 0)
            await until(lambda: bool(first.batches))
            await asyncio.gather(*(tell(sampling, n) for n in range(1, waiting + 1)))
            await until(lambda: handed_out(operator, waiting + 1))
            asyncio.get_running_loop().call_later(0.1, first.may_go_on.set)  # when the end has begun
        async with run() as second:
            await until(lambda: is_idle(operator, "alerts"), seconds=5)
    assert first.handed == samples(0)
    assert sorted(second.handed) == samples(*range(1, waiting + 1))
    assert sorted(await alerted(operator)) == samples(*range(waiting + 1))


async def test_flood_goes_on_after_the_server_was_away(
    run: Run, server: NatsServer, sampling: Client, operator: Client
) -> None:
    """The bus dies amid a flood and comes back: within seconds everything is answered, each once."""
    async with run(waits=True, batch_size=20) as desk:
        await tell(sampling, *range(100))
        await until(lambda: bool(desk.batches))
        server.kill()
        desk.may_go_on.set()
        await until(lambda: len(desk.handed) >= 20)
        server.start()
        await until(lambda: sampling.is_connected and operator.is_connected)
        await tell(sampling, *range(100, 120))
        await until(lambda: is_idle(operator, "alerts"), seconds=5)
    assert sorted(await alerted(operator)) == samples(*range(120))
    assert 1 == max(desk.handed.count(sample) for sample in desk.handed)


async def test_messages_are_asked_for_anew_after_the_server_was_away(
    run: Run, server: NatsServer, sampling: Client, operator: Client
) -> None:
    """A server that comes back has forgotten who asked for messages: it is asked again long before requests end."""
    async with run() as desk:
        await tell(sampling, 1)
        await until(lambda: is_idle(operator, "alerts"))
        server.kill()
        await until(lambda: not sampling.is_connected)
        server.start()
        await until(lambda: sampling.is_connected)
        await tell(sampling, 2)
        await until(lambda: len(desk.handed) == 2, seconds=REQUEST_SECONDS / 2)


async def test_lost_consumer_is_asked_for_with_patience(
    run: Run, server: NatsServer, settings: Settings, sampling: Client, operator: Client
) -> None:
    """While the durable is gone the loop asks now and then; made again, it answers what is new, and nothing twice."""
    steward = await server.connect(STEWARD)
    async with run() as desk:
        await tell(sampling, 1)
        await until(lambda: is_idle(operator, "alerts"))
        await steward.jetstream().delete_consumer("FOOD", "alerts")
        await tell(sampling, 2)
        await server.provision(settings)
        await until(lambda: is_idle(operator, "alerts"))
        assert 1 == desk.counted("shian_repeated_total")
    await steward.close()
    assert desk.handed == samples(1, 2)
    assert await alerted(operator) == samples(1, 2)
