"""A statutory clock falls due: it is told that it approaches or was missed, once, and only while that holds."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from services.sampling.deadlines import deadlines
from shared.contracts import ClockApproaching, ClockDue, ClockMissed, Event, Moment, entry_of
from shared.envelope import seal, source_of
from shared.settings import Settings
from shared.workdays import CHINA
from tests.county import prepared
from tests.examples import REGION, procymidone_in_leek
from tests.listening import is_idle
from tests.pages import counted, page
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks, start_clock
from tests.speaking import publish, record, until

CLOCK = "SMP-04:L0142:R-1"


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL, whose clocks are looked at often."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(milliseconds=20)})


@pytest.fixture
async def sampling(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """A connection from which due messages are published by hand."""
    del operator
    client = await server.connect("sampling")
    yield client
    await client.close()


async def told(operator: Client, clock: str | None = None) -> list[Event]:
    """What was told of clocks, or of one of them, in order, repetitions included."""
    found = [e.data for e in await record(operator, "FOOD") if isinstance(e.data, (ClockApproaching, ClockMissed))]
    return [event for event in found if clock in (None, event.clock)]


async def due_messages(operator: Client) -> int:
    """How many due messages the bus keeps."""
    return (await operator.jetstream().stream_info("WORK")).state.messages


async def fall_due(client: Client, moment: Moment, revision: int, event_id: str, clock: str = CLOCK) -> None:
    """Publish a due message as the poll would."""
    event = ClockDue(clock=clock, moment=moment, revision=revision)
    payload = seal(event, source=source_of("sampling"), event_id=event_id, time=datetime.now(UTC), region=REGION)
    await client.jetstream().publish(
        entry_of(ClockDue).subject(REGION, "sampling"), payload, headers={"Nats-Msg-Id": event_id}
    )


async def test_approaching_clock_is_told_once(settings: Settings, operator: Client) -> None:
    """On its last day a running clock is told with who must do what by when, and by which law; then it waits."""
    now = datetime.now(UTC)
    started, due = now - timedelta(days=2), now + timedelta(hours=1)
    await start_clock(settings, CLOCK, started, due)
    async with build(settings).start_lifespan_context():
        await until(lambda: something_told(operator))
        await until(lambda: is_idle(operator, "sampling"))
    assert await told(operator) == [
        ClockApproaching(
            clock=CLOCK,
            sample_no="S-1",
            actor="laboratory",
            duty="report to the commissioning authority",
            started=started,
            due=due,
            citation="食品安全抽样检验管理办法 (SAMR Order 15) Art 26",
            verified=True,
        )
    ]
    assert 1 == await due_messages(operator)
    clock = (await clocks(settings))[CLOCK]
    assert (clock.next, clock.next_at, clock.stopped) == ("missed", due, None)


async def something_told(operator: Client, clock: str | None = None) -> bool:
    """Whether something was told of a clock, or of one of them."""
    return bool(await told(operator, clock))


async def test_missed_clock_is_told_once(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A failure reported long after its period is told as missed and counted, once, though its duty is done then."""
    laboratory = await server.connect("lab-L0142")
    reported = procymidone_in_leek("1", concluded_on=date(2026, 3, 2))
    await prepared(server, reported)
    app = build(settings)
    async with app.start_lifespan_context():
        assert 'shian_clocks_missed_total{actor="laboratory",kind="SMP-04"} 0.0' in (await page(app, "/metrics"))[1]
        await publish(laboratory, "lab.L0142", reported, event_id="1")
        await until(lambda: something_told(operator, CLOCK))
        await until(lambda: is_idle(operator, "sampling"))
        assert 1 == await counted(app, "shian_clocks_missed_total", kind="SMP-04")
    await laboratory.close()
    async with build(settings).start_lifespan_context():  # and looked at anew
        await until(lambda: is_idle(operator, "sampling"))
    deadline = deadlines()["SMP-04"]
    assert await told(operator, CLOCK) == [
        ClockMissed(
            clock=CLOCK,
            sample_no="S-1",
            actor=deadline.actor,
            duty=deadline.duty,
            started=datetime(2026, 3, 2, tzinfo=CHINA),
            due=datetime(2026, 3, 5, tzinfo=CHINA),
            citation=deadline.citation,
            verified=True,
        )
    ]
    clock = (await clocks(settings))[CLOCK]
    assert (clock.next, clock.next_at) == (None, None)
    assert clock.stopped > clock.due


