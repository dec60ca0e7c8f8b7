"""The gauges of the plans in force, read from the database: every replica says the same.

Labels are bounded: the plans whose time it is, the townships that the table names, with all others as one, and the
targets that every plan has. A plan's own lines, of which there may be thousands, are one target: how many of them are
reached.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.sampling.progress import STAGES, Scheme, scheme_of, targets_of
from services.sampling.store import plans, tallies
from services.sampling.targets import OTHER_TOWNSHIP, Population, population_of, townships
from shared.metrics import Metrics
from shared.workdays import day_in_china

Measure = Callable[[AsyncConnection, Metrics, datetime], Awaitable[None]]


def measure(population_base: str) -> Measure:
    """What sets the gauges of the plans in force on the day; the base says whom the targets per 1000 people count."""

    async def set_gauges(connection: AsyncConnection, metrics: Metrics, now: datetime) -> None:
        samples: Counter[tuple[str, str, str, str, str]] = Counter()
        targets: dict[tuple[str, str, str], tuple[float, float]] = {}
        for plan in await plans.in_force(connection, day_in_china(now)):
            counters = await tallies.counters_of(connection, plan)
            samples.update(_samples(plan, counters))
            population = population_of(plan.region, population_base)
            for target, numbers in _targets(scheme_of(plan.adopted), counters, population).items():
                targets[plan.region, plan.plan_no, target] = numbers
        metrics.count_plans(samples, targets)

    return set_gauges


def _samples(plan: Any, counters: Mapping[str, int]) -> Counter[tuple[str, str, str, str, str]]:
    names, county = townships(), plan.region.replace(".", "")
    shown = dict.fromkeys((*(code for code in names if code.startswith(county)), OTHER_TOWNSHIP), 0)
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for stage in STAGES:
        of_stage = {name.partition("@")[2]: number for name, number in counters.items() if name.startswith(f"{stage}@")}
        for code, number in {**shown, **of_stage}.items():
            label = code if code in names else OTHER_TOWNSHIP
            found[plan.region, plan.plan_no, label, names.get(code, ""), stage] += number
    return found


def _targets(scheme: Scheme, counters: Mapping[str, int], population: Population) -> dict[str, tuple[float, float]]:
    found = {
        target.target: (float(target.wanted), float(target.reached))
        for target in targets_of(scheme, counters, population)
    }
    lines = scheme.plan.lines
    reached = sum(1 for number, line in enumerate(lines, 1) if counters.get(f"line:{number}", 0) >= line.samples)
    return found | {"lines": (len(lines), reached)}
