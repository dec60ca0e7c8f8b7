"""Results as laboratories print them, read into readings.

A printed result is one reading or a list of them, each a number with its unit, a bound (``<10CFU/g``), or the words
for detected and not detected, perhaps behind an ordinal (``①``, ``n₁：``); or an initial and a repeated result. The
grammar consumes the whole text or nothing: what it does not know makes the result unreadable, with the reason, and
is never guessed at.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from services.sampling.judging.commas import settled
from services.sampling.judging.figures import PLAIN, figure_at, fold, shown
from services.sampling.judging.units import PATTERN, symbol
from shared.contracts.sample import JudgementReason


class Kind(Enum):
    """What a reading says of the amount."""

    VALUE = "value"
    BELOW = "below"
    ABOVE = "above"
    DETECTED = "detected"
    NOT_DETECTED = "not detected"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured unit of a sample."""

    kind: Kind
    value: Decimal | None = None
    """The number, the bound, or the limit of detection printed with "not detected"."""
    unit: str = ""
    """The unit in the exchange's spelling; empty where none is printed."""

    def __str__(self) -> str:
        if self.value is None or self.kind is Kind.NOT_DETECTED:
            return self.kind.value + self.unit
        sign = {Kind.BELOW: "<", Kind.ABOVE: ">"}.get(self.kind, "")
        return f"{sign}{shown(self.value)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Result:
    """A readable result; ``repeated`` holds the readings of the re-inspection (复检) where one is printed."""

    readings: tuple[Reading, ...]
    repeated: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that the grammar does not read, and why."""

    reason: JudgementReason
    why: str


NOTHING = frozenset(("", "/", "-", "--", "//", "\\", "无"))
"""How an empty cell of a report is printed."""

_LOST = Unreadable(JudgementReason.EXPONENT_LOST, "a power of ten is printed without its exponent")
_ORDINAL = re.compile(r"(?:[\u2460-\u2473]|n[₀-₉0-9]{1,2}[:=])\s{0,5}")
_UNIT = re.compile(rf"\s{{0,5}}({PATTERN})", re.IGNORECASE)
_LAST_UNIT = re.compile(rf"({PATTERN})\)?$", re.IGNORECASE)
_UNIT_APART = re.compile(
    rf"[;\s]{{0,5}}(?:\((?:单位[:\s]\s{{0,5}})?({PATTERN})\)|单位[:\s]\s{{0,5}}({PATTERN}))$", re.IGNORECASE
)
_BASIS = re.compile(
    r"\s{0,5}\((?:(?:[^()]{0,20}[,;])?(?:[以按][^()]{1,20}(?:计|折算)|干样品|干基|湿基|鲜重|KOH)"
    r"|(?:按)?(?:产品)?(?:标签)?(?:明示|标示)值?|(?:实测|检测|测定|平均)(?:值|结果)|(?:GB|SB|NY|Q)[^()<>≤≥]{1,40})\)"
)
_BASIS_LAST = re.compile(rf"(?:{_BASIS.pattern})$")
_BASIS_INSIDE = re.compile(rf"(?:{_BASIS.pattern})(?=\s{{0,5}}{PATTERN}$)", re.IGNORECASE)
"""The basis may stand between the figure and its unit: ``0.05(以Pb计)mg/kg``."""
_MEASURED = re.compile(r"^(?:实测|检测|测定)(?:值|结果)\s{0,3}[:=]\s{0,3}")
_REMARK = re.compile(r"[;\s]{0,5}结果均(?:大于|小于|超过|不超过)[mM]$")
_UNCERTAINTY = re.compile(rf"\s{{0,5}}±\s{{0,5}}{PLAIN}")
_UNCERTAINTY_LAST = re.compile(rf"\s{{0,5}}±\s{{0,5}}{PLAIN}(?:\s{{0,3}}{PATTERN})?", re.IGNORECASE)
_PRESENCE = re.compile(r"(?P<no>未检出|未检|阴性|N\.?D\.?(?![A-Za-z]))|检出|阳性", re.IGNORECASE)
_DETECTION_LIMIT = re.compile(
    rf"\s{{0,5}}[(;]\s{{0,3}}(?:<|(?:方法)?(?:检出|定量)限[:=]?|LO[DQ][:=]?)\s{{0,5}}({PLAIN})\s?({PATTERN})\)?",
    re.IGNORECASE,
)
_MOST_READINGS = 100
_SEPARATORS = frozenset(" ;/")
_SIGNS = {"<": Kind.BELOW, ">": Kind.ABOVE}
_ROUND = re.compile(r"[测验]?(?:结果|值)?[:;\s]{0,3}")


@lru_cache(maxsize=2048)
def read_result(text: str) -> Result | Unreadable:
    """The readings of a printed result."""
    folded = fold(text).strip(";。 ")
    if folded in NOTHING:
        return Unreadable(JudgementReason.NO_RESULT, "no result is printed")
    if not folded.startswith("初检"):
        readings = _readings(folded)
        return readings if isinstance(readings, Unreadable) else Result(readings)
    first, repeat, second = folded.removeprefix("初检").partition("复检")
    initial, repeated = (_readings(_ROUND.sub("", part, count=1).strip("; ")) for part in (first, second))
    if isinstance(initial, Unreadable) or isinstance(repeated, Unreadable) or not repeat:
        return _LOST if _LOST in (initial, repeated) else _unreadable(folded)
    return Result(initial, repeated)


@lru_cache(maxsize=2048)
def read_quantity(text: str) -> Reading | None:
    """A single value with or without a unit, such as a limit of detection; none where the text is anything else."""
    result = read_result(text)
    if isinstance(result, Unreadable) or result.repeated or len(result.readings) != 1:
        return None
    return result.readings[0] if result.readings[0].kind is Kind.VALUE else None


def without_unit_apart(text: str) -> tuple[str, str]:
    """A folded text without the unit that is printed once at its end (``（单位：CFU/g）``), and the unit."""
    match = _UNIT_APART.search(text, max(0, len(text) - 40))
    if match is None:
        return text, ""
    return text[: match.start()], symbol(match[1] or match[2]) or ""


def without_basis(text: str) -> str:
    """A folded text without the basis (以…计) or the source that stands in brackets behind it and changes no figure."""
    if "(" not in text:
        return text
    inside = _BASIS_INSIDE.sub("", text)
    return _BASIS_LAST.sub("", _BASIS_LAST.sub("", inside))


def unit_at(text: str, start: int) -> tuple[str, int]:
    """The unit at a place of a folded text, empty where there is none, and where it ends."""
    match = _UNIT.match(text, start)
    return ("", start) if match is None else (symbol(match[1]) or "", match.end())


def _unreadable(text: str) -> Unreadable:
    return Unreadable(JudgementReason.RESULT_UNREADABLE, f"“{text[:60]}” is no result that can be read for certain")


def _readings(text: str) -> tuple[Reading, ...] | Unreadable:
    body, unit = without_unit_apart(without_basis(_MEASURED.sub("", text, count=1) if ":" in text else text))
    body = _REMARK.sub("", body)
    last = _LAST_UNIT.search(body, max(0, len(body) - 20))
    plain = settled(body, unit or (symbol(last[1]) or "" if last else ""))
    if plain is None:
        return _unreadable(text)
    readings: list[Reading] = []
    lost, apart, at = False, True, 0
    while at < len(plain):
        ordinal = _ORDINAL.match(plain, at)
        if not (apart or ordinal):
            return _unreadable(text)
        found = _reading_at(plain, ordinal.end() if ordinal else at)
        if found is None or len(readings) == _MOST_READINGS:
            return _unreadable(text)
        reading, end = found
        lost = lost or (reading.value is None and reading.kind is Kind.VALUE)
        readings.append(reading)
        at = end
        while plain[at : at + 1] in _SEPARATORS:
            at += 1
        apart = at > end
    return _LOST if lost else _of_one_unit(readings, unit) or _unreadable(text)


def _of_one_unit(readings: list[Reading], last: str) -> tuple[Reading, ...] | None:
    """A unit printed once, behind the last figure, is the unit of all; of two units none is everybody's."""
    units = {reading.unit for reading in readings} | {last}
    if len(units) == 1:
        return tuple(readings)
    if len(units - {""}) > 1:
        return None if "" in {reading.unit for reading in readings} else tuple(readings)
    unit = max(units)
    return tuple(reading if reading.unit else Reading(reading.kind, reading.value, unit) for reading in readings)


