"""What one command asks: the events, put aside as they were checked, in a table of the memory's connection.

What is sent is exactly what was checked, though somebody save the file meanwhile. The table is a temporary one, on
disk, and gone with the command.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from partners.asking.memory import REFUSED, UNSENT, Known, Memory
from partners.asking.request import Request
from shared.contracts import PartnerEvent
from shared.contracts.catalogue import CATALOGUE

_TABLE = """
CREATE TEMP TABLE spool (
  n INTEGER PRIMARY KEY, event_id TEXT, type TEXT, region TEXT, numbers TEXT, name TEXT,
  report_no TEXT UNIQUE, sample_no TEXT UNIQUE, content TEXT, filled_in INTEGER, asked_before INTEGER,
  sent INTEGER NOT NULL DEFAULT 0)
"""
_KINDS: dict[str, type[PartnerEvent]] = {
    entry.type: entry.event for entry in CATALOGUE if issubclass(entry.event, PartnerEvent)
}
_KNOWN = """
SELECT spool.numbers, spool.name, spool.type, spool.content, spool.asked_before, coalesce(asked.at, ''),
  coalesce(spool.report_no, ''), coalesce(spool.sample_no, ''), coalesce(asked.state, ''),
  coalesce(asked.reason, ''), coalesce(asked.place, ''), coalesce(asked.explanation, ''), coalesce(asked.warnings, '')
FROM spool LEFT JOIN asked USING (event_id)
"""
_WORTH_READING = f"asked.state = '{REFUSED}' OR coalesce(asked.warnings, '') NOT IN ('', '[]')"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be sent."""

    n: int
    event_id: str
    region: str
    report_no: str
    sample_no: str
    event: PartnerEvent
    kept: str
    """The event as JSON, where it does not follow from what is asked."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one event."""

    numbers: tuple[int, ...]
    """The row of each item."""
    name: str
    known: Known
    at: datetime | None
    """When it went out first; none where it was not sent."""
    asked_before: bool = False
    """Whether that was with an earlier command."""
    type: str = ""
    content: str = ""

    @property
    def was_sent(self) -> bool:
        """Whether it went out."""
        return self.at is not None

    @property
    def sentence(self) -> str:
        """What was asked."""
        return _KINDS[self.type].model_validate_json(self.content).sentence()


class Spool:
    """The events of one command."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._connection = memory.connection
        self._connection.execute("DROP TABLE IF EXISTS spool")
        self._connection.execute(_TABLE)

    def add(self, event_id: str, request: Request, content: str) -> str:
        """Put a request aside, as it went out first; returns where its sample or report stood before, or nothing."""
        at, kept = self._memory.first_of(event_id) if event_id else ("", "")
        place = request.place
        row = {
            "event_id": event_id,
            "type": request.kind,
            "region": request.region,
            "numbers": json.dumps(place.numbers),
            "name": place.name,
            "report_no": place.report_no,
            "sample_no": place.sample_no,
            "content": kept or content,
            "filled_in": bool(request.but_for),
            "asked_before": bool(at),
        }
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO spool ({', '.join(row)}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
        if self._connection.execute(statement, tuple(row.values())).rowcount:
            return ""
        found = self._connection.execute(
            "SELECT name FROM spool WHERE report_no = ? OR sample_no = ?", (place.report_no, place.sample_no)
        )
        return str(found.fetchone()[0])

    def attempt(self, id_of: Callable[[int], str], *, again: bool) -> str:
        """The id of the last attempt to ask something; or of one more, where that was refused and it is asked again."""
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
        return self._count("SELECT count(*) FROM spool LEFT JOIN asked USING (event_id) WHERE coalesce(state, '') = ''")

    def sent_before(self, since: datetime) -> int:
        """Leave out what was answered, and what the bus has had since then and still remembers; returns how many."""
        statement = (
            "UPDATE spool SET sent = 1 WHERE event_id IN"
            " (SELECT event_id FROM spool JOIN asked USING (event_id) WHERE state != '' OR stored > ?)"
        )
        return self._connection.execute(statement, (since.isoformat(),)).rowcount

    def next_to_send(self, most: int, most_text: int) -> list[Entry]:
        """The next events that were not sent, in the order of the file."""
        statement = (
            "SELECT n, event_id, region, report_no, sample_no, type, content, filled_in FROM spool WHERE sent = 0"
            " ORDER BY n LIMIT ?"
        )
        entries: list[Entry] = []
        text = 0
        rows = self._connection.execute(statement, (most,))
        for n, event_id, region, report_no, sample_no, kind, content, filled_in in rows:
            text += len(content)
            if entries and text > most_text:
                break
            event = _KINDS[kind].model_validate_json(content)
            kept = content if filled_in else ""
            entries.append(Entry(n, event_id, region, report_no or "", sample_no or "", event, kept))
        return entries

    def keep_sent(self, entries: list[Entry]) -> None:
        """Remember that the bus has these."""
        self._memory.keep_stored(entry.event_id for entry in entries)
        self._connection.executemany("UPDATE spool SET sent = 1 WHERE n = ?", [(entry.n,) for entry in entries])

    def states(self) -> dict[str, int]:
        """How many events are in each state; those without an answer under the empty one, or as not sent."""
        state = f"CASE WHEN coalesce(state, '') = '' AND coalesce(at, '') = '' THEN '{UNSENT}' ELSE state END"
        statement = f"SELECT {state}, count(*) FROM spool LEFT JOIN asked USING (event_id) GROUP BY 1"  # noqa: S608
        return dict(self._connection.execute(statement))

    def fates(self, *, worth_reading: bool = False) -> Iterator[Fate]:
        """What became of each event, in the order of the file; or of those that were refused or carry a warning."""
        where = f" WHERE {_WORTH_READING}" if worth_reading else ""
        rows = self._connection.execute(f"{_KNOWN}{where} ORDER BY spool.n")
        for numbers, name, kind, content, asked_before, at, *known in rows:
            when = datetime.fromisoformat(at) if at else None
            yield Fate(tuple(json.loads(numbers)), name, Known(*known), when, bool(asked_before), kind, content)

    def _count(self, statement: str) -> int:
        return int(self._connection.execute(statement).fetchone()[0])
