"""What is wrong with something that a person wrote: where it stands, and what to write instead.

A contract's own complaints speak of patterns and types. Here each becomes a sentence for whoever filled in a form.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from partners.tables.words import with_word

M = TypeVar("M", bound=BaseModel)

MOST_SHOWN = 50
_LONGEST = 60
_QUOTED = re.compile(r"'([^']*)'")
_SHAPES = {
    r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$": "write a number of letters, figures and . : / - _ such as a unified social "
    "credit code; a name never stands here",
    r"^[A-Z0-9-]{2,32}$": "write an id on the exchange such as L0142 or S01; a name never stands here",
    r"^(lab|sampler|carrier)\.[A-Z0-9-]{2,32}$": "write who has it now: lab.L0142, sampler.S02 or carrier.SF-0471",
    r"^[0-9]{9}$": "write the nine figures of the township, such as 210283104",
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$": "write the region as province.city.county, such as 21.02.83",
    r"^([0-9a-f]{64})?$": "write the SHA-256 of the document, 64 figures and letters a to f",
}
"""What to write for each pattern of the contracts."""

Place = Callable[[tuple[int | str, ...]], str]
"""Says where a field stands, from its path in the event."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    where: str
    """The row and column, the line, or the option."""
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


class FaultyInputError(Exception):
    """What a person wrote cannot be sent; every fault is named, or the first of very many."""

    def __init__(self, faults: Iterable[Fault], count: int = 0) -> None:
        self.faults = tuple(faults)
        self.count = max(count, len(self.faults))
        lines = [str(fault) for fault in self.faults]
        if self.count > len(self.faults):
            lines.append(f"{self.count} faults, of which the first {len(self.faults)} are shown.")
        super().__init__("\n".join(lines))


@dataclass(slots=True)
class Faults:
    """The faults of a file while it is read: the first are kept and all are counted."""

    first: list[Fault] = field(default_factory=list)
    count: int = 0

    def blame(self, *faults: Fault) -> None:
        """Count faults and keep the first."""
        self.count += len(faults)
        self.first += faults[: MOST_SHOWN - len(self.first)]

    def stop(self) -> None:
        """Raise FaultyInputError where there is any."""
        if self.count:
            raise FaultyInputError(self.first, self.count)


def path_of(loc: tuple[int | str, ...]) -> str:
    """Where a field stands in a document: ``lines, entry 3, samples``."""
    return ", ".join(f"entry {step + 1}" if isinstance(step, int) else step for step in loc) or "the whole"


def faults_of(error: ValidationError, place: Place = path_of) -> list[Fault]:
    """Every fault that a contract found, as sentences."""
    details = error.errors(include_url=False)
    within = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [
        Fault(place(detail["loc"]), _sentence(detail))
        for detail in details
        if not (detail["type"] == "too_short" and detail["loc"] in within)  # it counts the entries that are right
    ]


def checked(event: type[M], values: Mapping[str, Any], faults: list[Fault], place: Place) -> M | None:
    """What these values make; none where the contract finds faults, which are added where nothing was said so far."""
    try:
        return event.model_validate(values)
    except ValidationError as error:
        said = {fault.where for fault in faults}
        faults += [fault for fault in faults_of(error, place) if fault.where not in said]
        return None


def made(event: type[M], values: Mapping[str, Any], faults: list[Fault], place: Place) -> M:
    """What these values make; raises FaultyInputError with every fault, those that were found before too."""
    one = checked(event, values, faults, place)
    if one is None or faults:
        raise FaultyInputError(faults)
    return one


def shown(value: object) -> str:
    """A value as it can stand in a sentence."""
    text = str(value)
    return f"'{text[:_LONGEST]}…'" if len(text) > _LONGEST else f"'{text}'"


def _sentence(detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], dict(detail.get("ctx", {}))
    if kind == "value_error":
        return f"{detail['msg'].removeprefix('Value error, ')}."
    if kind == "missing" or (value in ("", None) and kind not in ("too_short", "too_long")):
        return _TEXTS["missing"]
    context["shape"] = _SHAPES.get(str(context.get("pattern")), "leave out line breaks and control characters")
    context["expected"] = _expected(str(context.get("expected")), str(detail["loc"][-1]) if detail["loc"] else "")
    found = next((text for start, text in _TEXTS.items() if kind.startswith(start)), "{value} does not fit: {msg}.")
    return found.format(value=shown(value), msg=detail["msg"], **context)


def _expected(listed: str, field: str) -> str:
    """The words that may stand in a field, each with what people say for it."""
    return _QUOTED.sub(lambda quoted: with_word(field, quoted[1]), listed)


_NO_NUMBER = "{value} is no number; write figures with a point, such as 2.5, and no unit."
_NO_WORD = "{value} is none of the words that may stand here: {expected}."
_TEXTS = {
    "missing": "is empty and has to be filled in.",
    "extra_forbidden": "stands in a field that this request does not have; leave it out, or mend the field's name.",
    "timezone_aware": "{value} does not say in which zone; write the time with its offset: 2026-11-24T09:30+08:00.",
    "string_pattern_mismatch": "{value} does not fit; {shape}.",
    "string_too_long": "{value} is longer than {max_length} characters; shorten it.",
    "string_too_short": "{value} is shorter than {min_length} characters; say more.",
    "string_type": "{value} is no text; write it in quotation marks.",
    "tuple_type": "{value} is no list; write its entries one after another.",
    "model_type": "{value} is not made of named fields; write each with its name.",
    "too_short": "holds {actual_length} and needs at least {min_length}.",
    "too_long": "holds more than {max_length}; leave some out.",
    "literal_error": _NO_WORD,
    "enum": _NO_WORD,
    "greater_than_equal": "{value} must not be below {ge}.",
    "greater_than": "{value} must be above {gt}.",
    "less_than_equal": "{value} must not be above {le}.",
    "less_than": "{value} must be below {lt}.",
    "decimal_max_places": "{value} has more than {decimal_places} figures behind the point; round it.",
    "decimal_max_digits": "{value} has more than {max_digits} figures; round it.",
    "decimal_whole_digits": "{value} has more than {whole_digits} figures before the point; mend it.",
    "decimal_": _NO_NUMBER,
    "finite_number": _NO_NUMBER,
    "int_": "{value} is no whole number; write figures only.",
    "bool_": "{value} is neither yes nor no; write true or false, 是 or 否.",
    "date_": "{value} is no day; write it as 2026-11-24.",
    "datetime_": "{value} is no point in time; write it as 2026-11-24T09:30+08:00.",
}
"""What to say of each kind of fault; one that ends in _ stands for all that begin with it, behind the longer ones."""
