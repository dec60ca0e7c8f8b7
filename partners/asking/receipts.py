"""What became of each request of a file: in words, and as a table that a spreadsheet opens."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from partners.asking.memory import REFUSED, REPEATED, SUPERSEDED, UNSENT, WAITING, WITHDRAWN, Known
from partners.asking.spool import Fate
from shared.failure import CannotStartError

_SAYINGS = {
    "pass": "accepted: passes",
    "fail": "accepted: fails",
    "unclear": "accepted: unclear, a person at the authority decides",
    WAITING: "accepted: waits for its sampling form",
    REPEATED: "accepted before",
    WITHDRAWN: "withdrawn",
    SUPERSEDED: "superseded by a correction",
    "done": "done",
    REFUSED: "refused",
    UNSENT: "not sent",
    "": "no answer yet",
}
_COLUMNS = (
    "first_row",
    "last_row",
    "report_no",
    "sample_no",
    "state",
    "answer",
    "reason",
    "where",
    "what_to_do",
    "warnings",
)
_IN_AN_ITEM = re.compile(r"^data\.determinations\.(\d+)(?:\.(\w+))?$")
_IN_A_SAMPLE = re.compile(r"^data\.(\w+)$")

Place = Callable[[int, str], str]
"""Says where a field stands in a row of this number."""


def saying(state: str, *, was_sent: bool = True) -> str:
    """A state in words."""
    return _SAYINGS.get(state if state or was_sent else UNSENT, state)


def sentence(fate: Fate, place: Place) -> str:
    """What became of one report, in one line: ``rows 3-4, report R-1 on sample S-1: accepted: passes``."""
    about = f"{_rows(fate)}report {fate.known.report_no} on sample {fate.known.sample_no}"
    if fate.known.state == REFUSED:
        return f"{about}: refused ({fate.known.reason}), {where(fate, place)}: {fate.known.explanation}"
    return f"{about}: {saying(fate.known.state, was_sent=fate.was_sent)}"


def known_sentence(known: Known) -> str:
    """What became of one report that was sent earlier."""
    about = f"report {known.report_no or '(none)'} on sample {known.sample_no}"
    if known.state == REFUSED:
        return f"{about}: refused ({known.reason}), {known.place}: {known.explanation}"
    return f"{about}: {saying(known.state)}"


def where(fate: Fate, place: Place) -> str:
    """Where the exchange found a fault, as row and column of the file."""
    said = fate.known.place
    if fate.numbers and (match := _IN_AN_ITEM.match(said)):
        number = fate.numbers[min(int(match[1]), len(fate.numbers) - 1)]
        return place(number, match[2] or "analyte")
    if fate.numbers and (match := _IN_A_SAMPLE.match(said)):
        return place(fate.numbers[0], match[1])
    return said


def summary(states: Mapping[str, int]) -> str:
    """The counts in one line."""
    parts = [f"{count} {saying(state)}" for state, count in sorted(states.items(), key=lambda item: -item[1])]
    return "; ".join(parts) or "nothing"


def write(path: Path, fates: Iterable[Fate], place: Place) -> None:
    """Write what became of each request as CSV, with the mark by which a spreadsheet knows UTF-8."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(_COLUMNS)
            for fate in fates:
                known = fate.known
                answer = saying(known.state, was_sent=fate.was_sent)
                spot = where(fate, place) if known.place else ""
                row = (known.report_no, known.sample_no, known.state, answer, known.reason, spot, known.explanation)
                warnings = "; ".join(one["text"] for one in json.loads(known.warnings or "[]"))
                table.writerow((*(fate.numbers[:1] or ("",)), *(fate.numbers[-1:] or ("",)), *row, warnings))
    except OSError as error:
        message = f"The receipts cannot be written to {path} ({error.strerror}); name another file."
        raise CannotStartError(message) from error


def _rows(fate: Fate) -> str:
    if not fate.numbers:
        return ""
    kind = fate.name.partition(" ")[0]
    first, last = fate.numbers[0], fate.numbers[-1]
    return f"{kind} {first}, " if first == last else f"{kind}s {first}-{last}, "
