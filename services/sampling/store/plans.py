"""The plans in force."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable


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


async def plans_of(connection: AsyncConnection, regions: Collection[str]) -> list[Row[Any]]:
    """The plans of these counties, by region and number."""
    return list(await connection.execute(_ordered.where(_plan.c.region.in_(regions))))


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
