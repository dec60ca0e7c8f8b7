"""The alerts service's tables and queries: standing alerts and the failed samples that they stand on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

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
    """A failed sample that an alert stands on."""

    __tablename__ = "alert_sample"

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    alert_no: str = Field(index=True)
    sample_no: str
    level: str
    """The level that the sample has by itself."""


tables = tables_in(AlertsTable.metadata)
_alert: Any = Alert.__table__  # type: ignore[attr-defined]
_sample: Any = AlertSample.__table__  # type: ignore[attr-defined]


async def standing_levels(connection: AsyncConnection, alert_nos: Sequence[str]) -> dict[str, list[tuple[str, Level]]]:
    """Laboratory with sample number, and level, of what these alerts stand on; those that do not exist are left out."""
    # locked first and in one order, then read: another replica's sample is seen, and no two wait for each other
    locked = select(_alert.c.alert_no).where(_alert.c.alert_no.in_(alert_nos)).order_by(_alert.c.alert_no)
    standing = [row.alert_no for row in await connection.execute(locked.with_for_update())]
    found = select(_sample).where(_sample.c.alert_no.in_(standing))
    levels: dict[str, list[tuple[str, Level]]] = {}
    for row in await connection.execute(found):
        levels.setdefault(row.alert_no, []).append((f"{row.laboratory} {row.sample_no}", Level(row.level)))
    return levels


async def keep(
    connection: AsyncConnection,
    raised: Sequence[dict[str, Any]],
    updated: Sequence[dict[str, Any]],
    samples: Sequence[dict[str, Any]],
) -> None:
    """Keep new alerts, the new level and count of standing ones, and the samples of both."""
    if raised:
        await connection.execute(insert(_alert), list(raised))
    for alert in updated:
        values = {"level": alert["level"], "samples": alert["samples"]}
        await connection.execute(update(_alert).where(_alert.c.alert_no == alert["alert_no"]).values(values))
    if samples:
        await connection.execute(insert(_sample), list(samples))
