"""Any order of arrival ends in the same state."""

import random
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.alerts.store import Alert, AlertSample
from services.enforcement.store import Case, CaseSample
from services.insurance.store import Notice
from services.sampling.store import Report
from shared.contracts import PolicyBound, ResultReported
from shared.contracts.catalogue import ServiceName
from shared.database import Database
from shared.settings import Settings
from tests.examples import malachite_green_in_carp, procymidone_in_leek, report, without_values
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

TABLES: dict[ServiceName, tuple[Any, ...]] = {
    "sampling": (Report,),
    "alerts": (Alert, AlertSample),
    "enforcement": (Case, CaseSample),
    "insurance": (Notice,),
}
POLICY = PolicyBound(policy_no="POL-1", insured="P1", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))
State = dict[str, set[tuple[Any, ...]]]


def results() -> list[ResultReported]:
    """Results that meet: shared producers, lots and substances, beside passing and unclear ones."""
    kinds = (malachite_green_in_carp, procymidone_in_leek, report, without_values)
    return [
        kinds[n % 4](f"{n:03}", producer=f"P{n % 3}" if n % 5 else None, production_date=f"2026-01-0{1 + n % 2}")
        for n in range(60)
    ]


async def final_state(folder: Path, arrivals: list[ResultReported], policy_after: int) -> State:
    """Run the whole system on these results, in this order, and read what stands in the databases."""
    server = NatsServer(folder)
    server.start()
    settings = Settings(
        nats_url=server.url, keys_folder=server.keys, database_url=f"sqlite+aiosqlite:///{folder}/{{service}}.db"
    )
    await server.provision(settings)
    laboratory, operator = await server.connect("lab-L0142"), await server.connect("operator")
    insurer = await server.connect("insurer-I007")
    async with running_services(settings):
        for number, one in enumerate(arrivals):
            if number == policy_after:
                await publish(insurer, "insurer.I007", POLICY, event_id="policy")
            await publish(laboratory, "lab.L0142", one, event_id=one.report_no)
        await until(lambda: is_quiet(operator))
    await laboratory.close()
    await insurer.close()
    await operator.close()
    server.stop()
    return {name: rows for service, tables in TABLES.items() for name, rows in await _rows(settings, service, tables)}


async def _rows(settings: Settings, service: str, tables: tuple[Any, ...]) -> list[tuple[str, set[tuple[Any, ...]]]]:
    database = Database(settings.database_of(service))
    async with database.read() as connection:
        found = [
            (table.__tablename__, {tuple(row) for row in await connection.execute(select(table.__table__))})
            for table in tables
        ]
    await database.close()
    return found


async def test_any_order_of_arrival_ends_in_the_same_state(tmp_path: Path) -> None:
    """The same results and policy in three orders leave the same reports, alerts with levels, cases and notices."""
    in_order = results()
    backwards = in_order[::-1]
    shuffled = random.Random(11).sample(in_order, len(in_order))  # noqa: S311 - a repeatable order
    first = await final_state(tmp_path / "1", in_order, 0)
    assert len(first["report"]) == len(in_order)
    assert any(notice_no for _, _, _, notice_no, *_ in first["notice"])
    assert any(samples > 1 for *_, samples in first["alert"])
    assert await final_state(tmp_path / "2", backwards, 59) == first
    assert await final_state(tmp_path / "3", shuffled, 30) == first
