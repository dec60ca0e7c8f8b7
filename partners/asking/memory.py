"""What was asked from this machine as one person and what was answered: an SQLite file beside the keys.

Each request is known by the id of its event. Its time is kept before it goes out, and so are the fields that were
filled in for the person, so that the same request goes out again with the same bytes; an answer is kept before the bus
is told that it was read, since the bus hands it out once only. Several commands of one person may run at the same time,
and each finds what another one read.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from partners.files import all_or_nothing
from shared.contracts import (
    Event,
    ReinspectionAssigned,
    ReinspectionRecalled,
    ReinspectionReported,
    RejectionReason,
    RequestAccepted,
    RequestRefused,
    ResultRejected,
    ResultReported,
    ResultsAccepted,
)
from shared.failure import CannotStartError

REFUSED = "refused"
REPEATED = "repeated"
WAITING = "waiting"
UNSENT = "unsent"
DONE = "done"
WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"

_TABLES = """
CREATE TABLE IF NOT EXISTS asked (
  event_id TEXT PRIMARY KEY, type TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '',
  report_no TEXT NOT NULL DEFAULT '', sample_no TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL DEFAULT '', stored TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '', explanation TEXT NOT NULL DEFAULT '',
  warnings TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS asked_by_number ON asked (report_no);
CREATE TABLE IF NOT EXISTS drawn (
  reinspection_no TEXT PRIMARY KEY, sentence TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
"""
_ANSWERED = """
INSERT INTO asked (event_id, type, report_no, sample_no, state, reason, place, explanation, warnings)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id) DO UPDATE SET
  state = excluded.state, reason = excluded.reason, place = excluded.place, explanation = excluded.explanation,
  warnings = excluded.warnings
WHERE asked.state = '' OR (excluded.state != 'waiting' AND asked.state NOT IN ('withdrawn', 'superseded'))
"""
"""A receipt that comes again late does not undo a verdict, nor what became of it."""
_ENDED = """
UPDATE asked SET state = ? WHERE report_no = ? AND event_id != ? AND state IN ('pass', 'fail', 'unclear', 'waiting')
"""
_REPORTS = "type LIKE 'lab.result.%'"
_OPEN = f"""
FROM asked WHERE {_REPORTS} AND state IN ('', 'refused') AND NOT EXISTS (
  SELECT 1 FROM asked later WHERE later.report_no = asked.report_no AND later.report_no != ''
  AND later.event_id != asked.event_id AND later.state NOT IN ('', 'refused'))
"""  # noqa: S608 - nothing of it comes from outside
"""The reports that nobody has answered, or that were refused and not taken in another form since."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one request."""

    report_no: str
    sample_no: str
    state: str
    reason: str
    place: str
    explanation: str
    warnings: str = ""
    """As the receipt had them, in JSON."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes out; ``content`` is kept where it does not follow from what is asked."""

    event_id: str
    type: str
    report_no: str = ""
    sample_no: str = ""
    content: str = ""


class Memory:
    """One person's file."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none; raises CannotStartError."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            message = f"What is asked cannot be kept in {path} ({error}); make the folder writable, or mend the file."
            raise CannotStartError(message) from error

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    def times_of(self, requests: Sequence[Sent], now: datetime) -> dict[str, datetime]:
        """The time of each event, as it went out the first time, or now; kept with the request."""
        rows = [
            (one.event_id, one.type, one.content, one.report_no, one.sample_no, now.isoformat()) for one in requests
        ]
        ids = [one.event_id for one in requests]
        marks = ", ".join("?" * len(ids))
        with all_or_nothing(self.connection) as connection:
            connection.executemany(
                "INSERT INTO asked (event_id, type, content, report_no, sample_no, at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (event_id) DO UPDATE SET at = excluded.at, content = excluded.content, type ="
                " excluded.type WHERE asked.at = ''",
                rows,
            )
            found = connection.execute(f"SELECT event_id, at FROM asked WHERE event_id IN ({marks})", ids)  # noqa: S608
            return {event_id: datetime.fromisoformat(at) for event_id, at in found}

    def keep_stored(self, event_ids: Iterable[str]) -> None:
        """Remember that the bus has these."""
        now = datetime.now(UTC).isoformat()
        with all_or_nothing(self.connection) as connection:
            connection.executemany("UPDATE asked SET stored = ? WHERE event_id = ?", [(now, id_) for id_ in event_ids])

    def keep_answers(self, answers: Iterable[Event]) -> None:
        """Remember what the exchange said."""
        now = datetime.now(UTC).isoformat()
        with all_or_nothing(self.connection) as connection:
            for answer in answers:
                connection.executemany(_ANSWERED, _rows(answer))
                match answer:
                    case ReinspectionAssigned() | ReinspectionRecalled():
                        row = (answer.reinspection_no, answer.sentence(), now)
                        connection.execute("INSERT OR REPLACE INTO drawn VALUES (?, ?, ?)", row)
                    case RequestAccepted(request=ReinspectionReported.TYPE):
                        connection.execute("DELETE FROM drawn WHERE reinspection_no = ?", (answer.number,))
                    case ResultsAccepted():
                        connection.executemany(_ENDED, _ended(answer))

    def knows(self, answer: Event) -> bool:
        """Whether an answer is about something that was asked from this machine, and nothing else."""
        ids = [event_id for event_id, *_ in _rows(answer)]
        return bool(ids) and all(self.state_of(event_id) is not None for event_id in ids)

    def state_of(self, event_id: str) -> str | None:
        """The state of one request; none where it is not known here."""
        row = self.connection.execute("SELECT state FROM asked WHERE event_id = ?", (event_id,)).fetchone()
        return None if row is None else str(row[0])

    def first_of(self, event_id: str) -> tuple[str, str]:
        """When a request went out first, and with which content where that was kept; empty where it never did."""
        row = self.connection.execute("SELECT at, content FROM asked WHERE event_id = ?", (event_id,)).fetchone()
        return (str(row[0]), str(row[1])) if row else ("", "")

    def counts(self) -> dict[str, int]:
        """How many reports are in each state; those without an answer under the empty one."""
        statement = f"SELECT state, count(*) FROM asked WHERE {_REPORTS} GROUP BY state ORDER BY state"  # noqa: S608
        return dict(self.connection.execute(statement))

    def still_open(self, most: int) -> tuple[int, list[Known]]:
        """How many reports are without an answer or refused, and the first of them."""
        (count,) = self.connection.execute(f"SELECT count(*) {_OPEN}").fetchone()
        columns = ", ".join(Known.__slots__)
        rows = self.connection.execute(f"SELECT {columns} {_OPEN} ORDER BY at, report_no LIMIT ?", (most,))
        return count, [Known(*row) for row in rows]

    def assignments(self) -> list[str]:
        """What a laboratory was told of re-inspections that it has not concluded: who was drawn, or called off."""
        return [sentence for (sentence,) in self.connection.execute("SELECT sentence FROM drawn ORDER BY at")]


def _ended(answer: ResultsAccepted) -> list[tuple[str, str, str]]:
    """The reports that no longer stand, as a receipt says it: their state, number, and which event to leave alone."""
    withdrawn = [(WITHDRAWN, one.report_no, one.event_id) for one in answer.receipts if one.verdict == WITHDRAWN]
    superseded = [
        (SUPERSEDED, one.supersedes, one.event_id)
        for one in answer.receipts
        if one.supersedes and one.verdict != WAITING
    ]
    return withdrawn + superseded


def _rows(answer: Event) -> list[tuple[str, ...]]:
    """The rows that an answer puts: event id, type, report, sample, state, and why."""
    report = ResultReported.TYPE  # of which kind is known where it was sent from here
    match answer:
        case ResultsAccepted():
            return [
                (one.event_id, report, one.report_no, one.sample_no, one.verdict, "", "", "", "")
                for one in answer.receipts
            ]
        case ResultRejected():
            state = REPEATED if answer.reason is RejectionReason.REPEATED else REFUSED
            why = answer.reason.value, answer.where, answer.explanation
            return [(answer.event_id, report, answer.report_no, answer.sample_no, state, *why, "")]
        case RequestRefused():
            why = answer.reason.value, answer.where, answer.explanation
            return [(answer.event_id, answer.request, "", answer.number, REFUSED, *why, "")]
        case RequestAccepted():
            warnings = json.dumps([one.model_dump(mode="json") for one in answer.warnings], ensure_ascii=False)
            return [(answer.event_id, answer.request, "", answer.number, DONE, "", "", answer.text, warnings)]
    return []
