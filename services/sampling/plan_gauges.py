"""The gauges of the plans in force, read from the database: every replica says the same.

Labels are bounded: the plans whose time it is, the townships that the table names, with all others as one, and the
targets that every plan has. A plan's own lines, of which there may be thousands, are one target: how many of them are
reached.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.sampling.metrics import SamplingMetrics
from services.sampling.plan_townships import by_township, wanted_in
from services.sampling.progress import reached_lines, targets_of
from services.sampling.scheme import STAGES, Scheme, scheme_of
from services.sampling.store import plans, tallies
from services.sampling.targets import OTHER_TOWNSHIP, Population, population_of, townships
from shared.gauges import Measure
from shared.workdays import day_in_china


def measure(metrics: SamplingMetrics, population_base: str) -> Measure:
    """What sets the gauges of the plans in force on the day; the base says whom the targets per 1000 people count."""

    async def set_gauges(connection: AsyncConnection, now: datetime) -> None:
        samples: Counter[tuple[str, str, str, str, str]] = Counter()
        wanted: Counter[tuple[str, str, str]] = Counter()
        targets: dict[tuple[str, str, str], tuple[float, float]] = {}
        for plan in await plans.in_force(connection, day_in_china(now)):
            scheme, counters = scheme_of(plan.adopted), await tallies.counters_of(connection, plan)
            samples.update(_samples(plan, scheme, counters))
            for code, number in wanted_in(scheme.plan).items():
                wanted[plan.region, plan.plan_no, _label(code)] += number
            population = population_of(plan.region, population_base)
            for target, numbers in _targets(scheme, counters, population).items():
                targets[plan.region, plan.plan_no, target] = numbers
        metrics.count_plans(samples, wanted, targets)

    return set_gauges


def _samples(plan: Any, scheme: Scheme, counters: Mapping[str, int]) -> Counter[tuple[str, str, str, str, str]]:
    found = Counter({(plan.region, plan.plan_no, OTHER_TOWNSHIP, "", stage): 0 for stage in STAGES})
    for code, numbers in by_township(scheme.plan, plan.region, counters).items():
        for stage in STAGES:
            found[plan.region, plan.plan_no, _label(code), townships().get(code, ""), stage] += getattr(numbers, stage)
    return found


def _label(township: str) -> str:
    return township if township in townships() else OTHER_TOWNSHIP


def _targets(scheme: Scheme, counters: Mapping[str, int], population: Population) -> dict[str, tuple[float, float]]:
    found = {
        target.target: (float(target.wanted), float(target.reached))
        for target in targets_of(scheme, counters, population)
    }
    return found | {"lines": (len(scheme.plan.lines), reached_lines(scheme.plan, counters))}
