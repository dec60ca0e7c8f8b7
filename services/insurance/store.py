"""The insurance service's tables and queries: policies, and the decision on each failed sample.

An overturned sample may be heard of before its failure: it is kept all the same, under the same key, so that a failure
that comes later, or at the same moment in another replica, finds it.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Index, Row, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.insurance.cover import Policy as CoverPolicy
from shared.tables import tables_in

OVERTURNED = "overturned"
"""The reason why nobody is told, or told any longer, of a sample that was overturned."""

Identity = tuple[str, str]
"""Laboratory and report number."""


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
    """None where no notice stands."""
    insurer: str | None
    policy_no: str | None
    reason: str
    """The insured's role, or why nobody is told."""
    producer: str | None = Field(index=True)
    seller: str | None = Field(index=True)
    region: str
    day: date
    """On which the sample failed; on which it was overturned, while its failure was not heard of."""
    sample: str
    """The failed sample as it was told, for a policy that is told of later; empty while it was not."""


tables = tables_in(InsuranceTable.metadata)
_policy: Any = Policy.__table__  # type: ignore[attr-defined]
_notice: Any = Notice.__table__  # type: ignore[attr-defined]
_this_report = (_notice.c.laboratory == bindparam("this_laboratory")) & (
    _notice.c.report_no == bindparam("this_report")
)


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
    """The decisions to tell nobody, on failed samples of these producers and sellers that stand."""
    concerned = or_(_notice.c.producer.in_(insured), _notice.c.seller.in_(insured))
    found = select(_notice).where(_notice.c.notice_no.is_(None), _notice.c.reason != OVERTURNED, concerned)
    return await _in_order(connection, found)


async def known_notices(connection: AsyncConnection, reports: Collection[Identity]) -> dict[Identity, Row[Any]]:
    """The decision on each of these reports that the service heard of before."""
    laboratories = {laboratory for laboratory, _ in reports}
    numbers = [number for _, number in reports]
    found = select(_notice).where(_notice.c.laboratory.in_(laboratories), _notice.c.report_no.in_(numbers))
    return {(row.laboratory, row.report_no): row for row in await _in_order(connection, found)}


async def _in_order(connection: AsyncConnection, found: Any) -> list[Row[Any]]:
    # locked, and in one order: while a policy is told of in one replica, another may overturn a sample that it covers
    ordered = found.order_by(_notice.c.laboratory, _notice.c.report_no)
    return list(await connection.execute(ordered.with_for_update()))


async def revise_notice(connection: AsyncConnection, report: Identity, **values: Any) -> None:
    """Another decision: an insurer is told after all, or no longer."""
    this = {"this_laboratory": report[0], "this_report": report[1]}
    await connection.execute(update(_notice).where(_this_report).values(values), this)


async def keep_notices(connection: AsyncConnection, notices: Sequence[dict[str, Any]]) -> None:
    """Keep decisions; each a row of ``Notice``."""
    if notices:
        await connection.execute(insert(_notice), list(notices))
