"""The failed samples of the cases.

An overturned sample may be heard of before its failure: it is kept all the same, under the same key, so that a failure
that comes later, or at the same moment in another replica, finds it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.enforcement.store.base import EnforcementTable

Identity = tuple[str, str]
"""Laboratory and report number."""


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
    reasons: str
    """Why it was referred, or why not (JSON)."""
    assessments: str
    """What each rule looked at and found (JSON); empty in a sample of the time before that was kept."""


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
    """The reports by which samples of these cases stand; the cases are held already."""
    standing: dict[str, set[Identity]] = {case_no: set() for case_no in case_nos}
    for row in await of_cases(connection, case_nos):
        if not row.overturned:
            standing[row.case_no].add((row.laboratory, row.report_no))
    return standing


async def of_cases(connection: AsyncConnection, case_nos: Collection[str]) -> list[Row[Any]]:
    """Every sample of these cases, in the order of their numbers."""
    found = select(_sample).where(_sample.c.case_no.in_(case_nos)).order_by(_sample.c.sample_no, _sample.c.report_no)
    return list(await connection.execute(found))


async def standing_of(connection: AsyncConnection, case_no: str) -> list[Row[Any]]:
    """The samples by which a case stands, in the order of their numbers."""
    return [row for row in await of_cases(connection, [case_no]) if not row.overturned]


async def keep(connection: AsyncConnection, samples: Sequence[dict[str, Any]]) -> None:
    """Keep samples of which the service hears for the first time."""
    if samples:
        await connection.execute(insert(_sample), list(samples))


async def keep_overturned(connection: AsyncConnection, reports: Collection[Identity]) -> None:
    """These reports' failures no longer count; what was decided on them stays."""
    if reports:
        these = [{"this_laboratory": laboratory, "this_report": report_no} for laboratory, report_no in reports]
        await connection.execute(update(_sample).where(_this_report).values(overturned=True), these)


async def refer(connection: AsyncConnection, report: Identity, rule: str, reasons: str) -> None:
    """A sample is referred after all, by what an officer stated."""
    this = {"this_laboratory": report[0], "this_report": report[1]}
    change = update(_sample).where(_this_report).values(referred=True, reason=rule, reasons=reasons)
    await connection.execute(change, this)


async def complete(connection: AsyncConnection, samples: Sequence[dict[str, Any]]) -> None:
    """What is decided on samples that were overturned before their failure was heard of."""
    for sample in samples:
        this = {"this_laboratory": sample["laboratory"], "this_report": sample["report_no"]}
        await connection.execute(update(_sample).where(_this_report).values(sample), this)
