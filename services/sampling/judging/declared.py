"""A result against what the label states (标签明示值), within a tolerance.

The reviewed table ``data/declared.csv`` holds the tolerances. One is a share of the stated value, such as at least 80 %
of the protein, or an amount beside it, such as 1 %vol. One for the product's food comes before one for every food.
Where none is known a person decides.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging import foods
from services.sampling.judging.comparison import compared
from services.sampling.judging.decision import Decision
from services.sampling.judging.figures import PLAIN, fold
from services.sampling.judging.kinds_of_limit import Bounds, Rule
from services.sampling.judging.measured import Measured, Sample
from services.sampling.judging.notation import Reading, Result, read_quantity
from services.sampling.judging.outcome import Outcome, unclear
from services.sampling.judging.substances import spelling
from services.sampling.judging.units import PATTERN as UNIT
from services.sampling.judging.units import converted, symbol
from shared.contracts.sample import JudgementReason, LimitSource

_OF_LABEL = {
    JudgementReason.WITHIN_MAXIMUM: JudgementReason.WITHIN_DECLARED,
    JudgementReason.WITHIN_MINIMUM: JudgementReason.WITHIN_DECLARED,
    JudgementReason.ABOVE_MAXIMUM: JudgementReason.OFF_DECLARED,
    JudgementReason.BELOW_MINIMUM: JudgementReason.OFF_DECLARED,
}


_SHARE = re.compile(
    rf"(?:(?P<least>≥|不[低少小]于)|(?P<most>≤|不(?:[高大]于|超过)))?[^0-9%±]{{0,20}}"
    rf"(?:(?P<low>{PLAIN})\s?%\s?[-~至]\s?)?(?P<share>{PLAIN})\s?%(?!vol)"
)
"""A share of the label with the sign that says on which side of it the amount must be, or two shares."""
_OFFSET = re.compile(rf"[^0-9%±]{{0,20}}±\s?(?P<offset>{PLAIN})\s?(?P<unit>{UNIT})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an amount may be from what the label states; shares in percent, offsets in ``unit``."""

    foods: frozenset[str]
    low_percent: Decimal | None
    high_percent: Decimal | None
    low_offset: Decimal | None
    high_offset: Decimal | None
    unit: str
    citation: str
    verified: bool | None
    """None where it is the report's own."""

    def around(self, stated: Decimal, unit: str) -> Bounds | None:
        """The bounds around a stated value in a unit; none where the offset is in a unit of another kind."""
        low, high = _share(stated, self.low_percent), _share(stated, self.high_percent)
        if self.unit:
            value = converted(stated, unit or self.unit, self.unit)
            if value is None:
                return None
            low = low if self.low_offset is None else value + self.low_offset
            high = high if self.high_offset is None else value + self.high_offset
            return Bounds(low, high, self.unit)
        return Bounds(low, high, unit)


def _share(stated: Decimal, percent: Decimal | None) -> Decimal | None:
    return None if percent is None else (stated * percent).scaleb(-2)


@cache
def _tolerances() -> dict[str, tuple[Tolerance, ...]]:
    """By substance, those for certain foods in front."""
    table: dict[str, list[Tolerance]] = {}
    for row in reviewed.rows("declared.csv"):
        numbers = {
            name: Decimal(row[name]) if row[name] else None
            for name in ("low_percent", "high_percent", "low_offset", "high_offset")
        }
        tolerance = Tolerance(
            foods=frozenset(spelling(term) for term in reviewed.terms(row["foods"])),
            unit=row["unit"],
            citation=row["citation"],
            verified=reviewed.is_verified(row["evidence"]),
            **numbers,
        )
        table.setdefault(row["substance"], []).append(tolerance)
    return {name: tuple(sorted(rows, key=lambda row: not row.foods)) for name, rows in table.items()}


@lru_cache(maxsize=2048)
def tolerance_of(substance: str, product: str, category: str, subcategory: str) -> Tolerance | None:
    """The tolerance for a reviewed substance in a product, none where none is known."""
    tolerances = _tolerances().get(substance, ())
    groups = foods.groups_of(product, category, subcategory) if tolerances else {}
    return next((one for one in tolerances if not one.foods or one.foods & groups.keys()), None)


def by_label(line: Measured, result: Result, sample: Sample) -> Decision:
    """The decision on a readable result by the value that the label states."""
    stated = read_quantity(line.printed.declared)
    if stated is None or stated.value is None:
        text = f"“{line.printed.declared[:60]}” is no stated value that can be read for certain"
        return Decision(unclear(JudgementReason.LIMIT_UNREADABLE, text))
    tolerance = _tolerance(line, sample)
    bounds = tolerance.around(stated.value, _unit(stated, line)) if tolerance else None
    if tolerance is None or bounds is None:
        text = f"the label states {stated}, and no rule is known for how far the amount may be from it"
        return Decision(unclear(JudgementReason.LABEL_CASE, text))
    outcome = compared(result, bounds, line.analyte, line.detection_limit)
    text = f"{outcome.explanation}; the label states {stated}, and {tolerance.citation} allows {bounds}"
    outcome = Outcome(outcome.verdict, _OF_LABEL.get(outcome.reason, outcome.reason), text, outcome.ratio)
    decision = Decision(outcome, bounds, LimitSource.LABORATORY, tolerance.citation, verified=tolerance.verified)
    return decision.turned(outcome)


def _tolerance(line: Measured, sample: Sample) -> Tolerance | None:
    """The one that the report prints, such as at least 95 % of the label, else that of the table."""
    printed = fold(line.printed.limit) if isinstance(line.stated, Rule) else ""
    if "%" not in printed and "±" not in printed:
        return tolerance_of(line.analyte.name, sample.product, sample.category, sample.subcategory)
    citation = f"the report's limit {printed}"
    offset = _OFFSET.match(printed)
    if offset is not None:
        by = Decimal(offset["offset"])
        return Tolerance(frozenset(), None, None, -by, by, symbol(offset["unit"]) or "", citation, verified=None)
    share = _SHARE.match(printed)
    if share is None or (share["low"] is None and share["least"] is None and share["most"] is None):
        return None
    first, second = (None if share[name] is None else Decimal(share[name]) for name in ("low", "share"))
    low, high = (first, second) if first is not None else (second, None) if share["least"] else (None, second)
    return Tolerance(frozenset(), low, high, None, None, "", citation, verified=None)


def _unit(stated: Reading, line: Measured) -> str:
    return stated.unit or line.analyte.unit
