"""The alerts service's tables and queries: standing alerts and the failed samples that they stand on.

An overturned sample may be heard of before its failure: it is kept all the same, under the same key, so that a failure
that comes later, or at the same moment in another replica, finds it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.alerts.standing import Identity, StandingAlert
from shared.contracts import Level
from shared.tables import tables_in


class AlertsTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""


class Alert(AlertsTable, table=True):
    """A standing alert."""

    alert_no: str = Field(primary_key=True)
    level: str
    substance: str
    producer: str | None
    samples: int


class AlertSample(AlertsTable, table=True):
    """A failed sample that an alert stands on, or stood on until it was overturned."""

    __tablename__ = "alert_sample"

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    alert_no: str = Field(index=True)
    """Empty while the overturned sample's failure was not heard of, and so is the level."""
    sample_no: str
    level: str
    """The level that the sample has by itself."""
    overturned: bool


tables = tables_in(AlertsTable.metadata)
_alert: Any = Alert.__table__  # type: ignore[attr-defined]
_sample: Any = AlertSample.__table__  # type: ignore[attr-defined]
_this_alert = _alert.c.alert_no == bindparam("this_alert")
_this_report = (_sample.c.laboratory == bindparam("this_laboratory")) & (
    _sample.c.report_no == bindparam("this_report")
)


async def known_samples(connection: AsyncConnection, reports: Collection[Identity]) -> dict[Identity, Row[Any]]:
    """The row of each of these reports that the service heard of before."""
    laboratories = {laboratory for laboratory, _ in reports}
    numbers = [number for _, number in reports]
    found = select(_sample).where(_sample.c.laboratory.in_(laboratories), _sample.c.report_no.in_(numbers))
    return {(row.laboratory, row.report_no): row for row in await connection.execute(found)}


async def standing_alerts(connection: AsyncConnection, alert_nos: Collection[str]) -> dict[str, StandingAlert]:
    """Those of these alerts that stand, by number."""
    # locked first and in one order, then read: another replica's sample is seen, and no two wait for each other
    locked = select(_alert).where(_alert.c.alert_no.in_(alert_nos)).order_by(_alert.c.alert_no).with_for_update()
    rows = await connection.execute(locked)
    alerts = {row.alert_no: StandingAlert(row.alert_no, row.substance, row.producer) for row in rows}
    found = select(_sample).where(_sample.c.alert_no.in_(list(alerts)), _sample.c.overturned.is_(False))
    for row in await connection.execute(found):
        alerts[row.alert_no].join((row.laboratory, row.report_no), row.sample_no, Level(row.level))
    return alerts


async def count_levels(connection: AsyncConnection) -> dict[str, int]:
    """How many alerts stand, by level."""
    counted = select(_alert.c.level, func.count().label("number")).group_by(_alert.c.level)
    return {row.level: row.number for row in await connection.execute(counted)}


async def keep_alerts(
    connection: AsyncConnection, before: Collection[str], alerts: Mapping[str, StandingAlert]
) -> None:
    """Keep alerts as they are now; ``before`` names those that stood before, and one without samples goes."""
    new = [_row(alert) for number, alert in alerts.items() if number not in before and alert.samples]
    changed = [_row(alert) for number, alert in alerts.items() if number in before and alert.samples]
    void = [number for number, alert in alerts.items() if not alert.samples]
    if new:
        await connection.execute(insert(_alert), new)
    if changed:
        values: dict[str, Any] = {"level": bindparam("new_level"), "samples": bindparam("new_samples")}
        rows = [
            {"this_alert": row["alert_no"], "new_level": row["level"], "new_samples": row["samples"]} for row in changed
        ]
        await connection.execute(update(_alert).where(_this_alert).values(values), rows)
    if void:
        await connection.execute(delete(_alert).where(_alert.c.alert_no.in_(void)))


async def keep_samples(connection: AsyncConnection, samples: Sequence[dict[str, Any]]) -> None:
    """Keep samples of which the service hears for the first time; each a row of ``AlertSample``."""
    if samples:
        await connection.execute(insert(_sample), list(samples))


async def change_samples(connection: AsyncConnection, changes: Mapping[Identity, Mapping[str, Any]]) -> None:
    """Change what is known of some samples."""
    for (laboratory, report_no), values in changes.items():
        this = {"this_laboratory": laboratory, "this_report": report_no}
        await connection.execute(update(_sample).where(_this_report).values(values), this)


def _row(alert: StandingAlert) -> dict[str, Any]:
    return {
        "alert_no": alert.alert_no,
        "level": alert.level.value,
        "substance": alert.substance,
        "producer": alert.producer,
        "samples": alert.samples,
    }
