"""The gauges of the reports that wait, read from the database, and whether today is a working day."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.sampling.metrics import SamplingMetrics
from services.sampling.store import reports
from shared.gauges import Measure
from shared.workdays import day_in_china, is_working_day


def measure(metrics: SamplingMetrics) -> Measure:
    """What sets the gauges."""

    async def set_gauges(connection: AsyncConnection, now: datetime) -> None:
        form, person = await reports.count_waiting(connection)
        metrics.show_waiting(form=form, person=person)
        metrics.working_day.set(is_working_day(day_in_china(now)))

    return set_gauges
