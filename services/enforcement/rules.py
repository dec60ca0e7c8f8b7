"""Everything that a decision on a failed sample or on a case is made by."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.enforcement import amounts, exceedance, grounds, origin, provincial, substances
from services.enforcement.amounts import Amount
from services.enforcement.exceedance import Threshold
from services.enforcement.grounds import Ground
from services.enforcement.origin import Origins
from services.enforcement.substances import Lists


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
    law = grounds.load()
    added = provincial.read(severe_exceedance_file, law["R2"].hazards) if severe_exceedance_file else ()
    return Rules(
        grounds=law,
        lists=substances.load(),
        origins=origin.load(),
        thresholds=(*exceedance.load(), *added),
        amounts=amounts.load(),
    )
