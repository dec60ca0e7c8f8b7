"""Delivery: services and the bus are killed at random moments, and every result has exactly one outcome of each kind.

Each kill hits a process while messages wait for it, or, for the bus, while messages wait on it; the seed and the number
of pending messages are printed.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import ConsumerInfo
from nats.js.errors import Error as JetStreamError
from sqlalchemy import func, select

from demo.record import Record, read
from services.alerts.store import AlertSample
from services.enforcement.store.samples import CaseSample
from services.insurance.store import Notice
from services.sampling.store.reports import Report
from shared.contracts import ResultReported
from shared.contracts.catalogue import SERVICES, ServiceName
from shared.database import Database
from shared.settings import Settings
from shared.streams import Consumer, consumers_of
from tests.county import prepared
from tests.examples import malachite_green_in_carp, procymidone_in_leek, report, without_values
from tests.running import is_quiet
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

BUS = "nats-server"
REPORTED = datetime(2026, 3, 2, tzinfo=UTC)


class Services:
    """The four services, each a process that can be killed and started again."""

    def __init__(self, settings: Settings, logs: Path) -> None:
        self._logs = logs
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._keeping: list[asyncio.Task[None]] = []
        self._environment = os.environ | settings.environment() | {"SHIAN_PORT": "0"}

    async def start(self, name: str) -> None:
        """Start a service."""
        with (self._logs / f"{name}.log").open("ab") as log:
            process = self._processes[name] = await asyncio.create_subprocess_exec(
                sys.executable, "-m", f"services.{name}", env=self._environment, stdout=log, stderr=log
            )
        self._keeping.append(asyncio.create_task(self._keep(name, process)))

    async def _keep(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Start a service again whose start failed because the bus died meanwhile, as whoever runs it would."""
        if await process.wait() > 0:
            await self.start(name)

    async def kill(self, name: str) -> None:
        """SIGKILL a service."""
        with suppress(ProcessLookupError):  # it is ending, or ended, by itself
            self._processes[name].kill()
        await self._processes[name].wait()

    async def stop(self) -> None:
        """End them all in order."""
        for keeping in self._keeping:
            keeping.cancel()
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                process.terminate()
        await asyncio.gather(*(process.wait() for process in self._processes.values()))


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """Short memories: the streams forget ids after two seconds, unacknowledged messages come back after one."""
    return settings.model_copy(
        update={
            "database_url": database_url,
            "duplicate_window": timedelta(seconds=2),
            "ack_wait": timedelta(seconds=1),
        }
    )


@pytest.fixture
async def services(server: NatsServer, operator: Client, settings: Settings, tmp_path: Path) -> AsyncIterator[Services]:
    """The four services, started, with the forms of every sample before them."""
    del operator
    await prepared(server, *results(2000))
    services = Services(settings, tmp_path)
    for name in SERVICES:
        await services.start(name)
    yield services
    await services.stop()


def results(count: int) -> list[ResultReported]:
    """Results of which one in five fails and one in ten is unclear; producers repeat."""
    kinds = [malachite_green_in_carp, report, report, report, without_values, report, procymidone_in_leek, report]
    kinds += [report, report]
    return [kinds[n % 10](f"{n:05}", producer=f"P{n % 40:04}", seller=None) for n in range(count)]


async def send(client: Client, one: ResultReported) -> None:
    """Publish as a laboratory that repeats until the bus has acknowledged."""
    while True:
        try:
            await publish(client, "lab.L0142", one, event_id=f"e-{one.report_no}", at=REPORTED)  # the same bytes
        except (NatsError, JetStreamError, TimeoutError, OSError):
            await asyncio.sleep(0.05)
        else:
            return


async def state_of(operator: Client, consumer: Consumer) -> ConsumerInfo:
    """The state of a durable, asked again while the bus is away."""
    while True:
        with suppress(NatsError, JetStreamError, TimeoutError, OSError):
            state: ConsumerInfo = await operator.jetstream(timeout=1).consumer_info(consumer.stream, consumer.name)
            return state
        await asyncio.sleep(0.05)