async def test_clock_of_long_ago_stops_no_other(settings: Settings, operator: Client) -> None:
    """A clock that ended in 1970, as for a program that knows no date, is told as missed, and so are later ones."""
    now = datetime.now(UTC)
    await start_clock(settings, CLOCK, datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 3, tzinfo=UTC))
    await start_clock(settings, "SMP-04:L0142:R-2", now - timedelta(days=9), now - timedelta(days=5))
    async with build(settings).start_lifespan_context():

        async def both_told() -> bool:
            return {CLOCK, "SMP-04:L0142:R-2"} == {e.about for e in await told(operator) if isinstance(e, ClockMissed)}

        await until(both_told)


async def test_answer_names_the_due_message_as_its_cause(settings: Settings, operator: Client) -> None:
    """What is told of a clock stands in the clock's region, under its sample, in answer to the due message."""
    now = datetime.now(UTC)
    await start_clock(settings, CLOCK, now - timedelta(days=9), now - timedelta(days=5))
    async with build(settings).start_lifespan_context():
        await until(lambda: something_told(operator))
        await until(lambda: is_idle(operator, "sampling"))
    (missed,) = await record(operator, "FOOD")
    due = [envelope for envelope in await record(operator, "WORK") if envelope.data.moment == "missed"]  # type: ignore[attr-defined]
    assert [missed.cause] == [envelope.key for envelope in due]
    assert (missed.trace, missed.subject, missed.region) == ("S-1", CLOCK, REGION)


async def test_due_message_that_no_longer_holds_is_ignored(
    settings: Settings, operator: Client, sampling: Client
) -> None:
    """A due message for an old revision, for another moment, or for no clock is heard, and nothing is told."""
    quiet = settings.model_copy(update={"clock_poll": timedelta(hours=1)})
    now = datetime.now(UTC)
    await start_clock(settings, CLOCK, now, now + timedelta(days=9), revision=3)
    before = await clocks(settings)
    async with build(quiet).start_lifespan_context():
        await fall_due(sampling, Moment.APPROACHING, 2, "old revision")
        await fall_due(sampling, Moment.APPROACHING, 4, "no revision yet")
        await fall_due(sampling, Moment.MISSED, 3, "another moment")
        await fall_due(sampling, Moment.MISSED, 1, "another clock", clock="SMP-04:L0142:R-2")
        await until(lambda: is_idle(operator, "sampling"))
        assert ([], before) == (await told(operator), await clocks(settings))
        await fall_due(sampling, Moment.APPROACHING, 3, "this holds")
        await until(lambda: is_idle(operator, "sampling"))
    assert [ClockApproaching] == [type(event) for event in await told(operator)]
    assert 0 == (await operator.jetstream().stream_info("DEAD")).state.messages


async def test_clock_that_was_stopped_in_time_is_silent(settings: Settings, operator: Client, sampling: Client) -> None:
    """A due message that was under way when the clock stopped in time is ignored, whichever moment it is for."""
    now = datetime.now(UTC)
    stopped = {"stopped": now, "next": None, "next_at": None}
    await start_clock(settings, CLOCK, now - timedelta(days=2), now + timedelta(hours=1), **stopped)
    async with build(settings).start_lifespan_context():
        await fall_due(sampling, Moment.APPROACHING, 1, "a")
        await fall_due(sampling, Moment.MISSED, 1, "b")
        await until(lambda: is_idle(operator, "sampling"))
    assert [] == await told(operator)


async def test_due_message_told_again_is_ignored(settings: Settings, operator: Client, sampling: Client) -> None:
    """A clock that was told as missed is not told again by a due message that comes under another id."""
    now = datetime.now(UTC)
    await start_clock(settings, CLOCK, now - timedelta(days=9), now - timedelta(days=5))
    async with build(settings).start_lifespan_context():
        await until(lambda: something_told(operator))
        await fall_due(sampling, Moment.MISSED, 1, "again")
        await fall_due(sampling, Moment.APPROACHING, 1, "before")
        await until(lambda: is_idle(operator, "sampling"))
    assert [ClockMissed] == [type(event) for event in await told(operator)]
