"""What an authority heard, byte for byte: an SQLite file beside its key, from which every case can be read again."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nats.aio.msg import Msg

from partners.person import Person
from shared.contracts import Event, RequestAccepted, RequestRefused
from shared.envelope import Envelope, MalformedError, open_envelope
from shared.failure import CannotStartError

_TABLES = """
CREATE TABLE IF NOT EXISTS heard (
  n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, stream TEXT NOT NULL, place INTEGER NOT NULL,
  case_no TEXT NOT NULL, subject TEXT NOT NULL, payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS heard_by_case ON heard (stream, case_no, place);
"""
CASES, RECEIPTS = "CASES", "RECEIPTS"


@dataclass(frozen=True, slots=True)
class Document:
    """One message as it came, and where the bus keeps it."""

    stream: str
    place: int
    """In the stream; what is handed out again late still stands where it was told."""
    subject: str
    payload: bytes


def document_of(message: Msg, stream: str) -> Document:
    """What came on a stream."""
    return Document(stream, message.metadata.sequence.stream, message.subject, message.data)


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

    def keep(self, came: Document, envelope: Envelope[Any] | None) -> bool:
        """Keep what came, also where it could not be read; whether it is new. What comes again is known by its key."""
        key = envelope.key if envelope else f"{came.stream} {came.place}"
        about = case_of(envelope.data) if envelope else ""
        row = (key, came.stream, came.place, about, came.subject, came.payload)
        kept = "INSERT OR IGNORE INTO heard (key, stream, place, case_no, subject, payload) VALUES (?, ?, ?, ?, ?, ?)"
        with self._kept():
            return bool(self._connection.execute(kept, row).rowcount)

    def keep_receipt(self, message: Msg) -> None:
        """Keep a receipt, as one who answers reads it."""
        envelope = None
        with contextlib.suppress(MalformedError):
            envelope = open_envelope(message.subject, message.data)[1]
        self.keep(document_of(message, RECEIPTS), envelope)

    def cases(self) -> list[str]:
        """The numbers of the cases, the one that was told first at the top."""
        with self._kept():
            listed = "SELECT case_no FROM heard WHERE stream = ? AND case_no <> '' GROUP BY case_no ORDER BY min(place)"
            return [case_no for (case_no,) in self._connection.execute(listed, (CASES,))]

    def of_case(self, case_no: str, stream: str = CASES) -> list[Envelope[Any]]:
        """Every event of a case, or every receipt on it, in the order in which they were told."""
        with self._kept():
            rows = self._connection.execute(
                "SELECT subject, payload FROM heard WHERE stream = ? AND case_no = ? ORDER BY place", (stream, case_no)
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
    """The number of the case that an event, or the receipt for a step, is about."""
    if isinstance(event, RequestAccepted | RequestRefused):
        return event.number
    return str(getattr(event, "case_no", event.about))
