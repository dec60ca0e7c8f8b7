"""What an authority heard, byte for byte: an SQLite file beside its key, from which every case can be read again."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from partners.person import Person
from shared.contracts import Event
from shared.envelope import Envelope, open_envelope
from shared.failure import CannotStartError

_TABLES = """
CREATE TABLE IF NOT EXISTS heard (
  n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, case_no TEXT NOT NULL,
  subject TEXT NOT NULL, payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS heard_by_case ON heard (case_no, n);
"""


class Archive:
    """One authority's file."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none; raises CannotStartError."""
        self._path = path
        with self._kept():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def keep(self, key: str, case_no: str, subject: str, payload: bytes) -> bool:
        """Keep an event; whether it is new. One that is handed out again is known by its key."""
        row = (key, case_no, subject, payload)
        with self._kept():
            kept = "INSERT OR IGNORE INTO heard (key, case_no, subject, payload) VALUES (?, ?, ?, ?)"
            return bool(self._connection.execute(kept, row).rowcount)

    def cases(self) -> list[str]:
        """The numbers of the cases, the one that was heard of first at the top."""
        with self._kept():
            listed = "SELECT case_no FROM heard WHERE case_no <> '' GROUP BY case_no ORDER BY min(n)"
            found = self._connection.execute(listed)
            return [case_no for (case_no,) in found]

    def of_case(self, case_no: str) -> list[Envelope[Any]]:
        """Every event of a case, in the order in which it was told."""
        with self._kept():
            rows = self._connection.execute(
                "SELECT subject, payload FROM heard WHERE case_no = ? ORDER BY n", (case_no,)
            ).fetchall()
        return [open_envelope(subject, payload)[1] for subject, payload in rows]

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            message = f"What is heard cannot be kept in {self._path} ({error}); make the folder writable, or mend it."
            raise CannotStartError(message) from error


@contextlib.contextmanager
def archive_of(who: Person) -> Iterator[Archive]:
    """The archive of an authority, closed afterwards."""
    archive = Archive(who.settings.keys_folder.parent / "authority" / f"{who.user}.db")
    with contextlib.closing(archive):
        yield archive


def case_of(event: Event) -> str:
    """The number of the case that an event is about."""
    return str(getattr(event, "case_no", event.about))