def _reading_at(text: str, start: int) -> tuple[Reading, int] | None:
    presence = _PRESENCE.match(text, start)
    if presence is not None:
        return _presence(text, presence)
    kind = _SIGNS.get(text[start : start + 1], Kind.VALUE)
    at = start if kind is Kind.VALUE else start + 1
    while text[at : at + 1] == " ":
        at += 1
    negative = text[at : at + 1] == "-"
    before = text[max(0, start - 8) : start].rstrip()[-1:]
    ranged = negative and before.isascii() and before.isalnum()  # “0.2 -0.3” may be a range
    figure = figure_at(text, at + negative)
    if figure is None or ranged:
        return None
    uncertainty = _UNCERTAINTY.match(text, figure.end)
    unit, end = unit_at(text, uncertainty.end() if uncertainty else figure.end)
    behind = _UNCERTAINTY_LAST.match(text, end) if unit and not uncertainty else None
    end = behind.end() if behind else end
    if figure.value is None:
        return Reading(Kind.VALUE, None, unit), end
    return Reading(kind, -figure.value if negative else figure.value, unit), end


def _presence(text: str, match: re.Match[str]) -> tuple[Reading, int]:
    kind = Kind.NOT_DETECTED if match["no"] else Kind.DETECTED
    bracket = _DETECTION_LIMIT.match(text, match.end()) if match["no"] else None
    if bracket is not None:
        return Reading(kind, Decimal(bracket[1]), symbol(bracket[2]) or ""), bracket.end()
    unit, end = unit_at(text, match.end())
    return Reading(kind, None, unit), end
