"""What may still happen to a failed sample: notices that were served, re-inspections and objections."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable
from shared.contracts import Finding
from shared.database import Moment

OPEN = "open"
"""The drawn laboratory has not concluded."""
UNCLEAR = "unclear"
"""It has, and a person has to decide."""
UPHELD = "upheld"
OVERTURNED = "overturned"
UNABLE = "unable"
"""The drawn laboratory could not test, and another one was drawn."""
CALLED_OFF = "called_off"
"""Whoever asked for it does not want it, or did not pay."""
CONCLUDED = frozenset((UNCLEAR, UPHELD, OVERTURNED))
"""The drawn laboratory has reported, and that is final."""
SUSTAINED = "sustained"
DISMISSED = "dismissed"


class Notice(SamplingTable, table=True):
    """The notice of one failed report, served on one addressee."""

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    addressee: str = Field(primary_key=True)
    """operator or producer."""
    sample_no: str = Field(index=True)
    served_on: date
    reinspection_until: date
    document: str


class Reinspection(SamplingTable, table=True):
    """A re-inspection that was accepted."""

    reinspection_no: str = Field(primary_key=True)
    sample_no: str = Field(index=True)
    region: str
    first_laboratory: str
    first_report_no: str
    laboratory: str
    """The drawn one."""
    requested_by: str
    requested_on: date
    state: str
    """open, unclear, upheld, overturned, unable or called_off."""
    reserve_received: datetime | None = Field(sa_type=Moment)
    report_no: str
    """Of the drawn laboratory's report; empty until it concluded."""
    substances: str
    """What is tested again, by reviewed names, with a bar between."""
    findings: str
    """What the drawn laboratory found (JSON); empty until it concluded."""
    on_time: bool


class Objection(SamplingTable, table=True):
    """An objection of an operator or a producer."""

    objection_no: str = Field(primary_key=True)
    sample_no: str = Field(index=True)
    region: str
    addressee: str
    """Who objects: operator or producer."""
    ground: str
    filed_on: date
    review_until: date
    state: str
    """open, sustained or dismissed."""


_notice: Any = Notice.__table__  # type: ignore[attr-defined]
_reinspection: Any = Reinspection.__table__  # type: ignore[attr-defined]
_FINDINGS = TypeAdapter(tuple[Finding, ...])
_objection: Any = Objection.__table__  # type: ignore[attr-defined]


def findings_json(findings: Iterable[Finding]) -> str:
    """Findings as they are kept."""
    return _FINDINGS.dump_json(tuple(findings)).decode()


def findings_of(row: Row[Any]) -> tuple[Finding, ...]:
    """What the drawn laboratory found; empty while it has not concluded."""
    return _FINDINGS.validate_json(row.findings) if row.findings else ()


async def keep_notice(connection: AsyncConnection, notice: dict[str, Any]) -> None:
    """Keep a notice that was served, a row of ``Notice``."""
    await connection.execute(insert(_notice), [notice])


async def notices_of(connection: AsyncConnection, laboratory: str, report_no: str) -> dict[str, Row[Any]]:
    """The notices of one failed report, by addressee."""
    found = select(_notice).where(_notice.c.laboratory == laboratory, _notice.c.report_no == report_no)
    return {row.addressee: row for row in await connection.execute(found)}


async def keep_reinspection(connection: AsyncConnection, reinspection: dict[str, Any]) -> None:
    """Keep a re-inspection, a row of ``Reinspection``."""
    await connection.execute(insert(_reinspection), [reinspection])


async def reinspections_of(connection: AsyncConnection, sample_no: str) -> list[Row[Any]]:
    """The re-inspections of a sample, the latest first; a second one is rare."""
    found = select(_reinspection).where(_reinspection.c.sample_no == sample_no)
    ordered = found.order_by(_reinspection.c.requested_on.desc(), _reinspection.c.reinspection_no)
    return list(await connection.execute(ordered))


async def reinspection(connection: AsyncConnection, reinspection_no: str) -> Row[Any] | None:
    """One re-inspection by its number, or none."""
    found = select(_reinspection).where(_reinspection.c.reinspection_no == reinspection_no)
    return (await connection.execute(found)).one_or_none()


async def is_upheld(connection: AsyncConnection, report: Row[Any] | None) -> bool:
    """Whether a re-inspection upheld the failure that a report, a row of the store, found; not where there is none."""
    if report is None or report.verdict != "fail":
        return False
    return any(row.state == UPHELD for row in await reinspections_of(connection, report.sample_no))


async def change_reinspection(connection: AsyncConnection, reinspection_no: str, **values: Any) -> None:
    """Change what is known of a re-inspection, such as its state."""
    this = _reinspection.c.reinspection_no == reinspection_no
    await connection.execute(update(_reinspection).where(this).values(values))


async def keep_objection(connection: AsyncConnection, objection: dict[str, Any]) -> None:
    """Keep an objection, a row of ``Objection``."""
    await connection.execute(insert(_objection), [objection])


async def objections_of(connection: AsyncConnection, sample_no: str) -> dict[str, Row[Any]]:
    """The objections to a sample, by number, the earliest first."""
    found = select(_objection).where(_objection.c.sample_no == sample_no)
    rows = await connection.execute(found.order_by(_objection.c.filed_on, _objection.c.objection_no))
    return {row.objection_no: row for row in rows}


async def decide_objection(connection: AsyncConnection, objection_no: str, state: str) -> None:
    """Keep what an officer decided on an objection."""
    await connection.execute(update(_objection).where(_objection.c.objection_no == objection_no).values(state=state))
