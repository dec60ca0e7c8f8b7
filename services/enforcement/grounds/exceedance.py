"""Whether a result severely exceeds its limit (严重超出标准限量), by the province's own dated threshold.

National law has no number; provinces set theirs. ``data/severe_exceedance.csv`` holds one row per province, hazard and
period, and is shipped empty: without a row for the sample's province and day nothing exceeds severely, and a person
decides. A row that names a hazard goes before one that names none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Self

from services.enforcement import reviewed
from shared.contracts import Finding, Hazard, JudgementReason

_EXCEEDANCES = frozenset({JudgementReason.ABOVE_MAXIMUM, JudgementReason.UNIT_ABOVE_M})


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which ratio of result to limit a province takes an exceedance as severe."""

    province: str
    """First token of the region, such as 21 for Liaoning."""
    hazard: Hazard | None
    """None for every hazard that the law names."""
    ratio: Decimal
    in_force_from: date
    in_force_to: date | None
    """Last day, included."""
    citation: str
    verified: bool

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Self:
        """From a row of a table of thresholds.

        Raises:
            ValueError: A date or the hazard is not readable.
            decimal.InvalidOperation: The ratio is no number.
        """
        return cls(
            province=row["province"],
            hazard=Hazard(row["hazard"]) if row["hazard"] else None,
            ratio=Decimal(row["ratio"]),
            in_force_from=date.fromisoformat(row["in_force_from"]),
            in_force_to=date.fromisoformat(row["in_force_to"]) if row["in_force_to"] else None,
            citation=row["citation"],
            verified=row["verified"] == "yes",
        )

    def applies(self, province: str, hazard: Hazard, day: date) -> bool:
        """Whether the row is for this province and hazard, and in force."""
        if self.province != province or self.hazard not in (None, hazard):
            return False
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


def threshold(thresholds: Sequence[Threshold], region: str, hazard: Hazard, day: date) -> Threshold | None:
    """The threshold for a region such as ``21.02.83``; of several the one for the hazard, then the latest."""
    province = region.partition(".")[0]
    rows = [row for row in thresholds if row.applies(province, hazard, day)]
    return max(rows, key=lambda row: (row.hazard is not None, row.in_force_from, row.ratio), default=None)


def exceedance(finding: Finding) -> Decimal | None:
    """How many times its limit a result is; none where it did not exceed a numeric limit."""
    return finding.ratio if finding.reason in _EXCEEDANCES else None


@cache
def load() -> tuple[Threshold, ...]:
    """The reviewed table of this package; raises as ``Threshold.of`` does."""
    return tuple(Threshold.of(row) for row in reviewed.rows("severe_exceedance.csv"))
