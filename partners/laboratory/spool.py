"""What one command sends: the events of a file, put aside as they were checked, in a table of the memory's connection.

What is sent is exactly what was checked, though somebody save the file meanwhile. The table is a temporary one, on
disk, and gone with the command.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from partners.laboratory.memory import REFUSED, UNSENT, Known, Memory
from shared.contracts import PartnerEvent, ResultCorrected, ResultReported, ResultWithdrawn

_TABLE = """
CREATE TEMP TABLE spool (
  n INTEGER PRIMARY KEY, event_id TEXT, type TEXT, numbers TEXT, name TEXT,
  report_no TEXT UNIQUE, sample_no TEXT UNIQUE, content TEXT, sent INTEGER NOT NULL DEFAULT 0)
"""
_KINDS: dict[str, type[PartnerEvent]] = {kind.TYPE: kind for kind in (ResultReported, ResultCorrected, ResultWithdrawn)}
_KNOWN = """
SELECT spool.n, spool.numbers, spool.name, spool.report_no, spool.sample_no, coalesce(report.state, ''),
  coalesce(report.reason, ''), coalesce(report.place, ''), coalesce(report.explanation, ''), coalesce(report.at, '')
FROM spool LEFT JOIN report USING (event_id)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be sent."""

    n: int
    event_id: str
    report_no: str
    sample_no: str
    event: PartnerEvent


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one event of the file."""

    numbers: tuple[int, ...]
    """The row of each item."""
    name: str
    known: Known
    was_sent: bool


class Spool:
    """The events of one command."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._connection = memory.connection
        self._connection.execute("DROP TABLE IF EXISTS spool")
        self._connection.execute(_TABLE)

    def add(self, event_id: str, event_type: str, content: str, place: "Place") -> str:
        """Put an event aside; returns where its sample or report stood before, or nothing."""
        row = (event_id, event_type, json.dumps(place.numbers), place.name, place.report_no, place.sample_no, content)
        columns = "event_id, type, numbers, name, report_no, sample_no, content"
        statement = f"INSERT INTO spool ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608
        if self._connection.execute(statement, row).rowcount:
            return ""
        found = self._connection.execute(
            "SELECT name FROM spool WHERE report_no = ? OR sample_no = ?", (place.report_no, place.sample_no)
        )
        return str(found.fetchone()[0])

    def attempt(self, id_of: Callable[[int], str], *, again: bool) -> str:
        """The id of the last attempt to say something; or of one more, where that was refused and it is said again."""
        attempt, event_id = 0, id_of(0)
        while self._memory.state_of(event_id) == REFUSED:
            further = id_of(attempt + 1)
            if self._memory.state_of(further) is None and not again:
                break
            attempt, event_id = attempt + 1, further
        return event_id

    def total(self) -> int:
        """How many events there are."""
        return self._count("SELECT count(*) FROM spool")

    def unanswered(self) -> int:
        """How many of them the exchange has not answered."""
        return self._count(
            "SELECT count(*) FROM spool LEFT JOIN report USING (event_id) WHERE coalesce(state, '') = ''"
        )

    def refused(self) -> int:
        """How many of them the exchange refused."""
        return self._count(f"SELECT count(*) FROM spool JOIN report USING (event_id) WHERE state = '{REFUSED}'")  # noqa: S608

    def sent_before(self, since: datetime) -> int:
        """Leave out what was answered, and what the bus has had since then and still remembers; returns how many."""
        statement = (
            "UPDATE spool SET sent = 1 WHERE event_id IN"
            " (SELECT event_id FROM spool JOIN report USING (event_id) WHERE state != '' OR stored > ?)"
        )
        return self._connection.execute(statement, (since.isoformat(),)).rowcount

    def next_to_send(self, most: int, most_text: int) -> list[Entry]:
        """The next events that were not sent, in the order of the file."""
        statement = (
            "SELECT n, event_id, report_no, sample_no, type, content FROM spool WHERE sent = 0 ORDER BY n LIMIT ?"
        )
        entries: list[Entry] = []
        text = 0
        for n, event_id, report_no, sample_no, kind, content in self._connection.execute(statement, (most,)):
            text += len(content)
            if entries and text > most_text:
                break
            event = _KINDS[kind].model_validate_json(content)
            entries.append(Entry(n, event_id, report_no or "", sample_no or "", event))
        return entries

    def keep_sent(self, entries: list[Entry]) -> None:
        """Remember that the bus has these."""
        self._memory.keep_stored(entry.event_id for entry in entries)
        self._connection.executemany("UPDATE spool SET sent = 1 WHERE n = ?", [(entry.n,) for entry in entries])

    def states(self) -> dict[str, int]:
        """How many events are in each state; those without an answer under the empty one, or as not sent."""
        state = f"CASE WHEN coalesce(state, '') = '' AND coalesce(at, '') = '' THEN '{UNSENT}' ELSE state END"
        statement = f"SELECT {state}, count(*) FROM spool LEFT JOIN report USING (event_id) GROUP BY 1"  # noqa: S608
        return dict(self._connection.execute(statement))

    def fates(self, *, refused_only: bool = False) -> Iterator[Fate]:
        """What became of each event, in the order of the file; or of those that were refused."""
        where = f" WHERE state = '{REFUSED}'" if refused_only else ""
        for _, numbers, name, *known, at in self._connection.execute(f"{_KNOWN}{where} ORDER BY spool.n"):
            yield Fate(tuple(json.loads(numbers)), name, Known(*known), bool(at))

    def _count(self, statement: str) -> int:
        return int(self._connection.execute(statement).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Place:
    """Which report on which sample, and where it stands."""

    report_no: str | None
    sample_no: str | None
    numbers: tuple[int, ...] = ()
    name: str = ""
