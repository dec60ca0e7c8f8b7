"""Who did what about a sample, and when: the events that were answered and changed something, in their order.

What the journal told follows from these events, so that the path of a sample can be followed from here. Forms, steps of
custody and reports have tables of their own, and are found there.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, union
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable
from services.sampling.store.reports import Report
from services.sampling.store.samples import Custody, Sample
from shared.database import Moment
from shared.heard import Heard, Work


class Act(SamplingTable, table=True):
    """One act about a sample."""

    event_key: str = Field(primary_key=True)
    sample_no: str = Field(index=True)
    kind: str
    """The event's type, such as officer.notice.served.v1."""
    told_by: str
    at: datetime = Field(sa_type=Moment)
    """When the exchange received it."""
    text: str
    """The event in one sentence."""


_act: Any = Act.__table__  # type: ignore[attr-defined]


async def keep(heard: Heard[Any], work: Work, sample_no: str) -> None:
    """Keep that an event was answered and changed something about a sample."""
    row = {
        "event_key": heard.key,
        "sample_no": sample_no,
        "kind": heard.event.TYPE,
        "told_by": ".".join(heard.origin.subject.split(".", 2)[:2]),
        "at": heard.origin.received,
        "text": heard.event.sentence(),
    }
    await work.connection.execute(insert(_act), [row])


async def on_sample(connection: AsyncConnection, sample_no: str) -> list[Row[Any]]:
    """What was done about a sample, in order."""
    found = select(_act).where(_act.c.sample_no == sample_no).order_by(_act.c.at)
    return list(await connection.execute(found))


async def keys_on(connection: AsyncConnection, sample_no: str) -> list[str]:
    """The keys of all events about a sample that were answered and changed something."""
    kept: tuple[Any, ...] = (Act, Sample, Custody, Report)
    tables = [one.__table__ for one in kept]
    found = union(*(select(table.c.event_key).where(table.c.sample_no == sample_no) for table in tables))
    return [row.event_key for row in await connection.execute(found)]
