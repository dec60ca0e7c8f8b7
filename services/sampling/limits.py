"""The catalogue of limits, and the row that decides for a product on its production date.

A row decides if its edition was in force on that day and its food is the product's. A row that does not say when its
edition began, or a report without a production date, leaves the edition open: such a row informs and never decides. Of
several rows the one for the narrowest group decides; rows as narrow as each other with different limits decide nothing.
Rows that nobody checked against the official text decide too, and say so.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from services.sampling import foods
from services.sampling.foods import groups_of
from services.sampling.kinds_of_limit import Banned, Bounds, Limit, Plan
from services.sampling.substances import spelling
from services.sampling.units import symbol


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
    standard: str
    effective_from: date | None
    effective_to: date | None
    """Last day of the edition."""
    evidence: str

    @property
    def verified(self) -> bool:
        return self.evidence.startswith("verified")

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


@dataclass(frozen=True, slots=True)
class Found:
    """What the catalogue says of a substance in a product: the row that decides, or rows that only inform."""

    decides: Row | None = None
    informs: tuple[Row, ...] = ()
    ambiguous: bool = False
    """Whether rows that fit equally well state different limits."""


NOT_FOUND = Found()
_Fitting = tuple[int, Row]
"""A row for the product's food, and how many steps its food is above the product."""


class Catalogue:
    """Rows by substance."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row.substance, []).append(row)
        self._fitting = lru_cache(maxsize=8192)(self._find_fitting)

    def find(self, substance: str, product: str, category: str, subcategory: str, on: date | None) -> Found:
        """What holds for a reviewed substance in a product that was made ``on`` a day."""
        fitting = self._fitting(substance, product, category, subcategory)
        if not fitting:
            return NOT_FOUND
        deciding = _narrowest((at, row) for at, row in fitting if on is not None and row.in_force(on))
        if deciding and all(row.limit == deciding[0].limit for row in deciding):
            return Found(decides=deciding[0])
        if deciding:
            return Found(informs=deciding, ambiguous=True)
        informing = _narrowest((at, row) for at, row in fitting if row.informs(on))
        return Found(informs=informing, ambiguous=any(row.limit != informing[0].limit for row in informing))

    def _find_fitting(self, substance: str, product: str, category: str, subcategory: str) -> tuple[_Fitting, ...]:
        rows = self._rows.get(substance, ())
        groups = groups_of(product, category, subcategory) if rows else {}
        return tuple((distance, row) for row in rows if (distance := _distance(row, groups)) is not None)


def _narrowest(fitting: Iterable[_Fitting]) -> tuple[Row, ...]:
    pairs = list(fitting)
    if len(pairs) < 2:  # noqa: PLR2004 - nothing to choose from
        return tuple(row for _, row in pairs)
    nearest = min(at for at, _ in pairs)
    return tuple(row for at, row in pairs if at == nearest)


def _distance(row: Row, groups: Mapping[str, int]) -> int | None:
    """Steps from the product to the row's food; none where the row is not for it, or might exclude it."""
    near = [groups[term] for term in row.terms if term in groups]
    if not near or any(term in groups for term in row.exceptions):
        return None
    if row.exceptions and not _above(row.exceptions).isdisjoint(name for name, at in groups.items() if at == 0):
        return None
    return min(near)


@cache
def _above(exceptions: frozenset[str]) -> frozenset[str]:
    """Every group above the excepted foods: a product known only as such a group may be one of them."""
    return frozenset(name for term in exceptions for name in foods.load().above(term))


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
    """A row of ``data/limits.csv``."""
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
    )


@cache
def load() -> Catalogue:
    """The catalogue that the package ships."""
    text = resources.files(__package__).joinpath("data/limits.csv").read_text(encoding="utf-8")
    return Catalogue(row_of(row) for row in csv.DictReader(text.splitlines()))
