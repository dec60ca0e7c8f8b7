"""How each sample counts for the plans of its county, and the sums of it.

A sample's tally is worked out anew from its form and the reports on it whenever something happens to one of them, so
nothing counts twice; the counters of the plans move by the difference. Both change in one transaction, and on
PostgreSQL one replica after the other works on the plans of a county.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Index, Row, and_, bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable
from services.sampling.store.plans import ANNUAL
from services.sampling.store.reports import OVERTURNED, STANDING, Report
from services.sampling.store.samples import Sample


class Tally(SamplingTable, table=True):
    """How one sample counts."""

    __table_args__ = (Index("ix_tally_plan_no", "region", "plan_no", "sampled_on"),)

    sample_no: str = Field(primary_key=True)
    content: str
    """Digest of the form from which it was counted."""
    region: str
    plan_no: str
    """As the form names it; empty where it names none and the sample counts for the annual plan."""
    sampled_on: date
    township: str
    foods: str
    """The narrowest names of its food, in one spelling, with a space between."""
    place_kind: str
    tested: bool
    failed: bool
    hazards: str
    """Kinds of hazard that it was tested for, sorted, with a space between."""


class PlanCount(SamplingTable, table=True):
    """One counter of a plan: the sum of what its samples add to it."""

    __tablename__ = "plan_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    region: str = Field(primary_key=True)
    plan_no: str = Field(primary_key=True)
    counter: str = Field(primary_key=True)
    samples: int


_tally: Any = Tally.__table__  # type: ignore[attr-defined]
_count: Any = PlanCount.__table__  # type: ignore[attr-defined]
_report: Any = Report.__table__  # type: ignore[attr-defined]
_sample: Any = Sample.__table__  # type: ignore[attr-defined]
_alike = tuple(_tally.c[name] for name in ("township", "foods", "place_kind", "hazards", "tested", "failed"))
_INSERT_IN: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_HOLD = text("SELECT pg_advisory_xact_lock(hashtext('plans of ' || :region))")


async def hold(connection: AsyncConnection, regions: Collection[str]) -> None:
    """Let nobody else count for plans of these counties until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for region in sorted(regions):
            await connection.execute(_HOLD, {"region": region})


async def hold_for(connection: AsyncConnection, sample_nos: Collection[str]) -> None:
    """Let nobody else count for plans of the counties in which these samples were taken."""
    if connection.dialect.name == "postgresql":
        found = select(_sample.c.region).where(_sample.c.sample_no.in_(sample_nos)).distinct()
        await hold(connection, set((await connection.execute(found)).scalars()))


async def tallies(
    connection: AsyncConnection, sample_nos: Collection[str]
) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """How these samples count so far, each a row of ``Tally``, and which have a form that was not counted yet."""
    columns = _sample.c.sample_no.label("number"), _sample.c.content.label("present"), *_tally.columns
    found = select(*columns).outerjoin_from(_sample, _tally, _sample.c.sample_no == _tally.c.sample_no)
    kept, stale = {}, set()
    for row in await connection.execute(found.where(_sample.c.sample_no.in_(sample_nos))):
        number, present, *tally = row
        if tally[0] is not None:
            kept[number] = dict(zip(_tally.columns.keys(), tally, strict=True))
        if number not in kept or kept[number]["content"] != present:
            stale.add(number)
    return kept, stale


async def forms_of(connection: AsyncConnection, sample_nos: Collection[str]) -> list[Row[Any]]:
    """The rows of these samples, with the text of their forms."""
    return list(await connection.execute(select(_sample).where(_sample.c.sample_no.in_(sample_nos))))


async def tests_of(connection: AsyncConnection, sample_nos: Collection[str]) -> list[Row[Any]]:
    """Sample, verdict, state and hazards of every report by which one of these samples was tested."""
    wanted = _report.c.sample_no, _report.c.verdict, _report.c.state, _report.c.hazards
    tested = _report.c.sample_no.in_(sample_nos), _report.c.state.in_((STANDING, OVERTURNED))
    return list(await connection.execute(select(*wanted).where(*tested)))


async def add(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep how samples count that never counted before, each a row of ``Tally``."""
    if rows:
        await connection.execute(insert(_tally), list(rows))


async def change(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Change how samples count, each a row of ``Tally``."""
    if rows:
        changed = update(_tally).where(_tally.c.sample_no == bindparam("_sample_no"))
        values: dict[str, Any] = {name: bindparam(f"_{name}") for name in rows[0] if name != "sample_no"}
        given = [{f"_{name}": value for name, value in row.items()} for row in rows]
        await connection.execute(changed.values(values), given)


async def samples_of(connection: AsyncConnection, plan: Any) -> list[Row[Any]]:
    """The samples of a plan, a row of the store, those that are alike together: ``samples`` says how many."""
    named = _tally.c.plan_no == plan.plan_no
    if plan.kind == ANNUAL:
        named = or_(named, and_(_tally.c.plan_no == "", *_in_period(plan)))
    return await _groups(connection, _tally.c.region == plan.region, named)


async def samples_within(connection: AsyncConnection, plan: Any) -> list[Row[Any]]:
    """The samples of a plan's county and period, whatever plan they name, those that are alike together."""
    return await _groups(connection, _tally.c.region == plan.region, *_in_period(plan))


async def _groups(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> list[Row[Any]]:
    found = select(*_alike, func.count().label("samples")).where(*conditions).group_by(*_alike)
    return list(await connection.execute(found))


def _in_period(plan: Any) -> tuple[ColumnElement[bool], ...]:
    return _tally.c.sampled_on >= plan.starts, _tally.c.sampled_on <= plan.ends


async def counters_of(connection: AsyncConnection, plan: Any, lines: Collection[str] | None = None) -> dict[str, int]:
    """The counters of a plan, of its lines only these where some are named."""
    this = _count.c.region == plan.region, _count.c.plan_no == plan.plan_no
    found = select(_count.c.counter, _count.c.samples).where(*this)
    if lines is not None:
        found = found.where(or_(_count.c.counter.not_like("line:%"), _count.c.counter.in_(lines)))
    return {row.counter: row.samples for row in await connection.execute(found)}


async def move(connection: AsyncConnection, plan: Any, differences: Mapping[str, int]) -> None:
    """Add differences to the counters of a plan."""
    if differences:
        given = [
            {"region": plan.region, "plan_no": plan.plan_no, "counter": counter, "samples": samples}
            for counter, samples in sorted(differences.items())
        ]
        added = _INSERT_IN[connection.dialect.name](_count)
        added = added.on_conflict_do_update(
            index_elements=[_count.c.region, _count.c.plan_no, _count.c.counter],
            set_={"samples": _count.c.samples + added.excluded.samples},
        )
        await connection.execute(added, given)


async def begin_anew(connection: AsyncConnection, plan: Any) -> None:
    """Forget the counters of a plan, so that they can be counted for another version of it."""
    await connection.execute(delete(_count).where(_count.c.region == plan.region, _count.c.plan_no == plan.plan_no))
