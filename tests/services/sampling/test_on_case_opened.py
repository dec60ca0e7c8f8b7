"""The clock of a failed result stops when the authority has a case for it."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import CaseJoined, CaseOpened, ClockMissed
from shared.settings import Settings
from tests.examples import procymidone_in_leek, report
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.speaking import publish, record, until

LONG_AGO = date(2026, 3, 2)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL, whose clocks are looked at once, at the start."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


@pytest.fixture
async def laboratory(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection of laboratory L0142."""
    del operator
    client = await server.connect("lab-L0142")
    yield client
    await client.close()


@pytest.fixture
async def enforcement(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection from which cases are told."""
    del operator
    client = await server.connect("enforcement")
    yield client
    await client.close()


def opened(number: str, laboratory: str = "L0142") -> CaseOpened:
    """A case on the sample of this number."""
    return CaseOpened(
        case_no=f"C-{number}",
        sample_no=f"S-{number}",
        laboratory=laboratory,
        report_no=f"R-{number}",
        producer="P0001",
        product="韭菜",
        substances=("腐霉利",),
    )


def joined(number: str) -> CaseJoined:
    """The sample of this number in the case of another."""
    return CaseJoined(case_no="C-0", sample_no=f"S-{number}", laboratory="L0142", report_no=f"R-{number}")


async def missed(operator: Client) -> list[str]:
    """The clocks told as missed, repetitions included."""
    return [e.data.clock for e in await record(operator, "FOOD") if isinstance(e.data, ClockMissed)]


async def test_case_stops_the_clock_of_its_report_alone(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client, enforcement: Client
) -> None:
    """A case opened or joined in time stops its own report's clock; another's, of whatever laboratory, runs on."""
    other = await server.connect("lab-L0200")
    async with build(settings).start_lifespan_context():
        for number in ("1", "2", "3"):
            await publish(laboratory, "lab.L0142", procymidone_in_leek(number), event_id=number)
        await publish(other, "lab.L0200", procymidone_in_leek("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
        before = datetime.now(UTC)
        await publish(enforcement, "enforcement", opened("1"), event_id="1")
        await publish(enforcement, "enforcement", joined("2"), event_id="2")
        await until(lambda: is_idle(operator, "sampling"))
    await other.close()
    kept = await clocks(settings)
    one, two = kept.pop("SMP-04:L0142:R-1"), kept.pop("SMP-04:L0142:R-2")
    assert (one.next, one.next_at, two.next, two.next_at) == (None, None, None, None)
    assert before <= one.stopped <= two.stopped <= datetime.now(UTC)
    assert {name: (row.stopped, row.next) for name, row in kept.items()} == {
        "SMP-04:L0142:R-3": (None, "approaching"),
        "SMP-04:L0200:R-1": (None, "approaching"),
    }


async def test_case_without_a_clock_changes_nothing(
    settings: Settings, operator: Client, laboratory: Client, enforcement: Client
) -> None:
    """A case for a report that started no clock is heard and done with."""
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", report("1"), event_id="1")
        await publish(enforcement, "enforcement", opened("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
    assert {} == await clocks(settings)
    assert 0 == (await operator.jetstream().stream_info("DEAD")).state.messages


async def test_second_case_leaves_the_first_days_mark(
    settings: Settings, operator: Client, laboratory: Client, enforcement: Client
) -> None:
    """A clock that was stopped keeps the time at which it was stopped first."""
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", procymidone_in_leek("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
        await publish(enforcement, "enforcement", opened("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
        (first,) = (await clocks(settings)).values()
        await publish(enforcement, "enforcement", joined("1"), event_id="2")
        await until(lambda: is_idle(operator, "sampling"))
        (second,) = (await clocks(settings)).values()
    assert first == second


async def test_case_that_comes_too_late_does_not_hide_the_miss(
    settings: Settings, operator: Client, laboratory: Client, enforcement: Client
) -> None:
    """A case told after the period's end stops the clock, and that the period was missed is told all the same."""
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", procymidone_in_leek("1", concluded_on=LONG_AGO), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
        await publish(enforcement, "enforcement", opened("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
        (clock,) = (await clocks(settings)).values()
        assert clock.stopped > clock.due
        assert [] == await missed(operator)

    async def told() -> bool:
        return bool(await missed(operator))

    often = settings.model_copy(update={"clock_poll": timedelta(milliseconds=20)})
    async with build(often).start_lifespan_context():
        await until(told)
        await until(lambda: is_idle(operator, "sampling"))
    (clock,) = (await clocks(settings)).values()
    assert (clock.next, clock.next_at) == (None, None)
    assert ["SMP-04:L0142:R-1"] == await missed(operator)
