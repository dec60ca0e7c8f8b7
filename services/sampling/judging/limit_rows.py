"""The rows of the catalogue of limits: one limit of one edition of a standard, for one food.

They lie in ``data/limits.csv``, and those that were imported in files of the same columns in a folder of the
operator's.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from services.sampling import reviewed
from services.sampling.judging.basis import Basis, basis_behind, basis_of
from services.sampling.judging.kinds_of_limit import Banned, Bounds, Limit, Plan
from services.sampling.judging.substances import spelling
from services.sampling.judging.units import symbol
from shared.failure import CannotStartError

COLUMNS = (
    "row_id", "analyte", "substance", "food", "foods", "except", "comparator", "value", "unit", "n", "c", "m", "M",
    "basis", "standard", "effective_from", "effective_to", "evidence", "source", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One limit of one edition of a standard."""

    row_id: str
    substance: str
    food: str
    """The food as the standard words it; matching goes by the reviewed terms beside it."""
    terms: frozenset[str]
    exceptions: frozenset[str]
    limit: Limit
    basis: str
    """What the amount is per and counted as, in the standard's words."""
    standard: str
    effective_from: date | None
    effective_to: date | None
    """Last day of the edition."""
    evidence: str
    source: str = ""
    note: str = ""
    per: Basis = Basis.AS_IS

    @property
    def verified(self) -> bool:
        return reviewed.is_verified(self.evidence)

    @property
    def edition(self) -> str:
        """The standard with the days of its edition, for people."""
        begin = self.effective_from.isoformat() if self.effective_from else "an unknown day"
        end = self.effective_to.isoformat() if self.effective_to else "today"
        return f"{self.standard}, {begin} to {end}"

    def in_force(self, on: date) -> bool:
        """Whether the edition is known to have been in force on a day; both ends are inclusive."""
        return self.effective_from is not None and self.effective_from <= on and not self.over(on)

    def over(self, on: date) -> bool:
        """Whether the edition had ended before a day."""
        return self.effective_to is not None and on > self.effective_to

    def informs(self, on: date | None) -> bool:
        """Whether the row may be the one, but its edition is open."""
        return on is None or (self.effective_from is None and not self.over(on))

    def may_meet(self, other: "Row") -> bool:
        """Whether both editions may have been in force on one day."""
        after = self.effective_from is not None and other.over(self.effective_from)
        before = other.effective_from is not None and self.over(other.effective_from)
        return not after and not before

    def spans(self, other: "Row") -> bool:
        """Whether the edition covers the days of another row's, as far as the days are known."""
        if self.effective_from is None or other.effective_from is None:
            begins = self.effective_from is other.effective_from
        else:
            begins = self.effective_from <= other.effective_from
        ends = other.effective_to is not None and not self.over(other.effective_to)
        return begins and (self.effective_to is None or ends)


def _limit(row: Mapping[str, str]) -> Limit:
    unit = symbol(row["unit"]) or ""
    value = Decimal(row["value"]) if row["value"] else None
    match row["comparator"]:
        case "max":
            return Bounds(None, value, unit)
        case "min":
            return Bounds(value, None, unit)
        case "not_detected":
            return Banned(use=False, unit=unit)
        case "not_permitted":
            return Banned(use=True, unit=unit)
        case _:
            upper = Decimal(row["M"]) if row["M"] else None
            return Plan(int(row["n"]), int(row["c"]), Decimal(row["m"]), upper, unit)


def _terms(text: str) -> frozenset[str]:
    return frozenset(spelling(term) for term in text.split("|") if term)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def row_of(row: Mapping[str, str]) -> Row:
    """A row of ``data/limits.csv``; raises ``ValueError``, ``KeyError`` or ``ArithmeticError`` where it is none."""
    return Row(
        row_id=row["row_id"],
        substance=row["substance"],
        food=row["food"],
        terms=_terms(row["foods"]),
        exceptions=_terms(row["except"]),
        limit=_limit(row),
        basis=row["basis"],
        standard=row["standard"],
        effective_from=_day(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        evidence=row["evidence"],
        source=row["source"],
        note=row["note"],
        per=basis_of(row["basis"]) or basis_behind(row["analyte"]) or Basis.AS_IS,
    )


@cache
def package_rows() -> tuple[Row, ...]:
    """The rows that the package ships."""
    return tuple(row_of(row) for row in reviewed.rows("limits.csv"))


def rows_in(folder: Path) -> Iterator[Row]:
    """The rows that were imported into a folder, file by file; none where there is no such folder.

    Raises:
        CannotStartError: A file cannot be read; the sentence names it and its row.
    """
    for path in sorted(folder.glob("*.csv")):
        rows: list[Row] = []
        try:
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    rows.append(row_of(row))  # noqa: PERF401 - how many were read says where the fault is
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError, csv.Error) as error:
            message = (
                f"{path}, row {len(rows) + 2}, is no limit of the catalogue ({type(error).__name__}: {error}): "
                "remove the file and import its source again."
            )
            raise CannotStartError(message) from error
        yield from rows
