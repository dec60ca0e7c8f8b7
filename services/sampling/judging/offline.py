"""Judging a table of results without the exchange: one row in, one row out.

Tables come out of spreadsheets, so a byte order mark, Chinese Excel's GB18030 and dates such as 2019-1-25 are taken as
they are. A row that cannot be judged comes out as unclear with its reason and never stops the others. Rows that follow
each other with the same ``sample_no`` are of one sample and are judged together, as the determinations of a report are.
Samples are read and written one at a time: the length of the table costs no memory.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, TextIO

from pydantic import ValidationError

from services.sampling.judging import limits
from services.sampling.judging.days import read_day
from services.sampling.judging.figures import shown
from services.sampling.judging.judgement import judge_determinations
from services.sampling.judging.limits import Catalogue
from services.sampling.judging.measured import Sample
from shared.contracts.result import Determination
from shared.contracts.sample import Finding, JudgementReason, Verdict

COLUMNS = ("row_id", "product", "category", "production_date", "analyte", "result_raw", "limit_raw")
OPTIONAL = (
    "sample_no", "subcategory", "lod", "loq", "method", "kind", "basis", "declared", "concluded_on", "publish_date",
)  # fmt: skip
"""Columns that are read where the table has them; the law of the first of the two days is asked where no other is."""
WRITTEN = ("row_id", "verdict", "reason", "limit_used", "limit_source", "ratio", "legal_class", "explanation")
_LONGEST_LINE = 1_000_000
_MOST_DETERMINATIONS = 200
_WHY = {
    JudgementReason.DATE_UNREADABLE: "The production date is no day; write it as 2026-01-31 or leave it empty.",
    JudgementReason.LIMIT_UNREADABLE: "The limit is too long to be one.",
    JudgementReason.RESULT_UNREADABLE: "The row is no determination: an analyte or a result is missing or too long.",
}


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
    for rows in _samples(_cells(reader, places)):
        for written in _judged(rows, known):
            writer.writerow(written)
            summary.count(written[1])
    return summary


def _cells(reader: Any, places: dict[str, int]) -> Iterator[dict[str, str]]:
    """Each row by column; one that is no CSV has nothing but the number of its line."""
    for cells in _rows(reader):
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        yield row if cells else {"row_id": f"line {reader.line_num}"}


def _samples(rows: Iterable[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Rows that follow each other and are of one sample; a row without the number of its sample stands alone."""
    together: list[dict[str, str]] = []
    for row in rows:
        if together and (_sample_of(row) != _sample_of(together[0]) or len(together) == _MOST_DETERMINATIONS):
            yield together
            together = []
        if row.get("sample_no"):
            together.append(row)
        else:
            yield [row]
    if together:
        yield together


def _sample_of(row: dict[str, str]) -> list[str | None]:
    return [row.get(name) for name in ("sample_no", "product", "category", "subcategory", "production_date")]


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
    return {name: header.index(name) for name in COLUMNS + OPTIONAL if name in header}


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


def _judged(rows: list[dict[str, str]], catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """What the rows of one sample come out as, in their order."""
    determinations = [_determination(row) for row in rows]
    readable = [determination for determination in determinations if isinstance(determination, Determination)]
    findings = iter(judge_determinations(readable, _sample(rows[0]), catalogue)) if readable else iter(())
    for row, determination in zip(rows, determinations, strict=True):
        if isinstance(determination, JudgementReason):
            yield _unclear(row["row_id"], determination)
        else:
            yield _written(row["row_id"], next(findings))


def _sample(row: dict[str, str]) -> Sample:
    made_on = read_day(row["production_date"])
    concluded_on = _day_of_law(row.get("concluded_on", "")) or _day_of_law(row.get("publish_date", ""))
    return Sample(row["product"], row["category"], row.get("subcategory", ""), made_on, concluded_on)


def _day_of_law(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


def _determination(row: dict[str, str]) -> Determination | JudgementReason:
    """The determination of a row, or why it cannot even be taken."""
    if "result_raw" not in row:
        return JudgementReason.RESULT_UNREADABLE
    try:
        read_day(row["production_date"])
    except ValueError:
        return JudgementReason.DATE_UNREADABLE
    more = {name: row.get(name, "") for name in ("lod", "loq", "method", "kind", "basis", "declared")}
    facts = {"analyte": row["analyte"], "result": row["result_raw"], "limit": row["limit_raw"]} | more
    try:
        return Determination.model_validate(facts)
    except ValidationError as error:
        wrong_limit = error.errors()[0]["loc"] == ("limit",)
        return JudgementReason.LIMIT_UNREADABLE if wrong_limit else JudgementReason.RESULT_UNREADABLE


def _written(row_id: str, finding: Finding) -> tuple[str, ...]:
    ratio = "" if finding.ratio is None else shown(finding.ratio)
    return (
        row_id,
        finding.verdict.value,
        finding.reason.value,
        finding.limit_used,
        finding.limit_source.value,
        ratio,
        finding.legal_class.value if finding.legal_class else "",
        finding.explanation,
    )


def _unclear(row_id: str, reason: JudgementReason) -> tuple[str, ...]:
    return row_id, Verdict.UNCLEAR.value, reason.value, "", "none", "", "", _WHY[reason]
