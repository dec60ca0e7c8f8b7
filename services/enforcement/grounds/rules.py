"""Everything that a decision on a failed sample or on a case is made by."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.enforcement.grounds import amounts, exceedance, law, origin, provincial, substances
from services.enforcement.grounds.amounts import Amount
from services.enforcement.grounds.exceedance import Threshold
from services.enforcement.grounds.law import Ground
from services.enforcement.grounds.origin import Origins
from services.enforcement.grounds.substances import Lists


@dataclass(frozen=True, slots=True)
class Rules:
    """The reviewed tables, and what the operator added to them."""

    grounds: Mapping[str, Ground]
    lists: Lists
    origins: Origins
    thresholds: tuple[Threshold, ...]
    """The provinces' thresholds of severe exceedance; empty: rule R2 asks a person."""
    amounts: Mapping[str, Amount]


@cache
def load(severe_exceedance_file: Path | None = None) -> Rules:
    """The rules as reviewed in ``data/``, with the operator's thresholds of severe exceedance.

    Raises:
        CannotStartError: The operator's file cannot be read; one sentence for each fault.
    """
    the_law = law.load()
    added = provincial.read(severe_exceedance_file, the_law["R2"].hazards) if severe_exceedance_file else ()
    return Rules(
        grounds=the_law,
        lists=substances.load(),
        origins=origin.load(),
        thresholds=(*exceedance.load(), *added),
        amounts=amounts.load(),
    )
