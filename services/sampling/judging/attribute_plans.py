"""Sampling plans: n units are taken, at most c of them may lie above m, and none above M (GB 4789.1).

A unit of exactly m is acceptable and one of exactly M is not above M. A bound counts as far as it goes: ``<10`` is not
above m = 10, and against a lower m it may or may not be. The plan decides if every way to read the bounds decides
alike.
"""

from dataclasses import dataclass
from decimal import Decimal

from services.sampling.judging.figures import shown
from services.sampling.judging.kinds_of_limit import Plan
from services.sampling.judging.notation import Kind, Reading
from services.sampling.judging.outcome import Outcome, fails, passes, ratio_of, scale, unclear
from shared.contracts.sample import JudgementReason


@dataclass(frozen=True, slots=True)
class _Above:
    """How many units lie above a bound: those that surely do, and those that may."""

    surely: int
    perhaps: int


def judged(readings: tuple[Reading, ...], plan: Plan) -> Outcome:
    """The outcome of one count per unit against a plan."""
    if len(readings) != plan.n:
        text = f"the plan asks for {plan.n} units and {len(readings)} {'is' if len(readings) == 1 else 'are'} printed"
        return unclear(JudgementReason.UNITS_INCOMPLETE, text)
    units, note = [], ""
    for reading in readings:
        if reading.value is None or reading.kind is Kind.NOT_DETECTED:
            scaled = scale(reading.unit or plan.unit, plan.unit, dimensionless=True)
        else:
            scaled = scale(reading.unit, plan.unit, dimensionless=True)
        if isinstance(scaled, Outcome):
            return scaled
        value = None if reading.value is None else reading.value * scaled[0]
        units.append(Reading(reading.kind, value, reading.unit))
        note = note or scaled[1]
    outcome = _outcome(units, plan)
    return Outcome(outcome.verdict, outcome.reason, outcome.explanation + note, _ratio(units, plan))


def _outcome(units: list[Reading], plan: Plan) -> Outcome:
    above_m = _above(units, plan.m)
    above_high = _Above(0, 0) if plan.M is None else _above(units, plan.M)
    unit = f" {plan.unit}".rstrip()
    if plan.M is not None and above_high.surely:
        text = f"{_units(above_high.surely, plan)} above M = {shown(plan.M)}{unit}, where none may be"
        return fails(JudgementReason.UNIT_ABOVE_M, text)
    if above_m.surely > plan.c:
        return _too_many(units, above_m.surely, plan)
    if above_high.perhaps or above_m.perhaps > plan.c:
        return unclear(
            JudgementReason.RESULT_INCONCLUSIVE, f"a bound among the {plan.n} units is too wide for the plan"
        )
    if plan.M is None and above_m.perhaps:
        return unclear(JudgementReason.LIMIT_CORRUPT, f"units lie above m and the plan with c = {plan.c} states no M")
    if plan.m == 0:
        return passes(JudgementReason.NOT_FOUND, f"found in none of {plan.n} units")
    return passes(JudgementReason.WITHIN_PLAN, f"{_units(above_m.perhaps, plan)} above m = {shown(plan.m)}{unit}")


def _too_many(units: list[Reading], count: int, plan: Plan) -> Outcome:
    allowed = f"where {'none' if plan.c == 0 else f'at most {plan.c}'} may be"
    if plan.m == 0 and any(reading.kind is Kind.DETECTED for reading in units):
        return fails(JudgementReason.DETECTED, f"detected in {count} of {plan.n} units, {allowed}")
    text = f"{_units(count, plan)} above m = {shown(plan.m)} {plan.unit}".rstrip()
    return fails(JudgementReason.TOO_MANY_ABOVE_M, f"{text}, {allowed}")


def _units(count: int, plan: Plan) -> str:
    return f"{count} of {plan.n} units {'is' if count == 1 else 'are'}"


def _above(units: list[Reading], bound: Decimal) -> _Above:
    surely = sum(1 for unit in units if _is_above(unit, bound))
    return _Above(surely, surely + sum(1 for unit in units if _may_be_above(unit, bound)))


def _is_above(unit: Reading, bound: Decimal) -> bool:
    if unit.kind is Kind.DETECTED:
        return bound == 0
    if unit.value is None:
        return False
    return (unit.kind is Kind.VALUE and unit.value > bound) or (unit.kind is Kind.ABOVE and unit.value >= bound)


def _may_be_above(unit: Reading, bound: Decimal) -> bool:
    """Whether a unit that is not surely above may be: germs come in ones, so ``<1`` is none."""
    if unit.kind is Kind.BELOW and unit.value is not None:
        return unit.value > max(bound, Decimal(1))
    return unit.kind in (Kind.ABOVE, Kind.DETECTED) and not _is_above(unit, bound)


def _ratio(units: list[Reading], plan: Plan) -> Decimal | None:
    """The largest unit over M, or over m where the plan has no M."""
    numbers = [unit.value for unit in units if unit.value is not None and unit.kind in (Kind.VALUE, Kind.ABOVE)]
    return ratio_of(max(numbers), plan.m if plan.M is None else plan.M) if numbers else None
