"""How far a plan is, from the sum of what its samples add: each of its targets, and the event that tells them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from services.sampling.scheme import CATEGORY, COLLECTED, FAILED, TESTED, Scheme, line_name
from services.sampling.targets import PEOPLE, Population
from shared.contracts import PlanAdopted, PlanProgressed, Target


def progressed(
    scheme: Scheme, counters: Mapping[str, int], population: Population, lines: Iterable[int] | None = None
) -> PlanProgressed:
    """How far a plan is, from the sum of its samples' counters; with these of its lines, or with all."""
    numbers = range(1, len(scheme.plan.lines) + 1) if lines is None else sorted(lines)
    return PlanProgressed(
        plan_no=scheme.plan.plan_no,
        collected=counters.get(COLLECTED, 0),
        tested=counters.get(TESTED, 0),
        failed=counters.get(FAILED, 0),
        population=population.people,
        population_base=population.base,
        targets=(*targets_of(scheme, counters, population), *_lines(scheme.plan, counters, numbers)),
    )


def targets_of(scheme: Scheme, counters: Mapping[str, int], population: Population) -> list[Target]:
    """The targets of the reviewed table that a plan has; one whose base is not known, or nothing, is left out."""
    covered = sum(1 for name, samples in counters.items() if name.startswith(CATEGORY) and samples > 0)
    found = []
    for rate in scheme.rates:
        base = population.people if rate.counts == PEOPLE else len(scheme.key_categories)
        if base:
            reached = counters.get(rate.target, 0) if rate.counts == PEOPLE else covered
            found.append(
                Target(
                    target=rate.target,
                    wanted=rate.wanted(base),
                    reached=Decimal(reached),
                    unit=rate.unit,
                    citation=rate.citation,
                    verified=rate.verified,
                )
            )
    return found


def reached_lines(plan: PlanAdopted, counters: Mapping[str, int]) -> int:
    """How many of a plan's lines are reached."""
    return sum(counters.get(line_name(number), 0) >= line.samples for number, line in enumerate(plan.lines, 1))


def _lines(plan: PlanAdopted, counters: Mapping[str, int], numbers: Iterable[int]) -> list[Target]:
    """Lines of the plan as targets."""
    return [
        Target(
            target=line_name(number),
            wanted=Decimal(plan.lines[number - 1].samples),
            reached=Decimal(counters.get(line_name(number), 0)),
            unit="samples",
            citation=f"plan {plan.plan_no}",
            verified=True,
        )
        for number in numbers
    ]
