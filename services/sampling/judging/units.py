"""Units of printed results and limits: how they are spelled, and the exact way from one to another.

A unit is an amount of something in an amount of something (mg/kg, CFU/250mL, mg/100cm²), so it is taken apart into
the two, and each is scaled to its base. Two units are of one dimension if both halves are: mass in mass is not mass
in volume, and colony-forming units are not a most probable number. A bare portion (``/25g``) is the amount that was
searched for a germ; it converts to nothing but itself. Factors are terminating decimals, so a value at the edge of
its limit stays there.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_AMOUNTS = {
    "kg": ("mass", "1000", "kg"),
    "g": ("mass", "1", "g"),
    "mg": ("mass", "0.001", "mg"),
    "µg": ("mass", "0.000001", "µg"),
    "ug": ("mass", "0.000001", "µg"),
    "mcg": ("mass", "0.000001", "µg"),
    "ng": ("mass", "0.000000001", "ng"),
    "pg": ("mass", "0.000000000001", "pg"),
    "l": ("volume", "1000", "L"),
    "ml": ("volume", "1", "mL"),
    "cfu": ("CFU", "1", "CFU"),
    "mpn": ("MPN", "1", "MPN"),
    "个": ("pieces", "1", "个"),
    "iu": ("IU", "1", "IU"),
    "u": ("u", "1", "u"),
    "µ": ("u", "1", "u"),
    "mmol": ("substance", "1", "mmol"),
    "meq": ("equivalents", "1", "meq"),
    "bq": ("activity", "1", "Bq"),
    "kj": ("energy in kJ", "1", "kJ"),
    "kcal": ("energy in kcal", "1", "kcal"),
    "cm2": ("area", "1", "cm²"),
    "cm²": ("area", "1", "cm²"),
    "cm^2": ("area", "1", "cm²"),
    "dm2": ("area", "100", "dm²"),
    "dm²": ("area", "100", "dm²"),
}
_OF = r"mg|µg|ug|mcg|ng|pg|kg|g|ml|cfu|mpn|个|iu|u|µ|mmol|meq|bq"
_IN = r"kg|g|ml|l|kj|kcal|cm2|cm²|cm\^2|dm2|dm²"
_PORTIONS = r"1000|500|250|100|50|25|10|1|"
PATTERN = (
    rf"(?:(?:{_OF})?\s*/\s*(?:{_PORTIONS})\s*(?:{_IN})(?:\s*\(ml\))?"
    r"|w\s*/\s*%|%\s*vol|%\s*\([wv]/[wv]\)|%)(?![0-9A-Za-z²])"
)
"""What a unit looks like inside a longer text; to be compiled ignoring case, on text with ``µ`` in its Latin-1 form."""

_UNIT = re.compile(
    rf"(?P<of>{_OF})?/(?P<portion>{_PORTIONS})(?P<in>{_IN})(?P<also>\(ml\))?",
    re.IGNORECASE | re.ASCII,
)
_PERCENT = {
    "%": ("mass in mass", "%"),
    "w/%": ("mass in mass", "w/%"),
    "%(w/w)": ("mass in mass", "%"),
    "%vol": ("volume in volume", "%vol"),
    "%(v/v)": ("volume in volume", "%vol"),
    "%(w/v)": ("mass in volume", "g/100mL"),
}
_COUNTS = ("CFU", "MPN", "个")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit taken apart; ``CFU/g(mL)`` has two dimensions, every other has one."""

    symbol: str
    scales: tuple[tuple[str, Decimal], ...]
    """Dimension and size in the dimension's base unit."""
    portion: bool = False


def _percent(text: str) -> Unit | None:
    if text not in _PERCENT:
        return None
    dimension, symbol = _PERCENT[text]
    return Unit(symbol, ((dimension, Decimal("0.01")),))


@lru_cache(maxsize=1024)
def unit(text: str) -> Unit | None:
    """The unit that ``text`` spells, or none where it spells no unit of the table."""
    bare = "".join(text.split()).replace("μ", "µ")
    match = _UNIT.fullmatch(bare)
    if match is None:
        return _percent(bare.lower())
    inner, size, inner_symbol = _AMOUNTS[match["in"].lower()]
    portion = match["portion"]
    also = "(mL)" if match["also"] else ""
    tail = f"/{portion if portion != '1' else ''}{inner_symbol}{also}"
    if match["of"] is None:
        portions = [tail] if not also else [f"/{portion}{inner_symbol}", f"/{portion}mL"]
        return Unit(tail, tuple((name, Decimal(1)) for name in portions), portion=True)
    outer, amount, outer_symbol = _AMOUNTS[match["of"].lower()]
    inners = [(inner, Decimal(size) * Decimal(portion or 1))]
    if also:
        inners.append(("volume", Decimal(portion or 1)))
    scales = tuple((f"{outer} in {name}", Decimal(amount) / scale) for name, scale in inners)
    return Unit(outer_symbol + tail, scales)


def symbol(text: str) -> str | None:
    """The one spelling that the exchange uses for a unit: ``ug/kg`` and ``μg / kg`` are ``µg/kg``."""
    found = unit(text)
    return found.symbol if found else None


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> Decimal | None:
    """What a value in ``source`` is multiplied by to stand in ``target``; none where they measure different things."""
    if source == target:
        return Decimal(1)
    one, other = unit(source), unit(target)
    if one is None or other is None:
        return None
    for dimension, size in one.scales:
        for wanted, base in other.scales:
            if dimension == wanted:
                return size / base
    return None


def converted(value: Decimal, source: str, target: str) -> Decimal | None:
    """``value`` in another unit, exactly; none where the two measure different things."""
    times = factor(source, target)
    return None if times is None else value * times


def is_count(text: str) -> bool:
    """Whether a unit counts germs (CFU, MPN)."""
    return text.startswith(_COUNTS)


def is_portion(text: str) -> bool:
    """Whether a unit names only the amount that was searched (``/25g``)."""
    found = unit(text)
    return found is not None and found.portion
