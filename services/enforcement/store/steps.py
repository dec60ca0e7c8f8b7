"""The steps of a case, each as it was taken: the timeline that agency, police and procuratorate share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.enforcement.store.base import EnforcementTable
from shared.database import Moment


class CaseStepTaken(EnforcementTable, table=True):
    """One step of a case."""

    __tablename__ = "case_step"

    case_no: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    """Of the case after the step."""
    step: str
    by: str
    """Such as officer.O007; a service where a sample came or went."""
    at: datetime = Field(sa_type=Moment)
    """When it was taken, as its teller says."""
    heard_at: datetime = Field(sa_type=Moment)
    """When the exchange received it."""
    event_key: str
    state: str
    """Of the case after the step."""
    text: str


_step: Any = CaseStepTaken.__table__  # type: ignore[attr-defined]


async def keep(connection: AsyncConnection, steps: Sequence[dict[str, Any]]) -> None:
    """Keep steps that were taken."""
    if steps:
        await connection.execute(insert(_step), list(steps))


async def of_case(connection: AsyncConnection, case_no: str) -> list[Row[Any]]:
    """The steps of a case, in order."""
    found = select(_step).where(_step.c.case_no == case_no).order_by(_step.c.version)
    return list(await connection.execute(found))


async def latest(connection: AsyncConnection, case_no: str, names: Sequence[str] = ()) -> Row[Any] | None:
    """The last step of a case, or its last one of these names."""
    found = select(_step).where(_step.c.case_no == case_no)
    if names:
        found = found.where(_step.c.step.in_(names))
    return (await connection.execute(found.order_by(_step.c.version.desc()).limit(1))).one_or_none()
