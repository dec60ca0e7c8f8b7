"""Which lists a substance stands on, and whether a list reaches this food on this day.

A laboratory prints 呋喃唑酮代谢物, the list says 硝基呋喃类: the reviewed table ``data/substance_aliases.csv`` leads
from a metabolite, a salt, a parent or a member of a class to the substance that is listed. A name is looked up whole,
after taking away what never changes the substance: width, spaces, and a basis such as （以…计）. No part of a name is
ever matched: 铅 in rice is not 铅类, 总汞 is not 汞制剂, 玉米赤霉烯酮 is not 玉米赤霉醇, and metronidazole is not among
the 硝基咪唑类 of announcement 250, which names two others. A class is led to from a member only where the list means
every member: enrofloxacin, a permitted drug, is not the 喹诺酮类 that may be added to a hot pot.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from services.enforcement import reviewed
from services.enforcement.grounds.origin import Origin

FARM_PRODUCE = "食用农产品"
"""The food category (食品大类) of what is sold as it was grown or kept."""
_BRACKETS = str.maketrans("[]{}〔〕【】〈〉", "()()()()()")
_QUALIFIER = re.compile(
    r"(?:\((?:[^()]{0,20},)?(?:以[^()]{1,40}计|总量|总和|残留量|干样品|干基|湿基|鲜重)\)"
    r"|\(?(?:[nµμm]?g/(?:kg|g|l|ml)|cfu/(?:g|ml))\)?|,?以[^(),]{1,40}计)$"
)
_BRACKETED = re.compile(r"([^()]+)\(([^()]+)\)")


class LegalClass(StrEnum):
    """What a list makes of a detection."""

    PROHIBITED = "prohibited"
    TREATMENT_ONLY = "treatment_only"
    DISCONTINUED = "discontinued"
    CROP_RESTRICTED = "crop_restricted"


class Scope(StrEnum):
    """Which food a list reaches."""

    ANY = "any"
    """Any food; not tableware and machines."""
    ANIMAL_FOOD = "animal_food"
    """Food known to be of animal origin."""
    ANIMAL_FOOD_OR_UNKNOWN = "animal_food_or_unknown"
    """For a drug that only animals are given: any food but such as is known to be of plants."""
    CROP_OR_UNKNOWN = "crop_or_unknown"
    """Any food but such as is known to be of animals."""
    ADDED_TO_FOOD = "added_to_food"
    """Food that somebody made; in farm produce the same substance is a residue."""


_REACHED = MappingProxyType(
    {
        Scope.ANY: frozenset(Origin) - {Origin.NOT_FOOD},
        Scope.ANIMAL_FOOD: frozenset({Origin.ANIMAL}),
        Scope.ANIMAL_FOOD_OR_UNKNOWN: frozenset({Origin.ANIMAL, Origin.MIXED, Origin.UNKNOWN}),
        Scope.CROP_OR_UNKNOWN: frozenset({Origin.CROP, Origin.MIXED, Origin.UNKNOWN}),
        Scope.ADDED_TO_FOOD: frozenset(Origin) - {Origin.NOT_FOOD},
    }
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One substance on one list."""

    substance: str
    listed_as: str
    """As the list prints it."""
    list: str
    citation: str
    legal_class: LegalClass
    scope: Scope
    exceedance_counts: bool
    """Whether a result above a numeric limit shows use of the substance, or only a bare detection does."""
    in_force_from: date
    in_force_to: date | None
    """Last day, included."""
    evidence: str
    verified: bool
    note: str

    def reaches(self, origin: Origin, category: str) -> bool:
        """Whether the list speaks of this food."""
        if self.scope is Scope.ADDED_TO_FOOD and category == FARM_PRODUCE:
            return False
        return origin in _REACHED[self.scope]

    def lapsed(self, day: date) -> bool:
        """Whether the list had been replaced on this day."""
        return self.in_force_to is not None and day > self.in_force_to


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists, and the names that lead to them."""

    listings: tuple[Listing, ...]
    aliases: MappingProxyType[str, frozenset[str]]
    """Spelling to the listed substances that it stands for."""

    def of(self, *names: str) -> tuple[Listing, ...]:
        """The listings of a substance that is known by these names, in the order of the table."""
        substances = frozenset[str]().union(*(self._substances(name) for name in names))
        return tuple(listing for listing in self.listings if listing.substance in substances)

    def _substances(self, name: str) -> frozenset[str]:
        spelt = spelling(name)
        while spelt not in self.aliases:
            shorter = _QUALIFIER.sub("", spelt)
            if shorter in (spelt, ""):
                return self._said_twice(spelt)
            spelt = shorter
        return self.aliases[spelt]

    def _said_twice(self, spelt: str) -> frozenset[str]:
        """For ``氯霉素(chloramphenicol)``: a name and, in brackets, another name of the same substance."""
        parts = _BRACKETED.fullmatch(spelt)
        if parts is None:
            return frozenset()
        name, again = (self.aliases.get(part, frozenset()) for part in parts.groups())
        return name & again


def spelling(name: str) -> str:
    """The one spelling under which a name is looked up: half width, round brackets, no spaces, small letters."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_BRACKETS).split()).casefold()


@cache
def load() -> Lists:
    """The reviewed tables of this package.

    Raises:
        ValueError: A date, class or scope of a row is not readable.
        LookupError: An alias leads to a substance that is on no list.
    """
    listings = tuple(_listing(row) for row in reviewed.rows("prohibited_substances.csv"))
    listed = {listing.substance for listing in listings}
    aliases: dict[str, frozenset[str]] = {}
    for row in reviewed.rows("substance_aliases.csv"):
        if row["substance"] not in listed:
            message = f"alias {row['alias']} leads to {row['substance']}, which is on no list"
            raise LookupError(message)
        spelt = spelling(row["alias"])
        aliases[spelt] = aliases.get(spelt, frozenset()) | {row["substance"]}
    return Lists(listings, MappingProxyType(aliases))


def _listing(row: dict[str, str]) -> Listing:
    return Listing(
        substance=row["substance"],
        listed_as=row["listed_as"],
        list=row["list"],
        citation=row["citation"],
        legal_class=LegalClass(row["legal_class"]),
        scope=Scope(row["scope"]),
        exceedance_counts=row["counts"] == "exceedance",
        in_force_from=date.fromisoformat(row["in_force_from"]),
        in_force_to=date.fromisoformat(row["in_force_to"]) if row["in_force_to"] else None,
        evidence=row["evidence"],
        verified=row["verified"] == "yes",
        note=row["note"],
    )
