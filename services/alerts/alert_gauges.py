"""The gauge of the alerts that stand, read from the database."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import store
from services.alerts.metrics import AlertsMetrics
from shared.gauges import Measure


def measure(metrics: AlertsMetrics) -> Measure:
    """What sets the gauge."""

    async def set_gauge(connection: AsyncConnection, now: datetime) -> None:
        del now
        metrics.show_standing(await store.count_levels(connection))

    return set_gauge
