"""What an amount is per: the food as it is, its dry matter, its fat, or the alcohol in it.

Aluminium in noodles is limited per dry sample and methanol per pure alcohol. A report says what its result is per in a
field of its own or in the brackets behind the analyte; the reviewed table ``data/bases.csv`` holds the words, and they
are looked up whole. Where a limit is per something else than the result, the share of it in the food (100 less the
moisture, the fat, the alcoholic strength) brings them together, if the same report states that share. It is the limit
that is converted: a product of decimals is exact, a quotient is not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging.kinds_of_limit import Bounds, Limit
from services.sampling.judging.notation import Kind, Reading
from services.sampling.judging.outcome import Outcome, unclear
from services.sampling.judging.substances import spelling
from services.sampling.judging.units import converted
from shared.contracts.sample import JudgementReason

_WORDING = re.compile(r"(?:以|按|每)?(?P<what>.+?)(?:计|折算)?")
_BETWEEN = re.compile(r"[(),]")
_HUNDRED = Decimal(100)


class Basis(StrEnum):
    """What an amount is per."""

    AS_IS = "the food as it is"
    DRY = "dry matter"
    FAT = "fat"
    ALCOHOL = "pure alcohol"


@dataclass(frozen=True, slots=True)
class Conversion:
    """Which determination states the share of a basis in the food."""

    measured: str
    """The reviewed name of the determination."""
    unit: str
    """A percentage; the number stands for hundredths of the food."""
    rest: bool
    """Whether the share is what the determination leaves of a hundred."""


@cache
def _words() -> dict[str, Basis]:
    return {spelling(row["spelling"]): Basis[row["basis"].upper()] for row in reviewed.rows("bases.csv")}


@cache
def conversions() -> dict[Basis, Conversion]:
    """For each basis the determination that states its share."""
    return {
        Basis[row["basis"].upper()]: Conversion(row["measured"], row["unit"], rest=row["share"] == "rest")
        for row in reviewed.rows("conversions.csv")
    }


def _known(part: str) -> Basis | None:
    wording = _WORDING.fullmatch(part)
    return _words().get(part) or (_words().get(wording["what"]) if wording else None)


@lru_cache(maxsize=2048)
def basis_of(text: str) -> Basis | None:
    """What a text such as 干基 or ``干样品,以Al计`` names; none where no reviewed word is in it."""
    return next((basis for part in _BETWEEN.split(spelling(text)) if (basis := _known(part))), None)


@lru_cache(maxsize=4096)
def basis_behind(name: str) -> Basis | None:
    """What is named behind an analyte or a limit: its first word is the analyte itself."""
    return next((basis for part in _BETWEEN.split(spelling(name))[1:] if (basis := _known(part))), None)


def on_basis(
    limit: Limit, per: Basis, result_per: Basis | None, share: Callable[[Basis], Decimal | None]
) -> Limit | Outcome:
    """A limit as it is for a result on another basis, or why nobody knows.

    ``share`` tells which part of the food a basis is, where the report states it. A ban is the same on every basis.
    """
    if result_per is per or not isinstance(limit, Bounds):
        return limit
    if result_per is None:
        text = f"the limit {limit} is per {per.value} and the report does not say what the result is per"
        return unclear(JudgementReason.BASIS_UNKNOWN, text)
    part = share(per) if result_per is Basis.AS_IS else None
    if part is None:
        text = f"the limit {limit} is per {per.value}, the result per {result_per.value}, and no share converts them"
        return unclear(JudgementReason.BASIS_UNKNOWN, text)
    low, high = (None if bound is None else bound * part for bound in (limit.low, limit.high))
    return Bounds(low, high, limit.unit, strict=limit.strict)


def share_of(basis: Basis, measured: Callable[[str], Reading | None]) -> Decimal | None:
    """Which part of the food a basis is, between 0 and 1, by another determination of the report."""
    conversion = conversions().get(basis)
    reading = measured(conversion.measured) if conversion else None
    if conversion is None or reading is None or reading.value is None or reading.kind is not Kind.VALUE:
        return None
    percent = converted(reading.value, reading.unit, conversion.unit)
    if percent is None or not 0 < percent < _HUNDRED:
        return None
    return (_HUNDRED - percent if conversion.rest else percent).scaleb(-2)
