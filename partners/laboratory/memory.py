"""What a laboratory sent from this machine and what was answered: an SQLite file beside its keys.

Each report is known by the id of its event. The time of the event is kept before it goes out, so that the same report
goes out again with the same bytes; an answer is kept before the bus is told that it was read, since the bus hands it
out once only. Several commands of one laboratory may run at the same time.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shared.contracts import (
    Event,
    ReinspectionAssigned,
    RejectionReason,
    RequestAccepted,
    RequestRefused,
    ResultRejected,
    ResultsAccepted,
)
from shared.failure import CannotStartError

REFUSED = "refused"
REPEATED = "repeated"
WAITING = "waiting"
UNSENT = "unsent"

_TABLES = """
CREATE TABLE IF NOT EXISTS report (
  event_id TEXT PRIMARY KEY, report_no TEXT NOT NULL DEFAULT '', sample_no TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL DEFAULT '', stored TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '', explanation TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS report_by_number ON report (report_no);
CREATE TABLE IF NOT EXISTS told (sentence TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
"""
_ANSWERED = """
INSERT INTO report (event_id, report_no, sample_no, state, reason, place, explanation) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (event_id) DO UPDATE SET
  state = excluded.state, reason = excluded.reason, place = excluded.place, explanation = excluded.explanation
WHERE excluded.state != 'waiting' OR report.state = ''
"""
"""A receipt that comes again late, to say that a report waits, does not undo its verdict."""
_OPEN = """
FROM report WHERE state IN ('', 'refused') AND NOT EXISTS (
  SELECT 1 FROM report later WHERE later.report_no = report.report_no AND later.report_no != ''
  AND later.event_id != report.event_id AND later.state NOT IN ('', 'refused'))
"""
"""What nobody has answered, or what was refused and not taken in another form since."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one report."""

    report_no: str
    sample_no: str
    state: str
    reason: str
    place: str
    explanation: str


class Memory:
    """One laboratory's file."""

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
            message = f"What was sent cannot be kept in {path} ({error}); make the folder writable, or mend the file."
            raise CannotStartError(message) from error

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    @contextmanager
    def all_or_nothing(self) -> Iterator[sqlite3.Connection]:
        """What is written within is kept together."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def times_of(self, reports: Sequence[tuple[str, str, str]], now: datetime) -> dict[str, datetime]:
        """The time of each event, as it went out the first time, or now; given as event id, report and sample."""
        rows = [(event_id, report_no, sample_no, now.isoformat()) for event_id, report_no, sample_no in reports]
        ids = [event_id for event_id, _, _ in reports]
        marks = ", ".join("?" * len(ids))
        with self.all_or_nothing() as connection:
            connection.executemany(
                "INSERT INTO report (event_id, report_no, sample_no, at) VALUES (?, ?, ?, ?) ON CONFLICT (event_id)"
                " DO UPDATE SET at = excluded.at WHERE report.at = ''",
                rows,
            )
            found = connection.execute(f"SELECT event_id, at FROM report WHERE event_id IN ({marks})", ids)  # noqa: S608
            return {event_id: datetime.fromisoformat(at) for event_id, at in found}

    def keep_stored(self, event_ids: Iterable[str]) -> None:
        """Remember that the bus has these."""
        now = datetime.now(UTC).isoformat()
        with self.all_or_nothing() as connection:
            connection.executemany("UPDATE report SET stored = ? WHERE event_id = ?", [(now, id_) for id_ in event_ids])

    def keep_answers(self, answers: Iterable[Event]) -> None:
        """Remember what the exchange said."""
        now = datetime.now(UTC).isoformat()
        with self.all_or_nothing() as connection:
            for answer in answers:
                connection.executemany(_ANSWERED, _rows(answer))
                if isinstance(answer, ReinspectionAssigned):
                    row = (answer.sentence(), now)
                    connection.execute("INSERT INTO told VALUES (?, ?) ON CONFLICT DO NOTHING", row)

    def state_of(self, event_id: str) -> str | None:
        """The state of one report; none where it is not known here."""
        row = self.connection.execute("SELECT state FROM report WHERE event_id = ?", (event_id,)).fetchone()
        return None if row is None else str(row[0])

    def counts(self) -> dict[str, int]:
        """How many reports are in each state; those without an answer under the empty one."""
        return dict(self.connection.execute("SELECT state, count(*) FROM report GROUP BY state ORDER BY state"))

    def still_open(self, most: int) -> tuple[int, list[Known]]:
        """How many reports are without an answer or refused, and the first of them."""
        (count,) = self.connection.execute(f"SELECT count(*) {_OPEN}").fetchone()
        columns = ", ".join(Known.__slots__)
        rows = self.connection.execute(f"SELECT {columns} {_OPEN} ORDER BY at, report_no LIMIT ?", (most,))
        return count, [Known(*row) for row in rows]

    def assignments(self) -> list[str]:
        """The re-inspections that the laboratory was drawn for."""
        return [sentence for (sentence,) in self.connection.execute("SELECT sentence FROM told ORDER BY at")]


def _rows(answer: Event) -> list[tuple[str, ...]]:
    """The rows that an answer puts: event id, report, sample, state, and why."""
    match answer:
        case ResultsAccepted():
            return [(one.event_id, one.report_no, one.sample_no, one.verdict, "", "", "") for one in answer.receipts]
        case ResultRejected():
            state = REPEATED if answer.reason is RejectionReason.REPEATED else REFUSED
            numbers = answer.report_no, answer.sample_no
            return [(answer.event_id, *numbers, state, answer.reason.value, answer.where, answer.explanation)]
        case RequestRefused():
            return [(answer.event_id, "", answer.number, REFUSED, answer.reason, answer.where, answer.explanation)]
        case RequestAccepted():
            return [(answer.event_id, "", answer.number, "done", "", "", answer.text)]
    return []
