"""The plans in force."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable

ANNUAL = "annual"


class Plan(SamplingTable, table=True):
    """The version of a plan that is in force; its region and number are its identity."""

    region: str = Field(primary_key=True)
    plan_no: str = Field(primary_key=True)
    version: int
    kind: str
    """annual or campaign."""
    starts: date
    ends: date
    adopted: str
    """The plan as it was told (JSON)."""
    event_key: str


_plan: Any = Plan.__table__  # type: ignore[attr-defined]
_ordered = select(_plan).order_by(_plan.c.region, _plan.c.plan_no)


async def all_plans(connection: AsyncConnection) -> list[Row[Any]]:
    """Every plan, by region, first day and number."""
    return list(await connection.execute(select(_plan).order_by(_plan.c.region, _plan.c.starts, _plan.c.plan_no)))


async def numbered(connection: AsyncConnection, plan_no: str) -> list[Row[Any]]:
    """The plans of this number, by region."""
    return list(await connection.execute(_ordered.where(_plan.c.plan_no == plan_no)))


async def plans_of(connection: AsyncConnection, regions: Collection[str]) -> list[Row[Any]]:
    """The plans of these counties, by region and number."""
    return list(await connection.execute(_ordered.where(_plan.c.region.in_(regions))))


async def concerned(
    connection: AsyncConnection, regions: Collection[str], plan_nos: Collection[str], days: Collection[date]
) -> list[Row[Any]]:
    """The plans of these counties for which samples can count that name these plans and were taken on these days."""
    of_days = and_(_plan.c.kind == ANNUAL, _plan.c.starts <= max(days), _plan.c.ends >= min(days))
    wanted = _plan.c.region.in_(regions), or_(_plan.c.plan_no.in_(plan_nos), of_days)
    return list(await connection.execute(_ordered.where(*wanted)))


async def existing(
    connection: AsyncConnection, regions: Collection[str], plan_nos: Collection[str]
) -> set[tuple[str, str]]:
    """Region and number of the plans that these counties have of these numbers."""
    found = select(_plan.c.region, _plan.c.plan_no)
    found = found.where(_plan.c.region.in_(regions), _plan.c.plan_no.in_(plan_nos))
    return {(row.region, row.plan_no) for row in await connection.execute(found)} if plan_nos else set()


async def in_force(connection: AsyncConnection, day: date) -> list[Row[Any]]:
    """The plans whose time a day lies in, by region and number."""
    return list(await connection.execute(_ordered.where(_plan.c.starts <= day, _plan.c.ends >= day)))


async def adopt(connection: AsyncConnection, plan: dict[str, Any]) -> None:
    """Keep a plan, a row of ``Plan``, in place of the version before."""
    if plan["version"] == 1:
        await connection.execute(insert(_plan), [plan])
        return
    this = _plan.c.region == plan["region"], _plan.c.plan_no == plan["plan_no"]
    await connection.execute(update(_plan).where(*this).values(plan))
