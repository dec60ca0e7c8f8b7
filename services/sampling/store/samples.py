"""Samples with their forms, and the custody of each."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable
from shared.contracts import SampleCollected
from shared.database import Moment

COLLECTED = "collected"
IN_TRANSIT = "in_transit"
RECEIVED = "received"
REFUSED = "refused"
VOID = "void"
"""An objection to how or from whom it was taken was sustained: nothing is tested on it any more."""


class Sample(SamplingTable, table=True):
    """A sample that was collected; its number is its identity."""

    __table_args__ = (
        Index("ix_sample_sampled_unit", "sampled_unit", "sampled_at"),
        Index("ix_sample_producer", "producer", "sampled_at"),
        Index("ix_sample_township", "township", "sampled_at"),
    )

    sample_no: str = Field(primary_key=True)
    region: str
    form: str
    """The form as it was told (JSON)."""
    content: str
    """Digest of the form, to tell a repetition from a correction."""
    event_key: str
    sampler: str
    """Who sent the form, such as S01."""
    plan_no: str | None = Field(index=True)
    township: str
    place_kind: str
    chain_stage: str
    track: str
    category: str
    subcategory: str
    product: str
    batch_no: str
    production_date: date | None
    shelf_life_days: int | None
    producer: str | None
    producer_region: str | None
    sampled_unit: str
    sampled_at: datetime = Field(sa_type=Moment)
    laboratory: str | None
    """The one that received it, before that the one that it is meant for."""
    state: str
    """collected, in_transit, received, refused or void."""
    cleared: str
    """Substances whose failure was overturned for good, with a bar between; empty for nearly all."""


class Custody(SamplingTable, table=True):
    """One step of a sample's way, in the order in which the exchange heard of it."""

    event_key: str = Field(primary_key=True)
    sample_no: str = Field(index=True)
    step: str
    told_by: str
    holder: str
    """Who has it afterwards."""
    at: datetime = Field(sa_type=Moment)
    seal_no: str
    seal_intact: bool | None
    temperature: str
    text: str


_sample: Any = Sample.__table__  # type: ignore[attr-defined]
_custody: Any = Custody.__table__  # type: ignore[attr-defined]
_known = [column for column in _sample.columns if column.name != "form"]
"""Everything but the form itself, which is long."""
_COUNTS = _sample.c.state.not_in((REFUSED, VOID))
"""A sample that a laboratory refused, or that was wrongly taken, is taken again: it counts for no cap."""


async def known(connection: AsyncConnection, sample_nos: Collection[str]) -> dict[str, Row[Any]]:
    """The rows of these samples without the text of their forms, by number; those without a form are left out."""
    rows = await connection.execute(select(*_known).where(_sample.c.sample_no.in_(sample_nos)))
    return {row.sample_no: row for row in rows}


async def one(connection: AsyncConnection, sample_no: str) -> Row[Any] | None:
    """The row of one sample without the text of its form, or none where it has no form."""
    return (await known(connection, {sample_no})).get(sample_no)


async def form_of(connection: AsyncConnection, sample_no: str) -> SampleCollected | None:
    """A sample's form."""
    row = (await connection.execute(select(_sample.c.form).where(_sample.c.sample_no == sample_no))).one_or_none()
    return SampleCollected.model_validate_json(row.form) if row else None


async def keep(connection: AsyncConnection, samples: Sequence[dict[str, Any]]) -> None:
    """Keep samples; each a row of ``Sample``."""
    if samples:
        await connection.execute(insert(_sample), list(samples))


async def replace(connection: AsyncConnection, sample: dict[str, Any]) -> None:
    """A corrected form takes the place of the first one; a row of ``Sample``."""
    this = _sample.c.sample_no == sample["sample_no"]
    await connection.execute(update(_sample).where(this).values(sample))


async def clear(connection: AsyncConnection, sample_no: str, substances: Collection[str]) -> None:
    """The failure of these substances is overturned for good."""
    row = (await known(connection, {sample_no})).get(sample_no)
    if row is None:
        return
    cleared = {*row.cleared.split("|"), *substances} - {""}
    this = _sample.c.sample_no == sample_no
    await connection.execute(update(_sample).where(this).values(cleared="|".join(sorted(cleared))))


async def taken_since(
    connection: AsyncConnection, units: Collection[str], producers: Collection[str], since: datetime
) -> list[Row[Any]]:
    """What was taken at these units or of these producers since a moment, the earliest first."""
    wanted = _sample.c.sample_no, _sample.c.sampled_unit, _sample.c.producer, _sample.c.product, _sample.c.batch_no
    concerned = _COUNTS & or_(_sample.c.sampled_unit.in_(units), _sample.c.producer.in_(producers))
    found = select(*wanted, _sample.c.sampled_at, _sample.c.chain_stage).where(concerned, _sample.c.sampled_at >= since)
    return list(await connection.execute(found.order_by(_sample.c.sampled_at)))


async def batches_of(connection: AsyncConnection, producers: Collection[str]) -> set[tuple[str, str, str]]:
    """Producer, product and batch of everything that was ever taken of these producers with a batch number."""
    wanted = _sample.c.producer, _sample.c.product, _sample.c.batch_no
    found = select(*wanted).where(_COUNTS, _sample.c.producer.in_(producers), _sample.c.batch_no != "")
    return {(row.producer, row.product, row.batch_no) for row in await connection.execute(found)}


async def move(connection: AsyncConnection, sample_no: str, custody: dict[str, Any], **values: Any) -> None:
    """Keep a step of a sample's way, a row of ``Custody`` without its sample, and what it changes on the sample."""
    await connection.execute(insert(_custody), [custody | {"sample_no": sample_no}])
    if values:
        await connection.execute(update(_sample).where(_sample.c.sample_no == sample_no).values(values))


async def void(connection: AsyncConnection, sample_no: str) -> None:
    """Nothing is tested on a sample any more."""
    await connection.execute(update(_sample).where(_sample.c.sample_no == sample_no).values(state=VOID))


async def custody_of(connection: AsyncConnection, sample_no: str) -> list[Row[Any]]:
    """The way of a sample, in order of time."""
    found = select(_custody).where(_custody.c.sample_no == sample_no).order_by(_custody.c.at)
    return list(await connection.execute(found))
