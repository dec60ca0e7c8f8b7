"""The operator's own file of thresholds of severe exceedance: the columns of ``data/severe_exceedance.csv``.

A province's number is law that this package does not know; who enters it names its source and whether it was checked.
A file with a fault is not used at all: each fault is one sentence that names its row.
"""

import csv
import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from services.enforcement.grounds.exceedance import Threshold
from shared.contracts import Hazard
from shared.failure import CannotStartError

COLUMNS = ("province", "hazard", "ratio", "in_force_from", "in_force_to", "citation", "verified", "note")
_NEEDED = frozenset(COLUMNS) - {"note"}
_PROVINCE = re.compile(r"[1-9][0-9]")
_Row = dict[str, str]


def read(path: Path, hazards: Collection[Hazard]) -> tuple[Threshold, ...]:
    """The thresholds of a file, for hazards that the law names.

    Raises:
        CannotStartError: The file or a row of it cannot be used; one sentence for each fault.
    """
    rows = _rows(path)
    faults = [f"{path}, row {number}: {fault}" for number, row in rows for fault in _faults(row, hazards)]
    keys = [(row["province"], row["hazard"], row["in_force_from"]) for _, row in rows]
    for position, (number, _) in enumerate(rows):
        if keys[position] in keys[:position]:
            first = rows[keys.index(keys[position])][0]
            faults.append(
                f"{path}, row {number}: province, hazard and first day are those of row {first}; keep one of the two."
            )
    if faults:
        raise CannotStartError("\n".join(faults))
    return tuple(Threshold.of(row) for _, row in rows)


def _rows(path: Path) -> list[tuple[int, _Row]]:
    """The rows with their numbers as a table program counts them, cells without outer spaces, empty rows left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        message = f"The thresholds in {path} cannot be read ({error.strerror}); set SHIAN_SEVERE_EXCEEDANCE_FILE anew."
        raise CannotStartError(message) from error
    except UnicodeDecodeError as error:
        message = f"The thresholds in {path} cannot be read: it is not in UTF-8; save it in that encoding."
        raise CannotStartError(message) from error
    except csv.Error as error:
        message = f"The thresholds in {path} cannot be read as CSV ({error}); save it as CSV with commas."
        raise CannotStartError(message) from error
    missing = sorted(_NEEDED - set(reader.fieldnames or ()))
    if missing:
        message = f"{path} lacks the columns {', '.join(missing)}; its first row names {', '.join(COLUMNS)}."
        raise CannotStartError(message)
    bare = [(number, {name: (row.get(name) or "").strip() for name in COLUMNS}) for number, row in rows]
    return [(number, row) for number, row in bare if any(row.values())]


def _faults(row: _Row, hazards: Collection[Hazard]) -> Iterator[str]:
    if not _PROVINCE.fullmatch(row["province"]):
        yield f"{row['province']!r} is no province; write the first two digits of its regions, such as 21 for Liaoning."
    if row["hazard"] and row["hazard"] not in hazards:
        named = ", ".join(sorted(hazards))
        yield f"the law names no hazard {row['hazard']!r} here; write one of {named}, or nothing for all of them."
    if (ratio := _ratio(row["ratio"])) is None or ratio <= 1:
        yield f"ratio {row['ratio']!r} is no number above 1; write how many times its limit a result must be."
    begin, end = _day(row["in_force_from"]), _day(row["in_force_to"])
    if begin is None:
        yield f"in_force_from {row['in_force_from']!r} is no day; write the first day as 2026-01-01."
    if row["in_force_to"] and end is None:
        yield f"in_force_to {row['in_force_to']!r} is no day; write the last day as 2026-12-31, or nothing."
    if begin and end and end < begin:
        yield f"the last day {end} lies before the first day {begin}; correct one of them."
    if not row["citation"]:
        yield "citation is empty; name the province's rule and its article."
    if row["verified"] not in {"yes", "no"}:
        yield f"verified is {row['verified']!r}; write yes if the number was checked against the rule's text, else no."


def _ratio(text: str) -> Decimal | None:
    try:
        ratio = Decimal(text)
    except InvalidOperation:
        return None
    return ratio if ratio.is_finite() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
