"""The catalogue: every event with its stream, its producer and its consumers.

Subjects, streams, permissions, golden files, the reference documentation and the picture of the path are made from it.
An event's NATS subject is its type with the region behind it (``food.sample.failed.v1.21.02.83``). Where the event is
spoken by or addressed to one party, the party stands behind the first token (``lab.L0142.result.reported.v1.21.02.83``,
``receipt.lab.L0142.result.rejected.v1.21.02.83``), so that the server's permissions can be stated as a prefix.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.contracts.alert import AlertRaised, AlertUpdated
from shared.contracts.case import CaseJoined, CaseOpened, CaseReferred, ReferralDeclined
from shared.contracts.clock import ClockApproaching, ClockDue, ClockMissed
from shared.contracts.event import Event
from shared.contracts.notice import InsurerNotified, NoticeNotDue
from shared.contracts.policy import PolicyBound, PolicyRejected
from shared.contracts.result import ResultRejected, ResultReported, ResultsAccepted
from shared.contracts.sample import SampleFailed, SamplePassed, SampleUnclear

StreamName = Literal["PARTNERS", "FOOD", "CASES", "NOTICES", "RECEIPTS", "WORK"]
ServiceName = Literal["sampling", "alerts", "enforcement", "insurance"]
PartnerKind = Literal["lab", "insurer", "police", "procuratorate"]

SERVICES: tuple[ServiceName, ...] = ("sampling", "alerts", "enforcement", "insurance")
PARTY_PATTERN = r"[A-Z0-9-]{2,32}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the catalogue."""

    event: type[Event]
    stream: StreamName
    producers: tuple[str, ...]
    """Services, or the one kind of partner that says it."""
    consumers: tuple[str, ...]
    """Services and kinds of partner that hear it; empty where only operators read it."""
    party: Literal["", "one", "kind and one"] = ""
    """Tokens behind the first one: none, an organisation's id, or a partner's kind and id."""

    @property
    def type(self) -> str:
        return self.event.TYPE

    def subject(self, region: str, party: str = "") -> str:
        """The NATS subject of one event: ``region`` as 21.02.83, ``party`` as L0142 or lab.L0142 where addressed."""
        return f"{_with_party(self.type, party)}.{region}"

    def pattern(self, party: str = "", region: str = "*.*.*") -> str:
        """The NATS wildcard for all of these events, of one party and region where they are given."""
        wild = {"": "", "one": "*", "kind and one": "*.*"}[self.party]
        return _with_party(self.type, party or wild) + "." + region


@functools.lru_cache(maxsize=10_000)
def _with_party(type_: str, party: str) -> str:
    first, rest = type_.split(".", 1)
    return f"{first}.{party}.{rest}" if party else type_


_SERVICES_AFTER_FAILURE = ("alerts", "enforcement", "insurance")

CATALOGUE: tuple[Entry, ...] = (
    Entry(ResultReported, "PARTNERS", ("lab",), ("sampling",), party="one"),
    Entry(PolicyBound, "PARTNERS", ("insurer",), ("insurance",), party="one"),
    Entry(ResultsAccepted, "RECEIPTS", ("sampling",), ("lab",), party="kind and one"),
    Entry(ResultRejected, "RECEIPTS", ("sampling",), ("lab",), party="kind and one"),
    Entry(PolicyRejected, "RECEIPTS", ("insurance",), ("insurer",), party="kind and one"),
    Entry(SamplePassed, "FOOD", ("sampling",), ()),
    Entry(SampleFailed, "FOOD", ("sampling",), _SERVICES_AFTER_FAILURE),
    Entry(SampleUnclear, "FOOD", ("sampling",), ()),
    Entry(ClockApproaching, "FOOD", ("sampling",), ()),
    Entry(ClockMissed, "FOOD", ("sampling",), ()),
    Entry(AlertRaised, "FOOD", ("alerts",), ()),
    Entry(AlertUpdated, "FOOD", ("alerts",), ()),
    Entry(CaseOpened, "CASES", ("enforcement",), ()),
    Entry(CaseJoined, "CASES", ("enforcement",), ()),
    Entry(CaseReferred, "CASES", ("enforcement",), ("police", "procuratorate")),
    Entry(ReferralDeclined, "CASES", ("enforcement",), ()),
    Entry(InsurerNotified, "NOTICES", ("insurance",), ("insurer",), party="one"),
    Entry(NoticeNotDue, "NOTICES", ("insurance",), ()),
    Entry(ClockDue, "WORK", ("sampling",), ("sampling",), party="one"),
)

BY_TYPE: dict[str, Entry] = {entry.type: entry for entry in CATALOGUE}
_TYPE_IN_SUBJECT = re.compile(r"^(?P<stem>.+\.v[0-9]+)\.(?P<region>[0-9]{2}\.[0-9]{2}\.[0-9]{2})$")


@dataclass(frozen=True, slots=True)
class Address:
    """A subject taken apart; ``entry`` is none where the catalogue knows no such event."""

    entry: Entry | None
    party: str
    region: str


def entry_of(event: type[Event]) -> Entry:
    """The catalogue's entry of an event class."""
    return BY_TYPE[event.TYPE]


@functools.lru_cache(maxsize=10_000)
def address_of(subject: str) -> Address:
    """Take a NATS subject apart into event, party and region; never fails."""
    first, _, rest = subject.partition(".")
    match = _TYPE_IN_SUBJECT.match(subject)
    stem, region = (match["stem"], match["region"]) if match else (subject, "")
    tokens = stem.split(".")
    for party_tokens in (0, 1, 2):
        entry = BY_TYPE.get(".".join((tokens[0], *tokens[1 + party_tokens :])))
        if entry and {"": 0, "one": 1, "kind and one": 2}[entry.party] == party_tokens:
            return Address(entry, ".".join(tokens[1 : 1 + party_tokens]), region)
    return Address(None, rest.partition(".")[0] if first in ("lab", "insurer") else "", region)


def heard_by(consumer: str, stream: str | None = None) -> tuple[Entry, ...]:
    """What a service or a kind of partner hears, on one stream or on all."""
    return _where(entry for entry in CATALOGUE if consumer in entry.consumers and stream in (None, entry.stream))


def told_by(producer: str) -> tuple[Entry, ...]:
    """What a service or a kind of partner tells."""
    return _where(entry for entry in CATALOGUE if producer in entry.producers)


def _where(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(entries)
