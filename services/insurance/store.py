"""The insurance service's tables and queries: policies, and the decision on each failed sample."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Index, Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.insurance.cover import Policy as CoverPolicy
from shared.tables import tables_in


class InsuranceTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""


class Policy(InsuranceTable, table=True):
    """A policy that an insurer told of."""

    __table_args__ = (Index("ix_policy_insured", "insured"),)

    insurer: str = Field(primary_key=True)
    policy_no: str = Field(primary_key=True)
    insured: str
    valid_from: date
    valid_to: date


class Notice(InsuranceTable, table=True):
    """The decision on one failed sample."""

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    sample_no: str
    notice_no: str | None
    reason: str
    """The insured's role, or why nobody is told."""
    producer: str | None = Field(index=True)
    seller: str | None = Field(index=True)
    region: str
    day: date
    sample: str
    """The failed sample as it was told, for a policy that is told of later."""


tables = tables_in(InsuranceTable.metadata)
_policy: Any = Policy.__table__  # type: ignore[attr-defined]
_notice: Any = Notice.__table__  # type: ignore[attr-defined]


async def policies_of(connection: AsyncConnection, insured: Sequence[str]) -> list[CoverPolicy]:
    """Every policy of these producers and sellers."""
    return await _policies(connection, _policy.c.insured.in_(insured))


async def policies_numbered(connection: AsyncConnection, numbers: Sequence[str]) -> list[CoverPolicy]:
    """Every policy with one of these numbers."""
    return await _policies(connection, _policy.c.policy_no.in_(numbers))


async def _policies(connection: AsyncConnection, condition: Any) -> list[CoverPolicy]:
    rows = await connection.execute(select(_policy).where(condition))
    return [CoverPolicy(row.insurer, row.policy_no, row.insured, row.valid_from, row.valid_to) for row in rows]


async def keep_policies(connection: AsyncConnection, policies: Sequence[dict[str, Any]]) -> None:
    """Keep policies; each a row of ``Policy``."""
    if policies:
        await connection.execute(insert(_policy), list(policies))


async def declined_for(connection: AsyncConnection, insured: Sequence[str]) -> list[Row[Any]]:
    """The decisions to tell nobody, on failed samples of these producers and sellers."""
    concerned = or_(_notice.c.producer.in_(insured), _notice.c.seller.in_(insured))
    found = select(_notice).where(_notice.c.notice_no.is_(None), concerned)
    return list(await connection.execute(found.order_by(_notice.c.laboratory, _notice.c.report_no)))


async def revise_notice(connection: AsyncConnection, row: Row[Any], notice_no: str, reason: str) -> None:
    """An insurer is told after all."""
    this = _notice.c.laboratory == row.laboratory, _notice.c.report_no == row.report_no
    await connection.execute(update(_notice).where(*this).values(notice_no=notice_no, reason=reason))


async def keep_notices(connection: AsyncConnection, notices: Sequence[dict[str, Any]]) -> None:
    """Keep decisions; each a row of ``Notice``."""
    if notices:
        await connection.execute(insert(_notice), list(notices))
