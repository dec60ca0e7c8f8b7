"""What the ASCII commas of a printed figure mean: separators of a list, thousands, or decimals.

``55,70,110,50,10`` is five counts, ``1,072`` may be one number of thousands or, in European reports, a little more than
one, and ``1,6 ± 0,3`` has decimal commas. Counts of germs are whole numbers and come in lists; masses come one at a
time. What these two facts do not settle stays unsettled: the caller says that it cannot be read.
"""

import re

from services.sampling.judging.units import is_count

_SEPARATOR = re.compile(r"(?<![0-9]),|,(?![0-9])")
_RUN = re.compile(r"[0-9][0-9.]{0,20}(?:,[0-9.]{1,20}){1,40}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,5}),[0-9]{1,6}")
_PAIR = 2
_TRIPLE = 3


def settled(text: str, unit: str) -> str | None:
    """A folded result with list commas as ``;``, thousands joined and decimal points; none if it stays ambiguous.

    ``unit`` is the unit printed with the figures, empty where none is.
    """
    listed = _SEPARATOR.sub(";", text)
    if "," not in listed:
        return listed
    runs: list[str] = _RUN.findall(listed)
    if "±" in listed:
        return _uncertain(listed, runs)
    if ";" in listed or len(runs) > 1 or any(sign in listed for sign in "①×*^"):
        return _listed(listed, runs)
    return _alone(listed, runs[0], unit)


def _uncertain(text: str, runs: list[str]) -> str | None:
    """A value and its uncertainty share the sign of decimals, so one that can be nothing else settles both."""
    decimal = all(_DECIMAL.fullmatch(run) for run in runs) and not all(_GROUPED.fullmatch(run) for run in runs)
    return text.replace(",", ".") if decimal and "." not in text else None


def _listed(text: str, runs: list[str]) -> str | None:
    """In a list a comma separates too, unless every number of it is printed in thousands."""
    grouped = sum(1 for run in runs if _GROUPED.fullmatch(run))
    if grouped == 0:
        return text.replace(",", ";")
    return text.replace(",", "") if grouped == len(runs) == text.strip("; ").count(";") + 1 else None


def _alone(text: str, run: str, unit: str) -> str | None:
    """Nothing but commas stands between the figures: the unit tells a list of counts from one amount."""
    parts = run.split(",")
    grouped = _GROUPED.fullmatch(run) is not None
    if unit and not is_count(unit):
        if len(parts) == _PAIR and parts[0] == "0":
            return text.replace(",", ".")
        return text.replace(",", "") if grouped and (len(parts) > _PAIR or "." in run) else None
    if not grouped or len(parts) > _TRIPLE:
        return text.replace(",", ";")
    return text.replace(",", "") if unit and len(parts) == _PAIR else None
