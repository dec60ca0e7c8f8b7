"""What the law makes of a substance, beside any limit: prohibited, for treatment only, discontinued, or limited.

"Not detected" is not one thing: a detection of a prohibited drug may be a crime, one of a drug that is allowed for
treatment is not. The reviewed table ``data/legal_classes.csv`` holds the lists with their days and citations; a list
reaches a food by the scopes of ``data/legal_scopes.csv``. A name is looked up whole, and a class of drugs reaches a
member only where the list means it. Some lists speak of what is added to food: an amount above a limit shows no such
thing, only a bare detection does. The law of the production date holds, that of the laboratory's conclusion where no
production date is known.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging import foods
from services.sampling.judging.kinds_of_limit import Bounds, Limit
from services.sampling.judging.measured import Sample
from services.sampling.judging.substances import Substance, spelling
from shared.contracts.sample import Hazard, LegalClass

_NO_SUBSTANCES = frozenset((Hazard.MICROBIOLOGY, Hazard.PATHOGEN, Hazard.QUALITY, Hazard.LABEL, Hazard.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Listing:
    """One substance on one list."""

    substance: str
    listed_as: str
    citation: str
    legal_class: LegalClass
    scope: str
    exceedance_counts: bool
    """Whether an amount above a numeric limit shows what the list forbids, or only a bare detection does."""
    effective_from: date
    effective_to: date | None
    """Last day of the list."""
    consequence: str
    verified: bool

    def in_force(self, on: date) -> bool:
        """Whether the list was in force on a day; both ends are inclusive."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Scope:
    """The foods that a list reaches: those of the first groups, if any are named, but none of the second."""

    within: frozenset[str]
    without: frozenset[str]


@cache
def scopes() -> dict[str, Scope]:
    """The scopes by name."""
    return {
        row["scope"]: Scope(
            frozenset(spelling(term) for term in reviewed.terms(row["foods"])),
            frozenset(spelling(term) for term in reviewed.terms(row["except"])),
        )
        for row in reviewed.rows("legal_scopes.csv")
    }


@cache
def listings() -> dict[str, tuple[Listing, ...]]:
    """By the reviewed name of each substance that is listed, or that a listed class means."""
    table: dict[str, list[Listing]] = {}
    for row in reviewed.rows("legal_classes.csv"):
        listing = _listing(row)
        for name in (row["substance"], *reviewed.terms(row["members"])):
            table.setdefault(name, []).append(listing)
    return {name: tuple(rows) for name, rows in table.items()}


def _listing(row: dict[str, str]) -> Listing:
    return Listing(
        substance=row["substance"],
        listed_as=row["listed_as"],
        citation=row["citation"],
        legal_class=LegalClass(row["legal_class"]),
        scope=row["scope"],
        exceedance_counts=row["counts"] == "exceedance",
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
        consequence=row["consequence"],
        verified=reviewed.is_verified(row["evidence"]),
    )


def listed(analyte: Substance, sample: Sample) -> tuple[Listing, ...]:
    """The listings of a substance that reach a sample on its day, the gravest first; none where no day is known."""
    on = sample.made_on or sample.concluded_on
    if analyte.name not in listings() or on is None:
        return ()
    return _reaching(analyte.name, sample.product, sample.category, sample.subcategory, on)


@lru_cache(maxsize=8192)
def _reaching(name: str, product: str, category: str, subcategory: str, on: date) -> tuple[Listing, ...]:
    groups = foods.groups_of(product, category, subcategory).keys() | {spelling(category)}
    order = list(LegalClass)
    found = [
        listing for listing in listings()[name] if listing.in_force(on) and _reaches(scopes()[listing.scope], groups)
    ]
    return tuple(sorted(found, key=lambda listing: order.index(listing.legal_class)))


def _reaches(scope: Scope, groups: frozenset[str] | set[str]) -> bool:
    return (not scope.within or not scope.within.isdisjoint(groups)) and scope.without.isdisjoint(groups)


def legal_class(analyte: Substance, sample: Sample, limit: Limit | None) -> LegalClass | None:
    """The gravest class of a substance that was held against a limit; none where no list and no limit names it."""
    bounded = isinstance(limit, Bounds)
    for listing in listed(analyte, sample):
        if listing.exceedance_counts or not bounded:
            return listing.legal_class
    limited = isinstance(limit, Bounds) and limit.high is not None and analyte.hazard not in _NO_SUBSTANCES
    return LegalClass.LIMITED if limited else None
