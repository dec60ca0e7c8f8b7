"""Judging a table of results without the exchange: one row in, one row out.

Tables come out of spreadsheets, so a byte order mark, Chinese Excel's GB18030 and dates such as 2019-1-25 are taken as
they are. A row that cannot be judged comes out as unclear with its reason and never stops the others. Rows are read and
written one at a time: the length of the table costs no memory.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, TextIO

from pydantic import ValidationError

from services.sampling import limits
from services.sampling.figures import fold, shown
from services.sampling.judgement import judge_determination
from services.sampling.limits import Catalogue
from services.sampling.notation import NOTHING
from shared.contracts.result import Determination
from shared.contracts.sample import Finding, JudgementReason, Verdict

COLUMNS = ("row_id", "product", "category", "production_date", "analyte", "result_raw", "limit_raw")
WRITTEN = ("row_id", "verdict", "reason", "limit_used", "limit_source", "ratio")
_DATE = re.compile(r"([12][0-9]{3})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?(?: 0{1,2}:00(?::00)?)?")
_LONGEST_LINE = 1_000_000


class UnreadableTableError(Exception):
    """The table as a whole cannot be judged; the message says what is wrong, where, and what to do."""


@dataclass(slots=True)
class Summary:
    """How many rows came out as what."""

    passed: int = 0
    failed: int = 0
    unclear: int = 0

    def count(self, verdict: str) -> None:
        """One more row."""
        if verdict == Verdict.PASS:
            self.passed += 1
        elif verdict == Verdict.FAIL:
            self.failed += 1
        else:
            self.unclear += 1

    def sentence(self) -> str:
        """The counts, for people."""
        rows = self.passed + self.failed + self.unclear
        return f"{rows} rows judged: {self.passed} pass, {self.failed} fail, {self.unclear} are unclear."


def judge_csv(lines: Iterable[str], out: TextIO, catalogue: Catalogue | None = None) -> Summary:
    """Judges a CSV table with the columns of ``COLUMNS``, in any order and beside others, and writes ``WRITTEN``.

    Raises ``UnreadableTableError`` where columns are missing.
    """
    known = limits.load() if catalogue is None else catalogue
    reader = csv.reader(lines)
    places = _places(_header(reader))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(WRITTEN)
    summary = Summary()
    for cells in _rows(reader):
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        written = (
            _judged(row, known) if cells else _unclear(f"line {reader.line_num}", JudgementReason.RESULT_UNREADABLE)
        )
        writer.writerow(written)
        summary.count(written[1])
    return summary


def text_lines(table: BinaryIO) -> Iterator[str]:
    """The lines of a file in UTF-8, or in GB18030 where most of its Chinese lines are no UTF-8; the file is read twice.

    A byte that is wrong in the encoding becomes a replacement character, which no grammar reads.
    """
    encoding = _encoding(table)
    table.seek(0)
    for number, line in enumerate(iter(lambda: table.readline(_LONGEST_LINE), b"")):
        text = line.decode(encoding, errors="replace")
        yield text.removeprefix("\ufeff") if number == 0 else text


def _encoding(table: BinaryIO) -> str:
    good = bad = 0
    for line in iter(lambda: table.readline(_LONGEST_LINE), b""):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return "gb18030" if bad > good else "utf-8"


def _header(lines: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip().removeprefix("\ufeff") for name in next(lines, [])]
    except csv.Error as error:
        message = f"The first line is no CSV header ({error}): export the table as CSV with one line of column names."
        raise UnreadableTableError(message) from error


def _places(header: list[str]) -> dict[str, int]:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        message = (
            f"The first line of the table lacks the columns {', '.join(missing)}: "
            f"name the columns {', '.join(COLUMNS)} there, in any order and separated by commas."
        )
        raise UnreadableTableError(message)
    return {name: header.index(name) for name in COLUMNS}


def _rows(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows with something in them; an empty list for a row that is no CSV."""
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield []
            continue
        if any(cell.strip() for cell in cells):
            yield cells


def _judged(row: dict[str, str], catalogue: Catalogue) -> tuple[str, ...]:
    try:
        made_on = _day(row["production_date"])
    except ValueError:
        return _unclear(row["row_id"], JudgementReason.DATE_UNREADABLE)
    try:
        determination = Determination(analyte=row["analyte"], result=row["result_raw"], limit=row["limit_raw"])
    except ValidationError as error:
        wrong_limit = error.errors()[0]["loc"] == ("limit",)
        reason = JudgementReason.LIMIT_UNREADABLE if wrong_limit else JudgementReason.RESULT_UNREADABLE
        return _unclear(row["row_id"], reason)
    finding = judge_determination(
        determination,
        product=row["product"],
        category=row["category"],
        subcategory="",
        made_on=made_on,
        catalogue=catalogue,
    )
    return _written(row["row_id"], finding)


def _day(text: str) -> date | None:
    """A production date; none where the cell is empty or struck out, ``ValueError`` where it is no day."""
    folded = fold(text)
    if folded in NOTHING:
        return None
    match = _DATE.fullmatch(folded)
    if match is None:
        return date.fromisoformat(folded)
    return date(int(match[1]), int(match[2]), int(match[3]))


def _written(row_id: str, finding: Finding) -> tuple[str, ...]:
    ratio = "" if finding.ratio is None else shown(finding.ratio)
    return row_id, finding.verdict.value, finding.reason.value, finding.limit_used, finding.limit_source.value, ratio


def _unclear(row_id: str, reason: JudgementReason) -> tuple[str, ...]:
    return row_id, Verdict.UNCLEAR.value, reason.value, "", "none", ""
