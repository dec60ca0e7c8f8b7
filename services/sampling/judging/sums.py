"""A limit on the sum of several analytes: enrofloxacin with ciprofloxacin, the tetracyclines, the congeners of PCB.

The reviewed table ``data/sums.csv`` says which parts count together and whether all of them are needed. A part that
was not detected, or is printed as ``<x``, lies between nothing and that bound: the sum decides if both ends decide
alike. A part alone above the limit fails; alone below it, it passes only if the report says that it states the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging.decision import Decision
from services.sampling.judging.figures import shown
from services.sampling.judging.kinds_of_limit import Banned, Bounds, Limit
from services.sampling.judging.limits import NOT_FOUND, Found
from services.sampling.judging.measured import Measured, Sheet
from services.sampling.judging.notation import Kind, Reading, Result, Unreadable
from services.sampling.judging.outcome import Outcome, unclear
from services.sampling.judging.substances import spelling
from services.sampling.judging.units import converted
from shared.contracts.sample import JudgementReason, Verdict

_SAID = ("之和", "总和", "总量", "合计", "组合含量", "sum")


@dataclass(frozen=True, slots=True)
class Group:
    """Analytes that one limit counts together."""

    limit_of: str
    parts: tuple[str, ...]
    all_needed: bool
    """Whether nothing is known of the sum while a part is missing; an open group counts what was tested."""


@cache
def _groups() -> dict[str, Group]:
    """Each part with its group."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in reviewed.rows("sums.csv"):
        rows.setdefault(row["limit_of"], []).append(row)
    groups = [
        Group(limit_of, tuple(row["part"] for row in parts), all(row["all_needed"] == "yes" for row in parts))
        for limit_of, parts in rows.items()
    ]
    return {part: group for group in groups for part in group.parts}


def parts_with(name: str) -> tuple[str, ...]:
    """What is counted together with a substance; empty where it is counted alone."""
    group = _groups().get(name) or next((one for one in _groups().values() if one.limit_of == name), None)
    return group.parts if group else ()


@lru_cache(maxsize=2048)
def _says_sum(analyte: str, basis: str, group: Group, own: str) -> bool:
    printed = spelling(analyte + basis)
    return any(word in printed for word in _SAID) or any(part in printed for part in group.parts if part != own)


def group_of(line: Measured, sheet: Sheet) -> Group | None:
    """The group that an analyte is counted in; none where it is no part of one, or the report states the sum itself."""
    group = _groups().get(line.analyte.name)
    if group is None or _states_sum(line, group):
        return None
    names = {*group.parts, group.limit_of} & sheet.by_name.keys()
    return None if any(_states_sum(other, group) for name in names for other in sheet.by_name[name]) else group


def _states_sum(line: Measured, group: Group) -> bool:
    name = line.analyte.name
    if name not in group.parts:
        return True
    return _says_sum(line.printed.analyte, line.printed.basis, group, name)


@dataclass(frozen=True, slots=True)
class Together:
    """The parts that a report states, as one line that is judged, at the least and at the most that they add up to."""

    line: Measured
    least: Result
    most: Result | None
    """None where a part has no upper bound."""
    found: Found
    text: str


def together(group: Group, sheet: Sheet) -> Together | None:
    """The sum of the parts that a report states; none where there is nothing to add, or they do not add up.

    Parts with different limits of their own are no sum, a ban holds for each part by itself, and an open group counts
    together only where the catalogue limits it in this food.
    """
    by_part = [sheet.by_name[part] for part in group.parts if part in sheet.by_name]
    lines = [same[0] for same in by_part]
    if not lines[1:] or any(same[1:] for same in by_part):
        return None
    found = sheet.found(group.limit_of)
    stated = _distinct([line.stated for line in lines if not isinstance(line.stated, Unreadable)])
    unreadable = any(
        isinstance(line.stated, Unreadable) and line.stated.reason is not JudgementReason.NO_LIMIT for line in lines
    )
    if len(stated) > 1 or unreadable or (not group.all_needed and found == NOT_FOUND):
        return None
    limit = next(iter(stated), None)
    if isinstance(limit, Banned) or (limit is None and _is_ban(found)):
        return None
    return _added(lines, limit, found)


def _distinct(limits: Sequence[Limit]) -> list[Limit]:
    """Limits without those that say the same in another unit."""
    distinct: list[Limit] = []
    for limit in limits:
        if not any(_same(limit, other) for other in distinct):
            distinct.append(limit)
    return distinct


