"""The amounts of money on which rules R8 to R10 turn, from ``data/amounts.csv``."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from services.enforcement import reviewed


@dataclass(frozen=True, slots=True)
class Amount:
    """The least amount with which an offence begins, in yuan."""

    fact: str
    """The field of ``CaseFacts`` that is compared with it."""
    yuan: Decimal
    citation: str
    verified: bool


@cache
def load() -> Mapping[str, Amount]:
    """The reviewed table of this package, by name such as ``R8 sales``.

    Raises:
        ArithmeticError: A number of a row is not readable.
    """
    rows = reviewed.rows("amounts.csv")
    return MappingProxyType({row["name"]: _amount(row) for row in rows})


def _amount(row: dict[str, str]) -> Amount:
    return Amount(row["fact"], Decimal(row["number"]), row["citation"], row["verified"] == "yes")
