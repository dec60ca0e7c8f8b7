"""One cell of a laboratory's table as a report carries it.

Result and limit stand exactly as printed, with every space; a number is written as the shortest decimal. What a
spreadsheet has spoilt is refused, never guessed: a day where figures were typed, a number whose last figures are lost.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from partners.laboratory.columns import DAY_OR_BATCH, IN_ONE_CELL
from partners.tables.cells import NOTHING, Spoilt, SpoiltError, value_of
from shared.contracts import Determination, ResultReported

_FIGURES_KEPT = 15
_AS_PRINTED = frozenset(("result", "limit"))
_PRINTED_OR_NOTHING = frozenset(("lod", "loq", "method", "basis", "declared"))
_SERIAL = re.compile(r"^[3-7]\d{4}$")
_SHORTENED = re.compile(r"^\d(?:\.\d+)?[Ee]\+\d{2,3}$")
_DAY_IN_WORDS = re.compile(r"^(?:(?:生产|加工)日期\s*[:：]?)?\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)$")
_ONLY_A_DAY = re.compile(
    r"^\s*(?:\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}([-/])\d{1,2}\1\d{1,2}"
    r"|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2})\s*$"
)
_MADE_A_DAY = "the spreadsheet made a day of what stands here; make the column text and write it again."
_LOST_FIGURES = (
    "the spreadsheet keeps 15 figures of a number and lost the others; make the column text, write it again."
)


def printed(cell: Any) -> str:
    """A cell as it is printed; raises SpoiltError where that is lost."""
    if cell is None:
        return ""
    if isinstance(cell, Spoilt):
        raise SpoiltError(cell.text)
    if isinstance(cell, str):
        if _ONLY_A_DAY.match(cell):
            raise SpoiltError(_MADE_A_DAY)
        return cell
    if isinstance(cell, bool):
        message = "is true or false, and not what was printed; make the column text and write it again."
        raise SpoiltError(message)
    if isinstance(cell, int | float):
        return _shortest(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        raise SpoiltError(_MADE_A_DAY)
    message = "is no text; write it in quotation marks."
    raise SpoiltError(message)


def sample_value(field: str, cell: Any) -> Any:
    """A cell of a sample's own columns as the report takes it; none where there is nothing. Raises SpoiltError."""
    if isinstance(cell, str) and _SHORTENED.match(cell.strip()):
        raise SpoiltError(_LOST_FIGURES)
    if field == DAY_OR_BATCH:
        return _day_of_production(cell)
    if field.endswith(("_date", "_on")) and isinstance(cell, str) and _SERIAL.match(cell.strip()):
        cell = int(cell)  # a day as a spreadsheet counts it
    return value_of(ResultReported, field, cell)


def determination_values(cells: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What a row says of one item, or of several in one cell; and what is spoilt, by field."""
    values: dict[str, Any] = {}
    spoilt: dict[str, str] = {}
    for field, cell in cells.items():
        try:
            value = _determination_value(field, cell)
        except SpoiltError as error:
            spoilt[field] = str(error)
            continue
        if value is not None:
            values[field] = value
    if IN_ONE_CELL not in cells:
        return [values], spoilt
    items = values.pop(IN_ONE_CELL, [])
    return [{**values, **item} for item in items] or [values], spoilt


def _determination_value(field: str, cell: Any) -> Any:
    if field in _AS_PRINTED:
        return printed(cell)
    if field == IN_ONE_CELL:
        return _items(printed(cell))
    if field in _PRINTED_OR_NOTHING:
        text = printed(cell)
        return "" if text.strip() in NOTHING else text
    return value_of(Determination, field, cell)


def _items(text: str) -> list[dict[str, str]]:
    """Item, result and limit, one line for each item."""
    items = []
    for line in filter(str.strip, text.splitlines()):
        parts = [part.strip() for part in line.replace("||", "‖").split("‖")]
        if len(parts) != 3:  # noqa: PLR2004 - item, result, limit
            message = f"'{line}' is not item‖result‖limit; write the three with ‖ between them."
            raise SpoiltError(message)
        items.append(dict(zip(("analyte", "result", "limit"), parts, strict=True)))
    return items


def _shortest(number: float) -> str:
    if isinstance(number, int) or number.is_integer():
        if abs(number) >= 10**_FIGURES_KEPT:
            raise SpoiltError(_LOST_FIGURES)
        return str(int(number))
    exact = Decimal(repr(number))
    if len(exact.as_tuple().digits) > _FIGURES_KEPT:
        message = f"{number!r} was computed or has lost figures; make the column text and write what was printed."
        raise SpoiltError(message)
    return format(exact, "f")


def _day_of_production(cell: Any) -> Any:
    """The day of production where that is what stands here; a batch number or another day is none."""
    if isinstance(cell, str):
        match = _DAY_IN_WORDS.match(cell.strip())
        cell = "".join(match[1].split()) if match else cell.strip()
        cell = int(cell) if _SERIAL.match(cell) else cell
    day = value_of(ResultReported, "production_date", cell)
    return day if isinstance(day, date) else None
