"""Reports: which were judged and how, which wait for their sampling form, and which no longer stand."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Row, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable, digest_of
from shared.contracts import SampleFailed, SampleUnclear
from shared.contracts.result import Report as Reported
from shared.database import Moment

STANDING = "standing"
WAITING = "waiting"
SUPERSEDED = "superseded"
WITHDRAWN = "withdrawn"
OVERTURNED = "overturned"
VOID = "void"
"""Its sample was wrongly taken, by no fault of the laboratory."""

Identity = tuple[str, str]
"""Laboratory and report number."""


class Report(SamplingTable, table=True):
    """A report that was taken; the laboratory and its report number are its identity."""

    __table_args__ = (Index("ix_report_sample_no", "sample_no"), Index("ix_report_state", "state", "verdict"))

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    sample_no: str
    content: str
    """Digest of what was reported, to tell a repetition from a change."""
    event_key: str
    region: str
    verdict: str
    """pass, fail or unclear; for a report that waits, what it would be by itself."""
    state: str
    """standing, waiting, superseded, withdrawn, overturned or void."""
    superseded_by: str
    """Number of the report that took its place; empty while none did."""
    concluded_on: date
    reported_at: datetime = Field(sa_type=Moment)
    on_time: bool
    """Whether it came within the period that the law sets from the conclusion."""
    hazards: str
    """Kinds of hazard that were tested, sorted, with a space between."""
    corrects: str
    """Number of the report whose place it took; empty for a first report."""
    stated: str
    """The laboratory's own verdict, as printed."""
    kept: str
    """The outcome as it was told where it failed or is unclear, the report itself where it waits; else empty (JSON)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A report by which a sample counts as failed."""

    laboratory: str
    report_no: str
    region: str
    reported_at: datetime
    outcome: SampleFailed


OF_THE_FIRST_VERSION = frozenset((
    "subcategory", "production_date", "concluded_on", "producer", "seller", "producer_region", "lod", "loq", "method"
))  # fmt: skip
"""Optional fields of a report and its determinations that count even where they are empty: they did from the first."""

_LATER: Any = {"conclusion": True, "determinations": {"__all__": {"kind", "basis", "declared"}}}
_report: Any = Report.__table__  # type: ignore[attr-defined]


def content_of(report: Reported) -> str:
    """A digest of what a report says; a report that was taken before an upgrade has the same after it.

    Nearly all reports say nothing that the first version did not: what those say is written in one go.
    """
    later = report.conclusion or any(one.kind or one.basis or one.declared for one in report.determinations)
    if later:
        return digest_of(report, always=OF_THE_FIRST_VERSION)
    return hashlib.blake2b(report.model_dump_json(exclude=_LATER).encode(), digest_size=16).hexdigest()


async def known_reports(connection: AsyncConnection, identities: Sequence[Identity]) -> dict[Identity, Row[Any]]:
    """The row of each of these reports that was taken before."""
    laboratories = {laboratory for laboratory, _ in identities}
    numbers = [number for _, number in identities]
    found = select(_report).where(_report.c.laboratory.in_(laboratories), _report.c.report_no.in_(numbers))
    return {(row.laboratory, row.report_no): row for row in await connection.execute(found)}


async def known_report(connection: AsyncConnection, identity: Identity) -> Row[Any] | None:
    """The row of one report, or none where it was not taken."""
    return (await known_reports(connection, [identity])).get(identity)


async def keep(connection: AsyncConnection, reports: Sequence[dict[str, Any]]) -> None:
    """Keep reports; each a row of ``Report``."""
    if reports:
        await connection.execute(insert(_report), list(reports))


async def change(connection: AsyncConnection, identity: Identity, **values: Any) -> None:
    """Change what is known of one report, such as its state."""
    await connection.execute(update(_report).where(*_this(identity)).values(values))


async def void(connection: AsyncConnection, sample_no: str) -> None:
    """No report on a sample that was wrongly taken stands any more."""
    these = _report.c.sample_no == sample_no, _report.c.state.in_((STANDING, WAITING))
    await connection.execute(update(_report).where(*these).values(state=VOID))


