"""Whether a row of a table that somebody wants to import is a limit of the catalogue: each field, with what is wrong.

The columns are those of ``data/limits.csv``. Columns that a table may lack are taken as empty; without ``substance``
the analyte is looked up, without ``foods`` the food itself must be a reviewed word. What is right comes out in the one
spelling in which it is kept, so that the same row is the same text however a spreadsheet printed it.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache

from services.sampling.judging import foods, substances
from services.sampling.judging.days import read_day
from services.sampling.judging.figures import shown
from services.sampling.judging.limit_rows import COLUMNS
from services.sampling.judging.substances import spelling
from services.sampling.judging.units import symbol
from shared.contracts.sample import Hazard

REQUIRED = ("row_id", "analyte", "food", "comparator", "standard", "evidence")
COMPARATORS = ("max", "min", "not_detected", "not_permitted", "ncmM")
_MOST_UNITS = 1000
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, and what to do."""

    row: int
    """As the spreadsheet counts, the line of the column names being 1."""
    column: str
    text: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.text}"


@dataclass(slots=True)
class Check:
    """One row as it is checked: what is kept of it, what is wrong, and what is worth knowing."""

    row: int
    cells: Mapping[str, str]
    kept: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def fault(self, column: str, text: str) -> None:
        """Something is wrong with a field."""
        self.faults.append(Fault(self.row, column, text))

    def notice(self, text: str) -> None:
        """The row is taken, and somebody should know this of it."""
        self.notices.append(f"row {self.row}: {text}")


def checked(row: int, cells: Mapping[str, str]) -> Check:
    """A row of a table, by column."""
    check = Check(row, cells, {name: cells.get(name, "").strip() for name in COLUMNS})
    for name, text in check.kept.items():
        if name in REQUIRED and not text:
            check.fault(name, "the field is empty; it is needed.")
        if len(text) > _LONGEST:
            check.fault(name, f"the text is longer than {_LONGEST} characters; shorten it.")
    if not check.faults:
        _check_substance(check)
        _check_foods(check)
        _check_limit(check)
        _check_edition(check)
        _check_evidence(check)
    check.kept = {name: sys.intern(text) for name, text in check.kept.items()}
    return check


@lru_cache(maxsize=1024)
def near_food(word: str) -> str:
    """The reviewed foods that look most like a word, as a question; empty where none does."""
    return _near(word, [*foods.load().groups, *foods.load().other_names])


@lru_cache(maxsize=1024)
def near_substance(word: str) -> str:
    """The reviewed names of substances that look most like a word, as a question; empty where none does."""
    return _near(word, list(substances.load()))


def _near(word: str, known: list[str]) -> str:
    found = get_close_matches(spelling(word), known, n=3, cutoff=0.5)
    return f" Do you mean {' or '.join(found)}?" if found else ""


def _check_substance(check: Check) -> None:
    named = check.kept["substance"] or check.kept["analyte"]
    found = substances.substance(named)
    if found.hazard is Hazard.UNKNOWN:
        check.notice(
            f"{named} is not a reviewed substance, so it is found only as it is printed here.{near_substance(named)}"
        )
    check.kept["substance"] = found.name


def _check_foods(check: Check) -> None:
    tree = foods.load()
    named = check.kept["foods"] or (check.kept["food"] if tree.known(check.kept["food"]) else "")
    if not named:
        known = near_food(check.kept["food"])
        check.fault(
            "foods", f"{check.kept['food']} is not a reviewed food; name reviewed ones in the column foods.{known}"
        )
    for column, text in (("foods", named), ("except", check.kept["except"])):
        terms = [term.strip() for term in text.split("|") if term.strip()]
        for term in terms:
            if tree.known(term) is None:
                check.fault(column, f"{term} is not a reviewed food; choose one of the tree.{near_food(term)}")
        check.kept[column] = "|".join(terms)


def _check_limit(check: Check) -> None:
    comparator = check.kept["comparator"]
    if comparator not in COMPARATORS:
        check.fault("comparator", f"{comparator} is none of {', '.join(COMPARATORS)}.")
        return
    unit = symbol(check.kept["unit"]) if check.kept["unit"] else ""
    if unit is None:
        check.fault("unit", f"{check.kept['unit']} is no known unit; write it as mg/kg, µg/kg, CFU/g or /25g.")
    elif not unit and comparator in ("max", "min"):
        check.fault("unit", "a figure needs its unit, such as mg/kg.")
    check.kept["unit"] = unit or ""
    bounded = comparator in ("max", "min")
    _check_number(check, "value", needed=bounded, allowed=bounded)
    plan = comparator == "ncmM"
    for name in "ncmM":
        _check_number(check, name, needed=plan and name != "M", allowed=plan, whole=name in "nc")
    if plan and not check.faults:
        _check_plan(check)


def _check_number(check: Check, column: str, *, needed: bool, allowed: bool, whole: bool = False) -> None:
    text = check.kept[column]
    if not text and needed:
        check.fault(column, f"{check.kept['comparator']} needs a number here.")
    if not text:
        return
    if not allowed:
        check.fault(column, f"{check.kept['comparator']} takes no number here; empty the field.")
        return
    try:
        number = Decimal(text)
    except InvalidOperation:
        check.fault(column, f"{text} is no number; write it with a decimal point and no unit.")
        return
    if not number.is_finite() or number < 0 or (whole and number != int(number)):
        check.fault(column, f"{text} is no {'whole number' if whole else 'number'} from zero up.")
        return
    check.kept[column] = shown(number)


def _check_plan(check: Check) -> None:
    n, c, m = (Decimal(check.kept[name]) for name in "ncm")
    if not c < n <= _MOST_UNITS:
        check.fault("c", f"no plan has c={shown(c)} of n={shown(n)} units.")
    if check.kept["M"] and (Decimal(check.kept["M"]) < m or (c > 0 and Decimal(check.kept["M"]) == m)):
        check.fault("M", f"M={check.kept['M']} is not above m={shown(m)}; an exponent may be lost.")


def _check_edition(check: Check) -> None:
    days = {name: _day(check, name) for name in ("effective_from", "effective_to")}
    begin, end = days.values()
    if begin and end and end < begin:
        check.fault("effective_to", f"{end} is before the edition's first day {begin}.")
    if begin is None and not check.faults:
        check.notice("the first day of the edition is not stated, so the row only informs and never decides.")
    check.kept |= {name: day.isoformat() if day else "" for name, day in days.items()}


def _day(check: Check, column: str) -> date | None:
    try:
        return read_day(check.kept[column])
    except ValueError:
        check.fault(column, f"{check.kept[column]} is no day; write it as 2026-01-31.")
        return None


def _check_evidence(check: Check) -> None:
    evidence = check.kept["evidence"]
    if not evidence.startswith(("verified", "unverified")):
        text = "say verified, if somebody checked the row against the official text, else unverified."
        check.fault("evidence", text)
    elif evidence.startswith("verified") and not check.kept["source"]:
        check.fault("source", "a verified row needs its source: where it was checked.")
