"""Which substance a printed analyte is, and what kind of hazard.

Laboratories print the same thing as 铅, 铅(Pb), 铅（以Pb计） or 铅 Pb, and a banned drug as its metabolite, its salt
or its parent. The reviewed table ``data/substances.csv`` holds the names; the rules here take away only what never
changes the substance: width and kind of brackets, spaces, the unit of the column, and the basis (以…计).
A name is looked up whole, never in part: 铅类 is a group of pesticides, not lead.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging.figures import fold
from services.sampling.judging.units import PATTERN, symbol
from shared.contracts.sample import Hazard

_SUBSCRIPT = str.maketrans("₀₁₂₃₄₅₆₇₈₉;[]", "0123456789,()")
_UNIT = re.compile(rf"[/,]?\(?({PATTERN})\)?$", re.IGNORECASE)
_BASIS = re.compile(
    r"(?:\((?:[^()]{0,40},)?以[^()]{1,60}计\)|\((?:干样品|干基|湿基|鲜重|koh)计?\)"
    r"|[,/]以[^(),]{1,60}计|(?<=[^,])以[^(),以]{1,60}计)$"
)
_GERMS = frozenset((Hazard.MICROBIOLOGY, Hazard.PATHOGEN))
_BOUNDED_ABOVE = _GERMS | {
    Hazard.VETERINARY_DRUG,
    Hazard.PESTICIDE,
    Hazard.METAL,
    Hazard.MYCOTOXIN,
    Hazard.CONTAMINANT,
}


@dataclass(frozen=True, slots=True)
class Substance:
    """The reviewed name of an analyte, its hazard, and the unit that its column names."""

    name: str
    hazard: Hazard
    unit: str = ""

    @property
    def germ(self) -> bool:
        """Whether it is counted or searched for, not weighed."""
        return self.hazard in _GERMS

    @property
    def bounded_above(self) -> bool:
        """Whether a limit without a sign can only be a maximum: residues, contaminants and germs."""
        return self.hazard in _BOUNDED_ABOVE or self.name.endswith("残留量")


def spelling(name: str) -> str:
    """The one spelling under which a name is looked up: half width, round brackets, no spaces, small letters."""
    return "".join(fold(name).translate(_SUBSCRIPT).split()).lower()


@cache
def load() -> dict[str, tuple[str, Hazard]]:
    """The reviewed table: spelling to substance and hazard."""
    rows = reviewed.rows("substances.csv")
    return {spelling(row["alias"]): (row["substance"], Hazard(row["hazard"])) for row in rows}


@lru_cache(maxsize=4096)
def substance(analyte: str) -> Substance:
    """The substance of a printed analyte; the analyte itself and an unknown hazard where no name is reviewed."""
    table = load()
    name, unit = spelling(analyte), ""
    while name not in table:
        column, basis = _UNIT.search(name, max(0, len(name) - 24)), _BASIS.search(name)
        cut = column or basis
        if cut is None or cut.start() == 0:
            return Substance(analyte, Hazard.UNKNOWN, unit)
        unit = unit or (symbol(column[1]) or "" if column else "")
        name = name[: cut.start()]
    found, hazard = table[name]
    return Substance(found, hazard, unit)
