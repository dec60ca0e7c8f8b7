"""Whether a laboratory is accredited for what it reports: on the day of the test, and for each determination.

A laboratory may have several certificates at once, and each speaks for itself. A later entry of a certificate takes the
place of an earlier one from its own first day on; for a test before that day the earlier one still speaks. A
determination is in scope if one item of a scope fits it whole: what an item leaves empty fits anything. A report with
one determination out of scope is refused as a whole, since its verdict would rest on it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Protocol

from pydantic import TypeAdapter

from services.sampling.acceptance import Rejection
from services.sampling.judging.substances import spelling, substance
from shared.contracts import RejectionReason, ScopeItem
from shared.contracts.result import Determination

_METHOD = re.compile(r"(?P<number>[a-z]{1,6}(?:/[a-z]{1,2})?[0-9]{1,6}(?:\.[0-9]{1,4}){0,3})(?:-(?P<year>[0-9]{4}))?")
_ITEMS = TypeAdapter(tuple[ScopeItem, ...])

Item = tuple[str, str, str, str]
"""Category, hazard, substance and method of an item of a scope, in the spelling that is compared; empty means any."""
Named = tuple[bool, bool, bool, bool]
"""Which of the four an item names."""


class Entry(Protocol):
    """One entry of the registry."""

    @property
    def certificate_no(self) -> str:
        """Of the accreditation; a laboratory may have several at once."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date:
        """Last day, included."""

    @property
    def scope(self) -> str:
        """The items as they were told (JSON)."""


class Tested(Protocol):
    """A report, or what a laboratory is about to test."""

    @property
    def category(self) -> str:
        """National food category."""

    @property
    def subcategory(self) -> str:
        """One level below; may be empty."""

    @property
    def determinations(self) -> tuple[Determination, ...]:
        """What is determined."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a laboratory is accredited for; ``named`` lets only keys be looked up that some item may have."""

    items: frozenset[Item]
    named: frozenset[Named]

    def covers(self, foods: set[str], determination: Determination) -> bool:
        """Whether one item fits a determination in a food, which has its category and the one below."""
        if (False, False, False, False) in self.named:
            return True
        analyte = substance(determination.analyte)
        known = foods, {analyte.hazard.value}, {spelling(analyte.name)}, _methods(determination)
        return any(
            key in self.items
            for named in self.named
            for key in product(*(values if is_named else {""} for values, is_named in zip(known, named, strict=True)))
        )


def refusal(
    report: Tested, entries: Sequence[Entry] | None, tested_on: date, *, by_any_method: bool = False
) -> Rejection | None:
    """Why a report on a test of this day is not taken, or none.

    ``entries`` is all that the registry holds of the laboratory, in the order in which it came; none where it holds
    nothing. ``by_any_method`` is for a test that is still to be made, by whatever method the laboratory has.
    """
    if not entries:
        text = "The laboratory has no accreditation on the exchange; an officer of the agency has to enter it first."
        return Rejection(RejectionReason.NOT_ACCREDITED, "subject", text)
    current = _current(entries, tested_on)
    if all(entry.valid_to < tested_on for entry in current):
        return Rejection(RejectionReason.NOT_ACCREDITED, "data.concluded_on", _not_valid(current, entries, tested_on))
    valid = [entry for entry in current if entry.valid_to >= tested_on]
    scopes = [scope_of(entry.scope, by_any_method=by_any_method) for entry in valid]
    foods = {spelling(report.category), spelling(report.subcategory)} - {""}
    for index, determination in enumerate(report.determinations):
        if not any(scope.covers(foods, determination) for scope in scopes):
            where = f"data.determinations.{index}.analyte"
            return Rejection(RejectionReason.OUT_OF_SCOPE, where, _outside(report, determination))
    return None


def _current(entries: Sequence[Entry], day: date) -> list[Entry]:
    """What each certificate says on a day: its entry that began last, and of those of one day the one entered last."""
    current: dict[str, Entry] = {}
    for entry in entries:
        known = current.get(entry.certificate_no)
        if entry.valid_from <= day and (known is None or known.valid_from <= entry.valid_from):
            current[entry.certificate_no] = entry
    return sorted(current.values(), key=lambda entry: entry.valid_to)


@lru_cache(maxsize=256)
def scope_of(scope: str, *, by_any_method: bool = False) -> Scope:
    """A scope (JSON), ready to be compared."""
    items = frozenset(
        (
            spelling(item.category),
            item.hazard.value if item.hazard else "",
            spelling(substance(item.substance).name) if item.substance.strip() else "",
            "" if by_any_method else _method(item.method),
        )
        for item in _ITEMS.validate_json(scope)
    )
    return Scope(items, frozenset(_named(item) for item in items))


def _named(item: Item) -> Named:
    category, hazard, name, method = map(bool, item)
    return category, hazard, name, method


def _methods(determination: Determination) -> set[str]:
    """A report's method as a scope may name it: with its year, without, and in words that are no number."""
    method = _method(determination.method)
    return {method, method.partition("-")[0]} - {""}


def _method(printed: str) -> str:
    """``GB 5009.123-2014 第一法`` as ``gb5009.123-2014``; a text that begins with no number of a standard as it is."""
    text = spelling(printed)
    found = _METHOD.match(text)
    if found is None:
        return text
    return f"{found['number']}-{found['year']}" if found["year"] else found["number"]


def _not_valid(begun: Sequence[Entry], entries: Sequence[Entry], tested_on: date) -> str:
    if begun:
        until = begun[-1].valid_to
        return f"The accreditation ended on {until} and the test is of {tested_on}; an officer has to enter the next."
    first = min(entry.valid_from for entry in entries)
    return f"The accreditation begins on {first} and the test is of {tested_on}; correct the date, or have it entered."


def _outside(report: Tested, determination: Determination) -> str:
    by = f"by {determination.method}" if determination.method.strip() else "by a method that is not named"
    kind = substance(determination.analyte).hazard.value
    return (
        f"{determination.analyte} ({kind}) in {report.category} {by} is outside the laboratory's scope: "
        "leave it out, name the accredited method, or have an officer extend the scope."
    )
