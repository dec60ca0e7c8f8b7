"""The targets of a county's sampling, its people and its townships: all of it reviewed data with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from typing import Literal

from services.sampling.reviewed import rows

PEOPLE = "people"
KEY_CATEGORIES = "key_categories"
OTHER_TOWNSHIP = "other"
"""Stands for a township that the table does not know."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A target: so much for so many people, or of so many key categories."""

    target: str
    kind: str
    """annual where only the plan of a year has it; empty where every plan has."""
    amount: Decimal
    per: Decimal
    counts: Literal["people", "key_categories"]
    hazards: frozenset[str]
    """Only samples that were tested for one of these count; any where it is empty."""
    unit: str
    citation: str
    verified: bool

    def wanted(self, base: int) -> Decimal:
        """The whole number that is wanted of so many people or categories: a part of a sample is a sample."""
        return (self.amount * base / self.per).to_integral_value(rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Population:
    """How many people a county has, by one way to count them."""

    base: str
    people: int


@cache
def rates() -> tuple[Rate, ...]:
    """The reviewed targets, in the order of their table."""
    return tuple(
        Rate(
            target=row["target"],
            kind=row["kind"],
            amount=Decimal(row["amount"]),
            per=Decimal(row["per"]),
            counts="people" if row["counts"] == PEOPLE else "key_categories",
            hazards=frozenset(row["hazards"].split()),
            unit=row["unit"],
            citation=row["citation"],
            verified=row["verified"] == "yes",
        )
        for row in rows("targets.csv")
    )


def population_of(region: str, base: str) -> Population:
    """The people of a county by a base (resident or registered); 0 where the table has no row of it."""
    return Population(base, _populations().get((region, base), 0))


@cache
def townships() -> Mapping[str, str]:
    """The name of each known township or street, by its nine digits."""
    return {row["code"]: row["name"] for row in rows("townships.csv")}


@cache
def _populations() -> Mapping[tuple[str, str], int]:
    return {(row["region"], row["base"]): int(row["people"]) for row in rows("populations.csv")}
