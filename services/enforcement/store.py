"""The enforcement service's tables and queries: cases and the failed samples that belong to them.

An overturned sample may be heard of before its failure: it is kept all the same, under the same key, so that a failure
that comes later, or at the same moment in another replica, finds it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.tables import tables_in

Identity = tuple[str, str]
"""Laboratory and report number."""


class EnforcementTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""


class Case(EnforcementTable, table=True):
    """A case (核查处置), open while one of its samples stands."""

    __tablename__ = "case_file"  # CASE is a word of SQL

    case_no: str = Field(primary_key=True)
    producer: str | None
    product: str


class CaseSample(EnforcementTable, table=True):
    """A failed sample of a case, whether it was referred or why not, and whether it was overturned."""

    __tablename__ = "case_sample"

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    case_no: str = Field(index=True)
    """Empty while the overturned sample's failure was not heard of, and so is the reason."""
    sample_no: str
    referred: bool
    reason: str
    overturned: bool


tables = tables_in(EnforcementTable.metadata)
_case: Any = Case.__table__  # type: ignore[attr-defined]
_sample: Any = CaseSample.__table__  # type: ignore[attr-defined]
_this_report = (_sample.c.laboratory == bindparam("this_laboratory")) & (
    _sample.c.report_no == bindparam("this_report")
)


async def known_samples(connection: AsyncConnection, reports: Collection[Identity]) -> dict[Identity, Row[Any]]:
    """The row of each of these reports that the service heard of before."""
    laboratories = {laboratory for laboratory, _ in reports}
    numbers = [number for _, number in reports]
    found = select(_sample).where(_sample.c.laboratory.in_(laboratories), _sample.c.report_no.in_(numbers))
    return {(row.laboratory, row.report_no): row for row in await connection.execute(found)}


async def standing_samples(connection: AsyncConnection, case_nos: Collection[str]) -> dict[str, set[Identity]]:
    """The reports by which samples of these cases stand; none for a withdrawn case, nothing for an unknown one."""
    # locked first and in one order, then read: another replica's sample is seen, and no two wait for each other
    locked = select(_case.c.case_no).where(_case.c.case_no.in_(case_nos)).order_by(_case.c.case_no).with_for_update()
    cases: dict[str, set[Identity]] = {row.case_no: set() for row in await connection.execute(locked)}
    found = select(_sample).where(_sample.c.case_no.in_(list(cases)), _sample.c.overturned.is_(False))
    for row in await connection.execute(found):
        cases[row.case_no].add((row.laboratory, row.report_no))
    return cases


async def keep(connection: AsyncConnection, cases: Sequence[dict[str, Any]], samples: Sequence[dict[str, Any]]) -> None:
    """Keep new cases, and samples of which the service hears for the first time."""
    if cases:
        await connection.execute(insert(_case), list(cases))
    if samples:
        await connection.execute(insert(_sample), list(samples))


async def keep_overturned(connection: AsyncConnection, reports: Collection[Identity]) -> None:
    """These reports' failures no longer count; what was decided on them stays."""
    if reports:
        these = [{"this_laboratory": laboratory, "this_report": report_no} for laboratory, report_no in reports]
        await connection.execute(update(_sample).where(_this_report).values(overturned=True), these)


async def complete(connection: AsyncConnection, samples: Sequence[dict[str, Any]]) -> None:
    """What is decided on samples that were overturned before their failure was heard of."""
    for sample in samples:
        this = {"this_laboratory": sample["laboratory"], "this_report": sample["report_no"]}
        await connection.execute(update(_sample).where(_this_report).values(sample), this)
