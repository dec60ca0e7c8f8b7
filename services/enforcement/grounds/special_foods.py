"""Whom a food is made for: infants, patients, or others, by its category."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from services.enforcement import reviewed


class Eaters(StrEnum):
    """Who mainly eats a food."""

    INFANTS = "infants"
    PATIENTS = "patients"
    OTHER = "other"
    OPEN = "open"
    """The category holds food for infants and other; only a subcategory would tell."""


SPECIAL = frozenset({Eaters.INFANTS, Eaters.PATIENTS})


def eaters(category: str, subcategory: str) -> Eaters:
    """Who mainly eats a food of this category; the subcategory goes first."""
    terms = _terms()
    named = terms.get(("subcategory", subcategory)) or terms.get(("category", category))
    return named or Eaters.OTHER


@cache
def _terms() -> Mapping[tuple[str, str], Eaters]:
    rows = reviewed.rows("special_foods.csv")
    return MappingProxyType({(row["kind"], row["term"]): Eaters(row["eaters"]) for row in rows})
