"""The sampling service's tables and queries: which reports were judged, and how."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Index, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.contracts import ResultReported
from shared.tables import tables_in


class SamplingTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""


class Report(SamplingTable, table=True):
    """A report that was judged; the laboratory and its report number are its identity."""

    __table_args__ = (Index("ix_report_sample_no", "sample_no"),)

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    sample_no: str
    content: str
    """Digest of what was reported, to tell a repetition from a change."""
    event_key: str
    verdict: str


tables = tables_in(SamplingTable.metadata)
_report: Any = Report.__table__  # type: ignore[attr-defined]


def content_of(report: ResultReported) -> str:
    """A digest of what a report says."""
    return hashlib.blake2b(report.model_dump_json().encode(), digest_size=16).hexdigest()


async def known_reports(
    connection: AsyncConnection, identities: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Content and event key of each report judged before, by laboratory and report number."""
    laboratories = {laboratory for laboratory, _ in identities}
    numbers = [number for _, number in identities]
    found = select(_report.c.laboratory, _report.c.report_no, _report.c.content, _report.c.event_key).where(
        _report.c.laboratory.in_(laboratories), _report.c.report_no.in_(numbers)
    )
    rows = await connection.execute(found)
    return {(row.laboratory, row.report_no): (row.content, row.event_key) for row in rows}


async def keep_reports(connection: AsyncConnection, reports: Sequence[dict[str, str]]) -> None:
    """Keep judged reports; each a row of ``Report``."""
    if reports:
        await connection.execute(insert(_report), list(reports))


async def reports_on(connection: AsyncConnection, sample_no: str) -> list[str]:
    """The event keys of the reports on one sample, in the order of their numbers."""
    found = select(_report.c.event_key).where(_report.c.sample_no == sample_no).order_by(_report.c.report_no)
    return [row.event_key for row in await connection.execute(found)]
