"""What stands in a cell, as the field of an event takes it.

People write 2026/11/3, 2026年11月3日 or 20261103 for a day, 、 between ids, 是 for yes and / for nothing; a spreadsheet
makes numbers of figures, and days of what looks like one. What is understood is put in the contract's form; the rest is
left as it is, for the contract to complain of. A cell that the spreadsheet has spoilt is refused, never guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from openpyxl.utils.datetime import from_excel
from pydantic import AwareDatetime, BaseModel

from partners.tables.faults import Fault
from partners.tables.words import words
from shared.workdays import CHINA

NOTHING = frozenset(("", "/", "-", "--", "—", "——", "无"))
"""What people write into a field that does not apply."""
_YES_NO = {"是": True, "否": False, "yes": True, "no": False}
_FIGURES_OF_A_SPREADSHEET = 10**15
"""A spreadsheet keeps fifteen figures of a number and makes the others 0."""
_SERIAL_DAYS = range(30_000, 80_000)
"""The days of 1982 to 2119 as a spreadsheet counts them."""
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?(.*))?$")
_DAY_IN_FIGURES = re.compile(r"^(20\d{2})(\d{2})(\d{2})$")
_TIME = re.compile(r"^(\d{1,2})[:时](\d{1,2})分?(?::(\d{1,2})秒?)?$")
_BETWEEN = re.compile(r"[、,;/\s]+")
_REGION = re.compile(r"^(\d{2})(\d{2})(\d{2})$")
_LENGTH = re.compile(r"^(\d{1,5})(天|日|个月|月|年)$")


class SpoiltError(ValueError):
    """A cell whose content a spreadsheet changed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A cell that does not hold what it shows, and what to say of it."""

    text: str


def is_empty(cell: Any) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def values_of(
    event: type[BaseModel], cells: Mapping[str, Any], place: Callable[[str], str]
) -> tuple[dict[str, Any], list[Fault]]:
    """A row's fields as the event takes them, and what is spoilt; ``place`` says where each field stands.

    A field that holds nothing is left out.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for field, cell in cells.items():
        try:
            value = value_of(event, field, cell)
        except SpoiltError as error:
            faults.append(Fault(place(field), str(error)))
            continue
        if value is not None:
            values[field] = value
    days = days_of_shelf_life(values.get("shelf_life_days"), values.get("production_date"))
    if days is not None:
        values["shelf_life_days"] = days
    return values, faults


def value_of(event: type[BaseModel], field: str, cell: Any) -> Any:
    """One cell as the event's field takes it; none where it says that there is nothing. Raises SpoiltError."""
    if cell is None or (isinstance(cell, str) and cell.strip() in NOTHING):
        return None
    if isinstance(cell, Spoilt):
        raise SpoiltError(cell.text)
    kind = _kinds(event)[field]
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else cell
    if isinstance(text, str) and (word := words().get(field, {}).get(text)):
        return word
    if kind is tuple and isinstance(text, str):
        return [part for part in _BETWEEN.split(text) if part]
    if field.endswith("region") and isinstance(text, str | int):
        return _REGION.sub(r"\1.\2.\3", str(text))
    return {bool: _yes_or_no, datetime: _instant, date: _day, Decimal: _number, int: _number}.get(kind, _text)(
        text if kind is not str else cell
    )


def days_of_shelf_life(said: Any, produced: Any) -> int | None:
    """A shelf life in days: 180天 as it stands, 12个月 or 1年 counted from the day of production; else none."""
    match = _LENGTH.match(said) if isinstance(said, str) else None
    if match is None:
        return None
    amount, unit = int(match[1]), match[2]
    if unit in "天日":
        return amount
    if not isinstance(produced, date):
        return None
    months = produced.month - 1 + amount * (12 if unit == "年" else 1)
    year, month = produced.year + months // 12, months % 12 + 1
    for day in range(produced.day, 0, -1):  # a month may lack the 31st
        try:
            return (date(year, month, day) - produced).days
        except ValueError:
            continue
    return None


def _yes_or_no(cell: Any) -> Any:
    return _YES_NO.get(cell.lower(), cell) if isinstance(cell, str) else cell


def _text(cell: Any) -> Any:
    if isinstance(cell, datetime | date | time):
        message = "the spreadsheet made a day of what stands here; make the column text and write it again."
        raise SpoiltError(message)
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        if abs(cell) >= _FIGURES_OF_A_SPREADSHEET:
            message = "the spreadsheet keeps 15 figures of a number and lost the others; make the column text."
            raise SpoiltError(message)
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return cell.strip() if isinstance(cell, str) else cell


def _number(cell: Any) -> Any:
    if isinstance(cell, datetime | date | time):
        message = "the spreadsheet made a day of a number; make the column text and write it again."
        raise SpoiltError(message)
    if isinstance(cell, float):
        return int(cell) if cell == int(cell) else Decimal(repr(cell))
    return cell


def _day(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int | float) and int(cell) in _SERIAL_DAYS:
        return _from_serial(cell).date()
    text = str(cell)
    match = _DAY_IN_FIGURES.match(text) or _DAY.match(text)
    if match is None or (match.re is _DAY and match[4]):
        return cell
    return _or(cell, lambda: date(int(match[1]), int(match[2]), int(match[3])))


def _instant(cell: Any) -> Any:
    """A point in time; one without an offset is in China's only zone."""
    if isinstance(cell, int | float) and int(cell) in _SERIAL_DAYS:
        cell = _from_serial(cell)
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=CHINA)
    match = _DAY.match(cell) if isinstance(cell, str) else None
    clock = _TIME.match(match[4].strip()) if match and match[4] else None
    if match and clock:
        numbers = (match[1], match[2], match[3], clock[1], clock[2], clock[3] or 0)
        return _or(cell, lambda: datetime(*map(int, numbers), tzinfo=CHINA))  # type: ignore[arg-type, misc]
    if match and not match[4]:
        message = "the time of day is missing; write it as 2026-11-24 09:30."
        raise SpoiltError(message)
    try:
        moment = datetime.fromisoformat(cell)
    except (ValueError, TypeError):
        return cell
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _from_serial(cell: float) -> datetime:
    moment = from_excel(cell)
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _or(cell: Any, make: Any) -> Any:
    """What is made, or the cell as it is where there is no such day."""
    try:
        return make()
    except ValueError:
        return cell


@cache
def _kinds(event: type[BaseModel]) -> dict[str, type]:
    """What each field of an event holds: the first of these that its annotation names, else text."""
    kinds: dict[Any, type] = {bool: bool, AwareDatetime: datetime, date: date, Decimal: Decimal, int: int, tuple: tuple}
    return {
        name: next((kind for named, kind in kinds.items() if named in _within(field.annotation)), str)
        for name, field in event.model_fields.items()
    }


def _within(annotation: Any) -> list[Any]:
    origin = getattr(annotation, "__origin__", annotation)
    return [origin, *(one for part in get_args(annotation) for one in _within(part))]
