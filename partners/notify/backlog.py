"""What waits for each recipient: an SQLite file beside the officer's keys.

An event is kept here for everybody who wants it before the bus is told that it was heard, and stays until its recipient
took it or refused it. So a recipient that is away keeps nobody else waiting; what waits for it costs disk, no memory,
and outlives this program.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from partners.files import all_or_nothing
from shared.failure import CannotStartError

_TABLES = """
CREATE TABLE IF NOT EXISTS waiting (
  n INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, subject TEXT NOT NULL, payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS waiting_by_recipient ON waiting (recipient, n);
CREATE TABLE IF NOT EXISTS heard (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""``heard`` holds what is kept and not acknowledged yet: the bus may hand it out once more."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event that waits for one recipient."""

    number: int
    subject: str
    payload: bytes


class Backlog:
    """One officer's file; a second program that opens it is turned away."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none; raises CannotStartError."""
        self._path = path
        with self._kept():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=1, isolation_level=None)
            for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.executescript(f"BEGIN EXCLUSIVE; {_TABLES} COMMIT;")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self, key: str, subject: str, payload: bytes, recipients: Iterable[str]) -> None:
        """Keep an event for these; what was kept and is handed out again is known by its key."""
        with self._kept(), all_or_nothing(self._connection):
            if self._connection.execute("INSERT OR IGNORE INTO heard VALUES (?)", (key,)).rowcount:
                self._connection.executemany(
                    "INSERT INTO waiting (recipient, subject, payload) VALUES (?, ?, ?)",
                    [(recipient, subject, payload) for recipient in recipients],
                )

    def acknowledged(self, key: str) -> None:
        """The bus knows that an event was heard, and does not hand it out any more."""
        with self._kept():
            self._connection.execute("DELETE FROM heard WHERE key = ?", (key,))

    def oldest(self, recipient: str) -> Waiting | None:
        """What a recipient is to be told next."""
        with self._kept():
            row = self._connection.execute(
                "SELECT n, subject, payload FROM waiting WHERE recipient = ? ORDER BY n LIMIT 1", (recipient,)
            ).fetchone()
        return Waiting(*row) if row else None

    def done(self, waiting: Waiting) -> None:
        """A recipient took an event, or refused it."""
        with self._kept():
            self._connection.execute("DELETE FROM waiting WHERE n = ?", (waiting.number,))

    def counts(self) -> dict[str, int]:
        """How many events wait for each recipient, also for those whom nobody tells any more."""
        with self._kept():
            return dict(self._connection.execute("SELECT recipient, count(*) FROM waiting GROUP BY recipient"))

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                message = f"Another `shian notify` of this officer runs here and has {self._path}: stop it first."
            else:
                message = f"What waits for recipients cannot be kept in {self._path} ({error}); make room, or mend it."
            raise CannotStartError(message) from error
        except (OSError, sqlite3.Error) as error:
            message = f"What waits for recipients cannot be kept in {self._path} ({error}); make the folder writable."
            raise CannotStartError(message) from error
