"""One readable result against one limit.

A value equal to a maximum or to a minimum keeps it. A number fails a ban without more ado; the limit of detection
matters only where the report prints no number: "not detected" and ``<x`` say nothing until it is known how little
the method would have seen. A germ is searched for in a portion, so "not detected" there is an answer in itself.
"""

from decimal import Decimal

from services.sampling.judging import attribute_plans
from services.sampling.judging.figures import shown
from services.sampling.judging.kinds_of_limit import Banned, Bare, Bounds, Limit, Plan, Rule
from services.sampling.judging.notation import Kind, Reading, Result
from services.sampling.judging.outcome import Outcome, fails, passes, ratio_of, scale, unclear
from services.sampling.judging.substances import Substance
from services.sampling.judging.units import is_count, is_portion
from shared.contracts.sample import JudgementReason, Verdict


def compared(result: Result, limit: Limit, analyte: Substance, detection_limit: Reading | None) -> Outcome:
    """The outcome of a result, or of both results where a re-inspection is printed: they must agree."""
    if any(reading.value is not None and reading.value < 0 for reading in result.readings + result.repeated):
        return unclear(JudgementReason.RESULT_UNREADABLE, "a result below zero is no measurement")
    first = _compared(result.readings, limit, analyte, detection_limit)
    if not result.repeated:
        return first
    second = _compared(result.repeated, limit, analyte, detection_limit)
    if first.verdict is not second.verdict:
        text = f"the initial result and the re-inspection differ: {first.explanation}; {second.explanation}"
        return unclear(JudgementReason.REINSPECTION_DIFFERS, text)
    text = f"{second.explanation}; the initial result agrees"
    return Outcome(second.verdict, second.reason, text, second.ratio)


def with_sign(limit: Limit, analyte: Substance) -> Limit:
    """A number without a sign is the maximum of a residue, a contaminant or a count; of others it stays open."""
    if isinstance(limit, Bare) and (analyte.bounded_above or is_count(limit.unit)):
        return Bounds(None, limit.value, limit.unit)
    return limit


def _compared(
    readings: tuple[Reading, ...], limit: Limit, analyte: Substance, detection_limit: Reading | None
) -> Outcome:
    if analyte.unit and not any(reading.unit for reading in readings):
        readings = tuple(Reading(reading.kind, reading.value, analyte.unit) for reading in readings)
    match limit:
        case Rule():
            return unclear(JudgementReason.LABEL_CASE, "the limit is a rule in words, which a person decides")
        case Plan():
            return attribute_plans.judged(readings, limit)
        case Banned():
            return _worst([_against_ban(reading, limit, analyte, detection_limit) for reading in readings])
        case _ if len(readings) > 1:
            return _many(readings, limit, analyte)
        case Bare():
            return unclear(JudgementReason.COMPARATOR_MISSING, f"{limit} is printed without saying what it bounds")
        case Bounds():
            return _against_bounds(readings[0], limit, analyte, detection_limit)


def _worst(outcomes: list[Outcome]) -> Outcome:
    order = (Verdict.FAIL, Verdict.UNCLEAR, Verdict.PASS)
    return min(outcomes, key=lambda outcome: order.index(outcome.verdict))


def _many(readings: tuple[Reading, ...], limit: Limit, analyte: Substance) -> Outcome:
    if analyte.germ or is_count(readings[0].unit):
        text = f"{len(readings)} counts stand against the single figure {limit}: the sampling plan is missing"
        return unclear(JudgementReason.LIMIT_CORRUPT, text)
    return unclear(JudgementReason.RESULT_UNREADABLE, f"{len(readings)} figures stand against the single limit {limit}")


def _against_ban(reading: Reading, limit: Banned, analyte: Substance, detection_limit: Reading | None) -> Outcome:
    """A ban on use (不得使用) or on any trace (不得检出)."""
    found = JudgementReason.NOT_PERMITTED if limit.use else JudgementReason.DETECTED
    if reading.kind in (Kind.DETECTED, Kind.ABOVE) or (reading.kind is Kind.VALUE and reading.value):
        rule = "is not permitted" if limit.use else "must not be detected"
        what = "detected" if reading.kind is Kind.DETECTED else f"{reading} was found"
        return fails(found, f"{what}, and it {rule}")
    searched = analyte.germ or is_portion(limit.unit) or is_portion(reading.unit) or is_count(reading.unit)
    if searched and (reading.kind is not Kind.BELOW or (reading.value is not None and reading.value <= 1)):
        return passes(JudgementReason.NOT_FOUND, "none was found")
    return _unseen(reading, detection_limit)


