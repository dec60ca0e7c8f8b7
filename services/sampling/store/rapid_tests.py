"""Rapid tests, apart from all samples."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable
from shared.database import Moment


class RapidTest(SamplingTable, table=True):
    """A rapid test; its number is its identity."""

    __tablename__ = "rapid_test"

    test_no: str = Field(primary_key=True)
    event_key: str
    region: str
    content: str
    """Digest of what was recorded but for the time at which the unit was told, to tell a repetition from a change."""
    township: str = Field(index=True)
    place_kind: str
    sampled_unit: str
    product: str
    category: str
    analyte: str
    positive: bool
    tested_at: datetime = Field(sa_type=Moment)
    notified_at: datetime | None = Field(sa_type=Moment)


_rapid: Any = RapidTest.__table__  # type: ignore[attr-defined]


async def find(connection: AsyncConnection, test_no: str) -> Row[Any] | None:
    """The rapid test of this number, or none."""
    return (await connection.execute(select(_rapid).where(_rapid.c.test_no == test_no))).one_or_none()


async def keep(connection: AsyncConnection, test: dict[str, Any]) -> None:
    """Keep a rapid test, a row of ``RapidTest``."""
    await connection.execute(insert(_rapid), [test])


async def notify(connection: AsyncConnection, test_no: str, notified_at: datetime) -> None:
    """Remember when the unit was told of a positive rapid test."""
    await connection.execute(update(_rapid).where(_rapid.c.test_no == test_no).values(notified_at=notified_at))