async def forget(connection: AsyncConnection, identity: Identity) -> None:
    """Take back a report that waited and is refused now, so that its number is free again."""
    await connection.execute(delete(_report).where(*_this(identity)))


def _this(identity: Identity) -> tuple[Any, Any]:
    laboratory, report_no = identity
    return _report.c.laboratory == laboratory, _report.c.report_no == report_no


async def on_sample(connection: AsyncConnection, sample_no: str) -> list[Row[Any]]:
    """Every report on one sample, in the order in which they came."""
    found = select(_report).where(_report.c.sample_no == sample_no)
    return list(await connection.execute(found.order_by(_report.c.reported_at, _report.c.report_no)))


async def was_reported(connection: AsyncConnection, sample_no: str) -> datetime | None:
    """When the first report on a sample came that stands or was overturned for good, or none."""
    rows = await on_sample(connection, sample_no)
    times = [row.reported_at for row in rows if row.state in (STANDING, OVERTURNED)]
    return min(times, default=None)


async def waiting_for(connection: AsyncConnection, samples: Collection[str]) -> list[Row[Any]]:
    """The reports that wait for the forms of these samples, in the order in which they came."""
    found = select(_report).where(_report.c.sample_no.in_(samples), _report.c.state == WAITING)
    return list(await connection.execute(found.order_by(_report.c.reported_at, _report.c.report_no)))


def failure_of(row: Row[Any]) -> Failure | None:
    """The failure that a report stands for, or none."""
    if row.state != STANDING or row.verdict != "fail" or not row.kept:
        return None
    outcome = SampleFailed.model_validate_json(row.kept)
    return Failure(row.laboratory, row.report_no, row.region, row.reported_at, outcome)


async def failures(connection: AsyncConnection, sample_no: str) -> list[Failure]:
    """The standing reports by which a sample counts as failed, in the order in which they came."""
    found = (failure_of(row) for row in await on_sample(connection, sample_no))
    return [failure for failure in found if failure]


async def failure(connection: AsyncConnection, sample_no: str) -> Failure | None:
    """The first standing report by which a sample counts as failed, or none."""
    return next(iter(await failures(connection, sample_no)), None)


async def unclear(connection: AsyncConnection) -> list[SampleUnclear]:
    """Every standing outcome that a person has to decide, the oldest first."""
    found = select(_report.c.kept).where(_report.c.state == STANDING, _report.c.verdict == "unclear")
    rows = await connection.execute(found.order_by(_report.c.reported_at))
    return [SampleUnclear.model_validate_json(row.kept) for row in rows]


async def waiting(connection: AsyncConnection) -> list[Row[Any]]:
    """Every report that waits for its form, the oldest first."""
    found = select(_report).where(_report.c.state == WAITING)
    return list(await connection.execute(found.order_by(_report.c.reported_at)))


async def count_waiting(connection: AsyncConnection) -> tuple[int, int]:
    """How many reports wait for their form, and how many standing outcomes for a person to decide them."""
    is_unclear = (_report.c.state == STANDING) & (_report.c.verdict == "unclear")
    counted = select(_report.c.state, func.count().label("number")).where((_report.c.state == WAITING) | is_unclear)
    rows = await connection.execute(counted.group_by(_report.c.state))
    numbers = {row.state: row.number for row in rows}
    return numbers.get(WAITING, 0), numbers.get(STANDING, 0)


async def figures(connection: AsyncConnection) -> Mapping[str, Row[Any]]:
    """Per laboratory: ``reports`` that do not wait; how many ``on_time``, ``corrected``, ``failed``, ``overturned``."""

    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    found = select(
        _report.c.laboratory,
        func.count().label("reports"),
        count(_report.c.on_time).label("on_time"),
        count(_report.c.state == SUPERSEDED).label("corrected"),
        count(_report.c.verdict == "fail").label("failed"),
        count(_report.c.state == OVERTURNED).label("overturned"),
    ).where(_report.c.state != WAITING)
    found = found.group_by(_report.c.laboratory)
    return {row.laboratory: row for row in await connection.execute(found)}