async def pending(operator: Client, consumers: Sequence[Consumer]) -> int:
    """How many messages wait for these consumers, handed out or not."""
    infos = [await state_of(operator, consumer) for consumer in consumers]
    return sum((info.num_pending or 0) + (info.num_ack_pending or 0) for info in infos)


async def strike(server: NatsServer, services: Services, operator: Client, victim: str) -> int:
    """Kill the victim while messages wait, start it again; returns how many waited, 0 when it was too quick."""
    names: Sequence[ServiceName] = SERVICES if victim == BUS else [name for name in SERVICES if name == victim]
    consumers = [consumer for name in names for consumer in consumers_of(name)]
    with suppress(AssertionError):
        await until(lambda: pending_now(operator, consumers), seconds=2)
    if victim == BUS:
        waiting = await pending(operator, consumers)
        server.kill()
        server.start()
    else:
        await services.kill(victim)
        waiting = await pending(operator, consumers)  # the dead answer nothing: these were waiting at the kill
        await services.start(victim)
    return waiting


async def is_at_rest(operator: Client) -> bool:
    """Whether no service has anything left to answer; a bus that is just back may not say."""
    with suppress(NatsError, JetStreamError, TimeoutError, OSError):
        return await is_quiet(operator)
    return False


async def pending_now(operator: Client, consumers: Sequence[Consumer]) -> bool:
    """Whether anything waits."""
    return await pending(operator, consumers) > 0


async def rows(settings: Settings) -> dict[str, int]:
    """How many decisions stand in each service's database."""
    tables = {"sampling": Report, "alerts": AlertSample, "enforcement": CaseSample, "insurance": Notice}
    counts = {}
    for service, table in tables.items():
        database = Database(settings.database_of(service))
        async with database.read() as connection:
            counts[service] = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        await database.close()
    return counts


async def test_kills_lose_and_double_nothing(
    server: NatsServer, settings: Settings, services: Services, operator: Client
) -> None:
    """After kills of services and bus at random moments, each result and each failed sample is decided exactly once."""
    kills = 24
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)  # noqa: S311 - the seed is printed, so that a failure can be repeated
    print(f"seed {seed}")
    reports = results(2000)
    laboratory = await server.connect("lab-L0142", max_reconnect_attempts=-1, reconnect_time_wait=0.05)
    sent = 0
    struck: list[tuple[str, int]] = []
    while len(struck) < kills:
        share = reports[sent : sent + max(1, (len(reports) - sent) // (kills - len(struck)))]
        sent += len(share)
        sending = asyncio.gather(*(send(laboratory, one) for one in share))
        await asyncio.sleep(chance.uniform(0, 0.08))  # the random moment
        victim = chance.choice([*SERVICES, "sampling", BUS, BUS])
        waiting = await strike(server, services, operator, victim)
        await sending
        if waiting:
            struck.append((victim, waiting))
            print(f"kill {len(struck)}: {victim} with {waiting} pending")
    await asyncio.gather(*(send(laboratory, one) for one in reports[sent:]))
    await until(lambda: is_at_rest(operator), seconds=60)
    record = await read(operator)
    await laboratory.close()
    _assert_each_once(record, reports)
    failed = sum(path.failed for path in record.paths.values())
    assert failed == 400
    decisions = {"sampling": 2000, "alerts": failed, "enforcement": failed, "insurance": failed}
    assert await rows(settings) == decisions
    assert record.dead == 0
    assert len(struck) == kills
    assert Counter(victim == BUS for victim, _ in struck)[True] > 0


def _assert_each_once(record: Record, reports: Sequence[ResultReported]) -> None:
    assert record.paths.keys() == {one.sample_no for one in reports}
    faults = {number: path.faults() for number, path in record.paths.items() if path.faults()}
    assert faults == {}