def _same(one: Limit, other: Limit) -> bool:
    if not isinstance(one, Bounds) or not isinstance(other, Bounds) or one.high is None or other.high is None:
        return one == other
    same = one.low is None and other.low is None and one.strict == other.strict
    return same and converted(one.high, one.unit, other.unit) == other.high


def _is_ban(found: Found) -> bool:
    return found.decides is not None and isinstance(found.decides.limit, Banned)


def _added(lines: Sequence[Measured], limit: Limit | None, found: Found) -> Together | None:
    unit = next((unit for line in lines if (unit := _unit(line))), "")
    bounds = [_bounds(line, unit) for line in lines]
    known = [bound for bound in bounds if bound is not None]
    if len(known) < len(lines) or len({line.basis for line in lines}) > 1:
        return None
    least = sum((low for low, _ in known), Decimal())
    most = (
        None
        if any(high is None for _, high in known)
        else sum((high for _, high in known if high is not None), Decimal())
    )
    bearer = next((line for line in lines if not isinstance(line.stated, Unreadable)), lines[0])
    return Together(
        replace(bearer, stated=bearer.stated if limit is None else limit, detection_limit=None),
        _result(least, unit),
        None if most is None else _result(most, unit),
        found,
        " and ".join(line.analyte.name for line in lines) + " count together",
    )


def _result(value: Decimal, unit: str) -> Result:
    return Result((Reading(Kind.VALUE, Decimal(shown(value)), unit),))


def _unit(line: Measured) -> str:
    if isinstance(line.result, Unreadable):
        return ""
    reading = line.result.readings[0]
    return reading.unit or (line.detection_limit.unit if line.detection_limit else "") or line.analyte.unit


def _bounds(line: Measured, unit: str) -> tuple[Decimal, Decimal | None] | None:
    """The least and the most that a part may be in a unit; none where it is no single amount in such a unit."""
    result = line.result
    if isinstance(result, Unreadable) or len(result.readings) != 1 or result.repeated:
        return None
    reading = result.readings[0]
    if reading.kind is Kind.VALUE and reading.value is not None:
        value = converted(reading.value, reading.unit or line.analyte.unit or unit, unit)
        return None if value is None or value < 0 else (value, value)
    if reading.kind in (Kind.ABOVE, Kind.DETECTED):
        low = converted(reading.value or Decimal(), reading.unit or unit, unit)
        return None if low is None else (low, None)
    bound = reading if reading.value is not None else line.detection_limit
    if bound is None or bound.value is None:
        return Decimal(), None
    high = converted(bound.value, bound.unit or unit, unit)
    return None if high is None else (Decimal(), high)


def of_both_ends(text: str, least: Decision, most: Decision | None) -> Decision:
    """One decision on a sum from those on its least and its most."""
    if most is None and least.verdict is not Verdict.FAIL:
        why = f"{text}, and a part without a figure has no limit of detection"
        return least.turned(unclear(JudgementReason.LOD_MISSING, why)) if least.verdict is Verdict.PASS else least
    if most is not None and most.verdict is not least.verdict:
        why = f"{text}, and what was not detected may bring the sum over the limit: {most.outcome.explanation}"
        return least.turned(unclear(JudgementReason.RESULT_INCONCLUSIVE, why))
    decision = most if most is not None and most.verdict is Verdict.PASS else least
    outcome = decision.outcome
    return decision.turned(Outcome(outcome.verdict, outcome.reason, f"{text}: {outcome.explanation}", outcome.ratio))


def alone(decision: Decision, group: Group, sheet: Sheet) -> Decision:
    """The decision on a part that could not be added to the others: it passes only if nothing can be missing."""
    missing = [part for part in group.parts if part not in sheet.by_name]
    if not group.all_needed or decision.verdict is not Verdict.PASS:
        return decision
    if not missing and isinstance(decision.limit, Banned):
        return decision
    what = f"{', '.join(missing)}, which is not reported" if missing else "the other parts, which cannot be added to it"
    text = f"{decision.outcome.explanation}, but the limit is on the sum with {what}"
    return decision.turned(unclear(JudgementReason.PARTS_MISSING, text))


def complete(decision: Decision, group: Group, sheet: Sheet) -> Decision:
    """The decision on a sum, which passes only if no part of it is missing."""
    missing = any(part not in sheet.by_name for part in group.parts)
    return alone(decision, group, sheet) if missing else decision
