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
        metrics.show_waiting("form", form.number, _age(form, now))
        metrics.show_waiting("person", person.number, _age(person, now))
        metrics.working_day.set(is_working_day(day_in_china(now)))

    return set_gauges


def _age(waiting: reports.Waiting, now: datetime) -> float:
    return max((now - waiting.oldest).total_seconds(), 0.0) if waiting.oldest else 0.0
