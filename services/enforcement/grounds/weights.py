"""Which facts weigh in a case, from which number, and under which article: the rows of ``data/aggravation.csv``."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from services.enforcement import reviewed
from services.enforcement.grounds.statement import is_yes


class Test(StrEnum):
    """How a fact is looked at."""

    AT_LEAST = "at_least"
    AT_LEAST_WITH_ANOTHER = "at_least_with_another"
    """At least, and a fact that makes a lesser amount serious stands beside it."""
    IS_ONE_OF = "is_one_of"
    IS_TRUE = "is_true"
    WITHIN_YEARS = "within_years"
    IS_KNOWN = "is_known"
    """The system knows it, which is enough."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about a case, stated by an officer or known to the system."""

    name: str
    value: str
    known_from: str = ""
    """What the system knows it from, such as ``sample S-1``; empty where an officer stated it."""
    day: date | None = None
    """When it was, where that is looked at."""

    @property
    def said(self) -> str:
        """The value, with what the system knows it from."""
        return f"{self.value}, {self.known_from}" if self.known_from else self.value


@dataclass(frozen=True, slots=True)
class Weight:
    """One fact that weighs."""

    rule: str
    offence: str
    """Articles of the Criminal Law."""
    fact: str
    test: Test
    value: str
    """What it is compared with: a number, or words with spaces between."""
    below: str
    """The number below which it weighs; empty for any."""
    is_companion: bool
    """Whether it makes a lesser amount serious."""
    citation: str
    in_force_from: date
    in_force_to: date | None
    """Last day, included."""
    verified: bool
    text: str
    """A sentence with gaps for what was found and what it is compared with."""
    note: str

    def in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def fits(self, fact: Fact, day: date) -> bool:
        """Whether a fact is the one that weighs, in a case of this day."""
        if fact.name != self.fact:
            return False
        match self.test:
            case Test.AT_LEAST | Test.AT_LEAST_WITH_ANOTHER:
                number = Decimal(fact.value)
                return number >= Decimal(self.value) and (not self.below or number < Decimal(self.below))
            case Test.IS_ONE_OF:
                return fact.value in self.value.split()
            case Test.IS_TRUE:
                return bool(fact.known_from) or is_yes(fact.value)
            case Test.WITHIN_YEARS:
                return fact.day is not None and fact.day >= _years_before(day, int(self.value))
            case Test.IS_KNOWN:
                return True


def _years_before(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return (day.replace(day=28) if is_leap_day else day).replace(year=day.year - years)


@cache
def load() -> tuple[Weight, ...]:
    """The reviewed table of this package.

    Raises:
        ValueError: A date or test of a row is not readable.
    """
    return tuple(
        Weight(
            rule=row["rule"],
            offence=row["offence"],
            fact=row["fact"],
            test=Test(row["test"]),
            value=row["value"],
            below=row["below"],
            is_companion=row["companion"] == "yes",
            citation=row["citation"],
            in_force_from=date.fromisoformat(row["in_force_from"]),
            in_force_to=date.fromisoformat(row["in_force_to"]) if row["in_force_to"] else None,
            verified=row["verified"] == "yes",
            text=row["text"],
            note=row["note"],
        )
        for row in reviewed.rows("aggravation.csv")
    )