def _unseen(reading: Reading, detection_limit: Reading | None) -> Outcome:
    """No amount is printed: it depends on how little the method would have seen."""
    stated = reading if reading.kind is Kind.NOT_DETECTED and reading.value is not None else detection_limit
    if stated is None or stated.value is None:
        return unclear(JudgementReason.LOD_MISSING, f"{reading} says nothing without the method's limit of detection")
    if reading.kind is not Kind.BELOW or reading.value is None:
        return passes(JudgementReason.NOT_DETECTED, f"not detected, with a limit of detection of {_amount(stated)}")
    scaled = scale(reading.unit, stated.unit, dimensionless=True)
    if isinstance(scaled, tuple) and reading.value * scaled[0] <= stated.value:
        return passes(JudgementReason.NOT_DETECTED, f"{reading} is no more than the limit of detection")
    text = f"{reading} may hide an amount above the limit of detection, {_amount(stated)}"
    return unclear(JudgementReason.RESULT_INCONCLUSIVE, text)


def _amount(reading: Reading) -> str:
    return f"{shown(reading.value or Decimal())} {reading.unit}".rstrip()


def _against_bounds(reading: Reading, limit: Bounds, analyte: Substance, detection_limit: Reading | None) -> Outcome:
    if reading.kind is Kind.DETECTED:
        return unclear(JudgementReason.RESULT_INCONCLUSIVE, f"detected without a figure, against {limit}")
    if reading.kind is Kind.NOT_DETECTED:
        if limit.high == 0 and analyte.germ:
            return passes(JudgementReason.NOT_FOUND, "none was found")
        seen = reading if reading.value is not None else detection_limit
        if seen is None or seen.value is None:
            return unclear(JudgementReason.LOD_MISSING, f"not detected, against {limit}, without a limit of detection")
        reading = Reading(Kind.BELOW, seen.value, seen.unit)
    dimensionless = analyte.germ or not analyte.bounded_above
    scaled = scale(reading.unit, limit.unit, dimensionless=dimensionless)
    if isinstance(scaled, Outcome):
        return scaled
    value = (reading.value or Decimal()) * scaled[0]
    outcome = _within(reading, value, limit) if reading.kind is Kind.VALUE else _bound_within(reading, value, limit)
    if not scaled[1]:
        return outcome
    return Outcome(outcome.verdict, outcome.reason, outcome.explanation + scaled[1], outcome.ratio)


def _within(reading: Reading, value: Decimal, limit: Bounds) -> Outcome:
    low, high, unit = limit.low, limit.high, limit.unit
    if high is not None and (value > high or (limit.strict and value == high)):
        ratio = ratio_of(value, high)
        times = "" if ratio is None else f" ({shown(ratio)} times)"
        text = f"{reading} is above the maximum {shown(high)} {unit}".rstrip()
        return fails(JudgementReason.ABOVE_MAXIMUM, text + times, ratio)
    if low is not None and (value < low or (limit.strict and value == low)):
        text = f"{reading} is below the minimum {shown(low)} {unit}".rstrip()
        return fails(JudgementReason.BELOW_MINIMUM, text, ratio_of(value, low))
    if high is not None:
        text = f"{reading} keeps the maximum {shown(high)} {unit}".rstrip()
        return passes(JudgementReason.WITHIN_MAXIMUM, text, ratio_of(value, high))
    text = f"{reading} keeps the minimum {shown(low or Decimal())} {unit}".rstrip()
    return passes(JudgementReason.WITHIN_MINIMUM, text, None if low is None else ratio_of(value, low))


def _bound_within(reading: Reading, value: Decimal, limit: Bounds) -> Outcome:
    """A bound decides if every amount that it allows is on one side of the limit."""
    low, high = limit.low, limit.high
    below = reading.kind is Kind.BELOW
    if high is not None and not below and value >= high:
        return fails(JudgementReason.ABOVE_MAXIMUM, f"{reading} is above the maximum {limit}", ratio_of(value, high))
    if low is not None and below and value <= low:
        return fails(JudgementReason.BELOW_MINIMUM, f"{reading} is below the minimum {limit}")
    if high is not None and low is None and below and value <= high:
        return passes(JudgementReason.WITHIN_MAXIMUM, f"{reading} keeps {limit}")
    if low is not None and high is None and not below and value >= low:
        return passes(JudgementReason.WITHIN_MINIMUM, f"{reading} keeps {limit}")
    return unclear(JudgementReason.RESULT_INCONCLUSIVE, f"{reading} may lie on either side of {limit}")
