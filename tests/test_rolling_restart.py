"""Rolling restarts: every process is stopped and started again in its turn while reports come, and nothing is lost.

On PostgreSQL each service has two replicas, on SQLite one. Each process is stopped in order (SIGTERM), then one of each
service is killed (SIGKILL); the next one's turn comes when it is healthy again.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from demo.record import STREAMS, read
from shared.contracts import PolicyBound, ResultReported
from shared.contracts.catalogue import SERVICES
from shared.permissions import OPERATOR
from shared.record import read_record
from shared.settings import Settings
from shared.streams import consumers_of
from tests.county import prepared, say
from tests.replicas import Replica
from tests.servers.nats import NatsServer
from tests.speaking import until
from tests.test_delivery import is_at_rest, pending, pending_now, results, rows, send

SHARE = 60
"""Reports that are sent while one process is restarted: half of them at once before its end, half as it starts."""
REPORTS = results(12 * SHARE)
ALARM = "shian_duplicate_on_first_publish_total"
PACE = 0.04
"""Seconds between two reports."""
INSURED = [f"P{n:04}" for n in range(0, 40, 10)]


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """Unacknowledged messages come back after a second; batches are small, so that each replica has some in hand."""
    return settings.model_copy(
        update={"database_url": database_url, "ack_wait": timedelta(seconds=1), "batch_size": 50}
    )


@pytest.fixture
async def replicas(
    server: NatsServer, operator: Client, settings: Settings, tmp_path: Path
) -> AsyncIterator[list[Replica]]:
    """The replicas of every service, healthy, with the forms of all samples and some policies before them."""
    del operator
    await prepared(server, *REPORTS)
    policies = (
        PolicyBound(policy_no=f"POL-{one}", insured=one, valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))
        for one in INSURED
    )
    await say(server, "insurer.I007", *policies)
    each = 1 if settings.database_url.startswith("sqlite") else 2
    replicas = [Replica(service, settings, tmp_path) for service in SERVICES for _ in range(each)]
    await asyncio.gather(*(replica.start() for replica in replicas))
    yield replicas
    await asyncio.gather(*(replica.end(signal.SIGTERM) for replica in replicas))


async def test_rolling_restart_loses_and_doubles_nothing(
    server: NatsServer, settings: Settings, replicas: list[Replica], operator: Client
) -> None:
    """Stopped or killed one after another under load, the services decide each report and each failure exactly once."""
    laboratory = await server.connect("lab-L0142")
    of_each_service = {replica.service: replica for replica in replicas}.values()
    turns = [(replica, signal.SIGTERM) for replica in replicas]
    turns += [(replica, signal.SIGKILL) for replica in of_each_service]
    sent, in_hand, alarms = 0, 0, 0.0
    for replica, number in turns:
        alarms += await replica.count(ALARM)
        waiting = await restart(replica, number, laboratory, REPORTS[sent : sent + SHARE], operator)
        sent += SHARE
        in_hand += waiting if number == signal.SIGKILL else 0
    await until(lambda: is_at_rest(operator), seconds=60)
    await laboratory.close()
    alarms += sum([await replica.count(ALARM) for replica in replicas])
    await assert_each_once(operator, settings, REPORTS[:sent])
    print(f"{sent} reports; {in_hand} messages waited where a process was killed")
    assert in_hand > 0
    assert 0 == alarms
    assert [] == [line for replica in replicas for line in replica.said().splitlines() if "Traceback" in line]


async def restart(
    replica: Replica, number: signal.Signals, laboratory: Client, reports: Sequence[ResultReported], operator: Client
) -> int:
    """End a process while messages wait for its service, start it again, reports coming all the while.

    Returns how many messages waited when it was gone.
    """
    consumers, half = consumers_of(replica.service), len(reports) // 2
    sending = asyncio.gather(*(send(laboratory, one) for one in reports[:half]))
    with suppress(AssertionError):  # it may be too quick for anything to wait
        await until(lambda: pending_now(operator, consumers), seconds=2)
    await replica.end(number)
    waiting = await pending(operator, consumers)
    trickling = asyncio.create_task(trickle(laboratory, reports[half:]))
    await replica.start()
    await asyncio.gather(sending, trickling)
    return waiting


async def trickle(laboratory: Client, reports: Sequence[ResultReported]) -> None:
    """Send report after report, as long as a start takes."""
    for one in reports:
        await send(laboratory, one)
        await asyncio.sleep(PACE)


async def assert_each_once(operator: Client, settings: Settings, sent: Sequence[ResultReported]) -> None:
    """Each report that the bus acknowledged has one outcome, each failure one decision of each kind; no dead letter."""
    record = await read(operator)
    assert {one.sample_no for one in sent} == {number for number, path in record.paths.items() if path.outcomes}
    assert {} == {number: path.faults() for number, path in record.paths.items() if path.faults()}
    failed = sum(path.failed for path in record.paths.values())
    assert len([one for one in sent if one.product in ("草鱼", "韭菜")]) == failed > 0
    assert {
        "sampling": len(sent),
        "alerts": failed,
        "enforcement": failed,
        "insurance": failed,
    } == await rows(settings)
    assert 0 == record.dead
    assert [] == await twice(operator)


async def twice(operator: Client) -> list[str]:
    """The ids of messages that stand on the record more than once."""
    ids: Counter[str] = Counter()
    for stream in (*STREAMS, "PARTNERS"):
        async for message in read_record(operator, stream, name=OPERATOR, headers_only=True):
            ids[(message.headers or {})["Nats-Msg-Id"]] += 1
    return [one for one, count in ids.items() if count > 1]
