"""Cases, each in its present state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.enforcement.steps import ENDED, State
from services.enforcement.store.base import EnforcementTable
from services.enforcement.store.samples import CaseSample
from shared.database import Moment
from shared.workdays import day_in_china


class Case(EnforcementTable, table=True):
    """A case (案件): whom and what it is about, and how far it is."""

    __tablename__ = "case_file"  # CASE is a word of SQL

    case_no: str = Field(primary_key=True)
    producer: str | None = Field(index=True)
    product: str
    region: str
    """Of the agency in charge."""
    opened_at: datetime = Field(sa_type=Moment)
    state: str = Field(index=True)
    version: int
    """How many steps it has taken."""
    since: datetime = Field(sa_type=Moment)
    """When it came into its state."""
    police: str
    """The region of the police to whom it was transferred; empty before."""
    offence: str
    """Article of the Criminal Law that the report names; empty before."""
    dossier: str
    """Digest of the dossier that the report was written over; empty before."""
    opinion_pending: str
    """Why the report goes without a test report and an expert opinion; empty where it does not."""
    reported_by: str
    signed_by: str
    approved_by: str
    approved_at: datetime | None = Field(sa_type=Moment)
    supervision: str
    """``major`` where the agency flagged it, ``joint`` under joint supervision, else empty."""
    penalties: str
    """The penalties that were decided: number, operator and kinds of each (JSON)."""
    facts: str
    """The facts that officers stated (JSON)."""
    assessments: str
    """What each rule found in them (JSON); empty while nothing was stated."""


_case: Any = Case.__table__  # type: ignore[attr-defined]
_sample: Any = CaseSample.__table__  # type: ignore[attr-defined]


NOBODY_ACTED: dict[str, Any] = {
    "police": "",
    "offence": "",
    "dossier": "",
    "opinion_pending": "",
    "reported_by": "",
    "signed_by": "",
    "approved_by": "",
    "approved_at": None,
    "supervision": "",
    "penalties": "[]",
    "assessments": "",
}
"""The columns of a case that is new, or that opens again after it fell."""


async def hold(connection: AsyncConnection, case_nos: Collection[str]) -> dict[str, Row[Any]]:
    """These cases, held until the transaction ends; unknown ones are left out."""
    # in one order: no two replicas wait for each other
    found = select(_case).where(_case.c.case_no.in_(case_nos)).order_by(_case.c.case_no).with_for_update()
    return {row.case_no: row for row in await connection.execute(found)}


async def one(connection: AsyncConnection, case_no: str) -> Row[Any] | None:
    """A case, held until the transaction ends; none where there is no such case."""
    return (await hold(connection, [case_no])).get(case_no)


async def keep(connection: AsyncConnection, cases: Sequence[Mapping[str, Any]]) -> None:
    """Keep new cases."""
    if cases:
        await connection.execute(insert(_case), [dict(case) for case in cases])


async def change(connection: AsyncConnection, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Change cases by their number; each change names the columns that differ."""
    for case_no, values in changes.items():
        await connection.execute(update(_case).where(_case.c.case_no == case_no).values(**values))


def new(case_no: str, *, producer: str | None, product: str, region: str, at: datetime) -> dict[str, Any]:
    """The row of a case that is new and has taken no step."""
    return {
        "case_no": case_no,
        "producer": producer,
        "product": product,
        "region": region,
        "opened_at": at,
        "state": "open",
        "version": 0,
        "since": at,
        **NOBODY_ACTED,
        "facts": "{}",
    }


@dataclass(frozen=True, slots=True)
class Opened:
    """A case of a producer, and when it opened."""

    case_no: str
    opened_at: datetime

    @property
    def day(self) -> date:
        """The day in China."""
        return day_in_china(self.opened_at)


Earlier = Mapping[str, Sequence[Opened]]
"""The cases of each producer, by their opening."""


async def earlier(connection: AsyncConnection, producers: Collection[str]) -> Earlier:
    """The cases of these producers that are not withdrawn."""
    found: dict[str, list[Opened]] = {}
    if producers:
        theirs = _case.c.producer.in_(producers) & (_case.c.state != State.WITHDRAWN)
        columns = select(_case.c.producer, _case.c.case_no, _case.c.opened_at).where(theirs).order_by(_case.c.opened_at)
        for row in await connection.execute(columns):
            found.setdefault(row.producer, []).append(Opened(row.case_no, row.opened_at))
    return found


async def count_states(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many cases there are, by region and state."""
    found = select(_case.c.region, _case.c.state, func.count()).group_by(_case.c.region, _case.c.state)
    return {(region, state): number for region, state, number in await connection.execute(found)}


async def count_supervised(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many cases that are not ended are flagged or under joint supervision, by region and how."""
    goes_on = _case.c.state.not_in(ENDED) & (_case.c.supervision != "")
    columns = (_case.c.region, _case.c.supervision)
    found = select(*columns, func.count()).where(goes_on).group_by(*columns)
    return {(region, how): number for region, how, number in await connection.execute(found)}


async def count_undecided(connection: AsyncConnection) -> dict[str, int]:
    """How many referred cases nobody reported on yet, by region."""
    referred = exists().where(_sample.c.case_no == _case.c.case_no, _sample.c.referred, ~_sample.c.overturned)
    found = select(_case.c.region, func.count().label("cases")).where(_case.c.state == State.OPEN, referred)
    return {row.region: row.cases for row in await connection.execute(found.group_by(_case.c.region))}
