"""Any order of arrival ends in the same state."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from services.alerts.store import Alert, AlertSample
from services.enforcement.store.cases import Case
from services.enforcement.store.samples import CaseSample
from services.insurance.store import Notice
from services.sampling.store.reports import Report
from shared.contracts import PolicyBound, ResultReported, ResultWithdrawn
from shared.contracts.catalogue import ServiceName
from shared.settings import Settings
from tests.county import prepared
from tests.examples import malachite_green_in_carp, procymidone_in_leek, report, without_values
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import publish, until
from tests.undoing import rows

TABLES: dict[ServiceName, tuple[Any, ...]] = {
    "sampling": (Report,),
    "alerts": (Alert, AlertSample),
    "enforcement": (Case, CaseSample),
    "insurance": (Notice,),
}
OF_THE_RUN = ("reported_at", "opened_at", "since", "version")
"""What says when a report came, or how many steps a case took, and so differs from run to run."""
POLICY = PolicyBound(policy_no="POL-1", insured="P1", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))
Said = ResultReported | ResultWithdrawn
State = dict[str, list[dict[str, Any]]]


def results() -> list[ResultReported]:
    """Results that meet: shared producers, lots and substances, beside passing and unclear ones."""
    kinds = (malachite_green_in_carp, procymidone_in_leek, report, without_values)
    return [
        kinds[n % 4](f"{n:03}", producer=f"P{n % 3}" if n % 5 else None, production_date=f"2026-01-0{1 + n % 2}")
        for n in range(60)
    ]


def with_withdrawals(reports: Sequence[ResultReported], chance: random.Random) -> list[Said]:
    """The same results, a third of them withdrawn: each at any moment after it was reported."""
    said: list[Said] = list(reports)
    for one in reports:
        if int(one.report_no[2:]) % 3 == 0:
            withdrawn = ResultWithdrawn(report_no=one.report_no, sample_no=one.sample_no, why="Mixed up.")
            said.insert(chance.randint(said.index(one) + 1, len(said)), withdrawn)
    return said


async def final_state(folder: Path, arrivals: list[Said], policy_after: int) -> State:
    """Run the whole system on these arrivals, in this order, and read what stands in the databases."""
    settings = Settings(database_url=f"sqlite+aiosqlite:///{folder}/{{service}}.db")
    async with bus(folder, settings) as (server, settings, operator):
        await prepared(server, *results())
        laboratory, insurer = await server.connect("lab-L0142"), await server.connect("insurer-I007")
        async with running_services(settings):
            for number, one in enumerate(arrivals):
                if number == policy_after:
                    await publish(insurer, "insurer.I007", POLICY, event_id="policy")
                await publish(laboratory, "lab.L0142", one, event_id=f"{one.TYPE} {one.report_no}")
            await until(lambda: is_quiet(operator), seconds=60)
        await laboratory.close()
        await insurer.close()
    return {table.__tablename__: await _rows(settings, of, table) for of, tables in TABLES.items() for table in tables}


@asynccontextmanager
async def bus(folder: Path, settings: Settings) -> AsyncIterator[tuple[NatsServer, Settings, Client]]:
    """A bus of its own, with the settings that lead to it and the operator's connection."""
    server = NatsServer(folder)
    server.start()
    settings = settings.model_copy(update={"nats_url": server.url, "keys_folder": server.keys})
    await server.provision(settings)
    operator = await server.connect("operator")
    yield server, settings, operator
    await operator.close()
    server.stop()


async def _rows(settings: Settings, service: ServiceName, table: Any) -> list[dict[str, Any]]:
    found = [row._asdict() for row in await rows(settings, service, table)]
    return [{name: value for name, value in row.items() if name not in OF_THE_RUN} for row in found]


async def test_any_order_of_arrival_ends_in_the_same_state(tmp_path: Path) -> None:
    """The same results, withdrawals and policy in three orders leave the same reports, alerts, cases and notices."""
    chance = random.Random(11)  # noqa: S311 - a repeatable order
    in_order = results()
    shuffled = chance.sample(in_order, len(in_order))
    first = await final_state(tmp_path / "1", with_withdrawals(in_order, chance), 0)
    assert len(first["report"]) == len(in_order)
    assert Counter(row["state"] for row in first["report"]) == {"standing": 40, "withdrawn": 20}
    assert any(row["notice_no"] for row in first["notice"])
    assert any(row["samples"] > 1 for row in first["alert"])
    overturned = [row["report_no"] for row in first["case_sample"] if row["overturned"]]
    assert overturned == [row["report_no"] for row in first["alert_sample"] if row["overturned"]]
    assert len(overturned) == 10
    assert await final_state(tmp_path / "2", with_withdrawals(in_order[::-1], chance), 79) == first
    assert await final_state(tmp_path / "3", with_withdrawals(shuffled, chance), 30) == first
