"""The plans and how far each is, as the office reads them from the sampling service's database."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.sampling.plan_townships import by_township
from services.sampling.progress import progressed, reached_lines
from services.sampling.scheme import line_numbers, scheme_of
from services.sampling.store import plans, tallies
from services.sampling.targets import population_of, townships
from shared.contracts import PlanLine, PlanProgressed, Target


async def all_plans(connection: AsyncConnection, population_base: str) -> list[str]:
    """A line for each plan: its kind, period and version, its samples, and how far its targets and lines are."""
    return [await _in_short(connection, plan, population_base) for plan in await plans.all_plans(connection)]


async def one_plan(connection: AsyncConnection, plan_no: str, population_base: str) -> list[str]:
    """The plans of a number, one for each county that has it: targets, lines and townships."""
    found = await plans.numbered(connection, plan_no)
    return [line for plan in found for line in await _in_full(connection, plan, population_base)]


async def _in_short(connection: AsyncConnection, plan: Any, population_base: str) -> str:
    scheme, counters = scheme_of(plan.adopted), await tallies.counters_of(connection, plan)
    progress = progressed(scheme, counters, population_of(plan.region, population_base), lines=())
    targets = [f"{target.target} {_reached(target)}" for target in progress.targets]
    lines = f"{reached_lines(scheme.plan, counters)} of {len(scheme.plan.lines)} lines reached"
    return f"{_head(plan)}: {_samples(progress)}; " + "; ".join((*targets, lines))


async def _in_full(connection: AsyncConnection, plan: Any, population_base: str) -> list[str]:
    scheme, counters = scheme_of(plan.adopted), await tallies.counters_of(connection, plan)
    progress = progressed(scheme, counters, population_of(plan.region, population_base))
    people = f"; {progress.population} people ({progress.population_base})" if progress.population else ""
    lines = [f"{_head(plan)}: {scheme.plan.title}", f"  {_samples(progress)}{people}"]
    for target in progress.targets:
        numbers = line_numbers([target.target])
        said = _line(scheme.plan.lines[numbers[0] - 1]) if numbers else _source(target)
        lines.append(f"  {target.target:<24}  {_reached(target)} {target.unit}  {said}")
    for code, numbers_of in by_township(scheme.plan, plan.region, counters).items():
        wanted = f", {numbers_of.wanted} wanted" if numbers_of.wanted else ""
        stages = f"{numbers_of.collected} collected, {numbers_of.tested} tested, {numbers_of.failed} failed{wanted}"
        lines.append(f"  township {_township(code)}  {stages}")
    return lines


def _head(plan: Any) -> str:
    return f"{plan.plan_no}  {plan.region}  {plan.kind}, {plan.starts} to {plan.ends}, version {plan.version}"


def _samples(progress: PlanProgressed) -> str:
    return f"{progress.collected} collected, {progress.tested} tested, {progress.failed} failed"


def _reached(target: Target) -> str:
    return f"{target.reached}/{target.wanted} ({target.share:.1%})"


def _source(target: Target) -> str:
    return f"({target.citation}{'' if target.verified else ', unverified'})"


def _line(line: PlanLine) -> str:
    """What a line counts."""
    named: Iterable[str] = (
        f"township {_township(line.township)}" if line.township else "",
        line.category,
        line.hazard.value if line.hazard else "",
        line.place_kind.value if line.place_kind else "",
    )
    return ", ".join(filter(None, named)) or "any sample of the plan"


def _township(code: str) -> str:
    return f"{code} {townships().get(code, '')}".rstrip()
