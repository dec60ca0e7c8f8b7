"""Plans that are counted in a database, and what was told of them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from services.sampling.progress_told import tell_progress
from services.sampling.store import plans, samples, tallies
from shared.contracts import PlanAdopted, PlanLine, PlanProgressed
from shared.database import Database
from shared.heard import Heard, Work
from shared.migrations import make_ready
from shared.origin import Origin
from tests.services.sampling.test_store import taken

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
REGION = "21.02.83"
PLAN = PlanAdopted(
    plan_no="PLAN-2026",
    title="Plan of 2026",
    kind="annual",
    starts=date(2026, 1, 1),
    ends=date(2026, 12, 31),
    lines=(PlanLine(township="210283104", samples=3), PlanLine(category="糕点", samples=4)),
)
_MESSAGE = Msg(
    Client(), "officer.O001.plan.adopted.v1.21.02.83", "$JS.ACK.PARTNERS.sampling.1.1.1.1772416800000000000.0"
)
CAUSE: Heard[Any] = Heard(
    event=PLAN, key="urn:made 1", id="1", time=NOW, region=REGION, origin=Origin(_MESSAGE), message=_MESSAGE
)


@asynccontextmanager
async def database_with_plan(url: str) -> AsyncIterator[Database]:
    """The sampling service's database with the annual plan."""
    database = Database(url.replace("{service}", "sampling"))
    await make_ready(database, "sampling")
    async with database.write() as connection:
        await plans.adopt(connection, plan_row())
    yield database
    await database.close()


def plan_row(**changes: Any) -> dict[str, Any]:
    """The plan as it is kept."""
    facts = {
        "region": REGION,
        "plan_no": PLAN.plan_no,
        "version": 1,
        "kind": PLAN.kind,
        "starts": PLAN.starts,
        "ends": PLAN.ends,
        "adopted": PLAN.model_dump_json(),
        "event_key": "urn:made 0",
    }
    return facts | changes


def campaign_row() -> dict[str, Any]:
    """A campaign of the same county as it is kept."""
    campaign = PLAN.model_copy(update={"plan_no": "FISH-2026", "kind": "campaign"})
    return plan_row(plan_no="FISH-2026", kind="campaign", adopted=campaign.model_dump_json())


async def count(database: Database, *numbers: str) -> list[bytes]:
    """Count these samples anew in a transaction of their own; what was told."""
    async with database.write() as connection:
        work = Work("sampling", NOW, connection)
        await tell_progress(CAUSE, work, {f"S-{number}" for number in numbers}, "resident")
    return [told.payload for told in work.told]


async def corrected(database: Database, number: str, **changes: Any) -> list[PlanProgressed]:
    """Put a corrected form in the place of a sample's, and count it anew; what was told."""
    sample = taken(number, **changes)
    content = repr(sorted(changes.items()))
    async with database.write() as connection:
        await samples.replace(connection, sample | {"content": content})
    return [read(payload) for payload in await count(database, number)]


def read(payload: bytes) -> PlanProgressed:
    """An event that was told."""
    return PlanProgressed.model_validate(json.loads(payload)["data"])


def lines(progress: PlanProgressed) -> dict[str, int]:
    """How far each of the lines is that were told."""
    return {one.target: int(one.reached) for one in progress.targets if one.target.startswith("line:")}


async def counters(database: Database, **changes: Any) -> dict[str, int]:
    """The counters of the plan that are not zero."""
    async with database.read() as connection:
        kept = await tallies.counters_of(connection, SimpleNamespace(**plan_row(**changes)))
    return {name: number for name, number in kept.items() if number}


async def count_and_forget(database: Database, *numbers: str) -> list[bytes]:
    """Count in a transaction that is not committed, as where the service stops in between; what would be told."""
    told: list[bytes] = []
    with suppress(InterruptedError):
        async with database.write() as connection:
            work = Work("sampling", NOW, connection)
            await tell_progress(CAUSE, work, {f"S-{number}" for number in numbers}, "resident")
            told = [one.payload for one in work.told]
            raise InterruptedError
    return told
