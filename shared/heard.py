"""What a handler gets and gives: the events that it heard, and the unit of work in which it answers them."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from nats.aio.msg import Msg
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts import Event, PolicyRejected, RejectionReason, ResultRejected, address_of, entry_of
from shared.envelope import CONTENT_TYPE, MalformedError, open_envelope, seal, source_of
from shared.identifiers import derived_id
from shared.origin import BEGAN, Origin
from shared.tracing import Spans

E_co = TypeVar("E_co", bound=Event, covariant=True)
NO_REGION = "00.00.00"
"""Stands where a refused message names no region."""
LARGEST_TOLD = 900_000
"""Bytes; the server takes at most 1 MiB, headers included."""


@dataclass(frozen=True, slots=True)
class Heard(Generic[E_co]):
    """One event, read and checked, and the message that brought it."""

    event: E_co
    key: str
    """Source and id."""
    id: str
    time: datetime
    region: str
    origin: Origin
    message: Msg


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is no event; a partner's is answered with a receipt, any other becomes a dead letter."""

    fault: MalformedError
    origin: Origin
    message: Msg
    heard_as: str = ""
    """Its source and id, where it was read and then could not be answered."""

    @property
    def key(self) -> str:
        """Its place on the bus: what a malformed message says of itself is not trusted."""
        return self.heard_as or f"{self.origin.stream} {self.origin.sequence}"


Item = Heard[Event] | Refused
"""What one message is read as."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event to publish, as it is kept."""

    cause: str
    n: int
    event_id: str
    stream: str
    subject: str
    payload: bytes
    headers: str | None = None
    """Further NATS headers, as JSON."""
    began: int = 0
    """When the bus stored what set it off, in ns since 1970; 0 for what is told again."""

    @property
    def event(self) -> str:
        """The event's type, such as food.sample.failed.v1; ``dead`` for a dead letter."""
        entry = address_of(self.subject).entry
        return entry.type if entry else "dead"

    def nats_headers(self) -> dict[str, str]:
        """Headers to publish it with; the id makes a repetition harmless."""
        content = {} if self.stream == "DEAD" else {"Content-Type": CONTENT_TYPE}
        further: dict[str, str] = json.loads(self.headers) if self.headers else {}
        return {"Nats-Msg-Id": self.event_id, **content, **further}


@dataclass(frozen=True, slots=True)
class Decision:
    """An event that was told, as it is counted and logged once it is committed."""

    event: Event
    region: str
    event_id: str
    cause: str
    traceparent: str = ""
    """Its place in a trace of OpenTelemetry, where these are on."""


@dataclass(frozen=True, slots=True)
class Buried:
    """A message that became a dead letter, as it is logged once it is committed."""

    message: "Heard[Any] | Refused"
    reason: str
    explanation: str
    event_id: str


class TooLargeError(Exception):
    """An answer that the bus would refuse."""


@dataclass(slots=True)
class Work:
    """One transaction's answers: rows through ``connection``, events through ``tell``."""

    service: str
    now: datetime
    connection: AsyncConnection
    told: list[Told] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    """What the events among these say."""
    buried: list[Buried] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """The reasons of what was refused or buried, to be counted once it is committed."""
    spans: Spans | None = None
    _ordinals: dict[str, int] = field(default_factory=dict)

    def tell(self, cause: Heard[Any] | Refused, event: Event, *, party: str = "", region: str = "") -> str:
        """Answer a message with an event; returns the event's id, which follows from the cause."""
        entry = entry_of(type(event))
        known = cause.region if isinstance(cause, Heard) else address_of(cause.origin.subject).region
        region = region or known or NO_REGION
        n = self._next(cause.key)
        id_ = derived_id(self.service, cause.key, event.TYPE, str(n))
        payload = seal(
            event,
            source=source_of(self.service),
            event_id=id_,
            time=self.now,
            region=region,
            cause=cause.key,
        )
        if len(payload) > LARGEST_TOLD:
            message = f"{event.TYPE} would be {len(payload)} bytes; the bus takes {LARGEST_TOLD}"
            raise TooLargeError(message)
        began = cause.origin.began
        headers = f'{{"{BEGAN}":"{began}"}}'
        subject, carried = entry.subject(region, party), ""
        if self.spans:
            further = self._carry(
                cause, event.TYPE, subject, id_, {"shian.sample": event.trace, "shian.region": region}
            )
            headers, carried = json.dumps({BEGAN: str(began), **further}), further.get("traceparent", "")
        self.told.append(Told(cause.key, n, id_, entry.stream, subject, payload, headers, began))
        self.decisions.append(Decision(event, region, id_, cause.key, carried))
        if isinstance(event, ResultRejected | PolicyRejected):
            self.refusals.append(event.reason.value)
        return id_

    def bury(self, dead: Heard[Any] | Refused, reason: str, explanation: str) -> None:
        """Put a message among the dead letters: its original bytes, the reason in headers."""
        n = self._next(dead.key)
        origin = dead.origin
        headers = {
            "Shian-Reason": reason,
            "Shian-Explanation": json.dumps(explanation[:1000]),
            "Shian-Service": self.service,
            "Shian-Subject": origin.subject,
            "Shian-Stream": origin.stream,
            "Shian-Sequence": str(origin.sequence),
            "Shian-Deliveries": str(origin.deliveries),
        }
        id_ = derived_id(self.service, dead.key, "dead", str(n))
        subject = f"dead.{self.service}"
        if self.spans:
            headers |= self._carry(dead, "dead", subject, id_, {"shian.reason": reason})
        self.refusals.append(reason)
        self.buried.append(Buried(dead, reason, explanation[:1000], id_))
        self.told.append(Told(dead.key, n, id_, "DEAD", subject, dead.message.data, json.dumps(headers)))

    def _carry(
        self, cause: Heard[Any] | Refused, event: str, subject: str, id_: str, further: dict[str, str]
    ) -> dict[str, str]:
        """The headers that carry the trace of OpenTelemetry from a cause on."""
        assert self.spans is not None  # noqa: S101 - asked before
        origin = cause.origin
        entry = address_of(origin.subject).entry
        about = {"messaging.destination.name": subject, "messaging.message.id": id_, "shian.event": event, **further}
        heard = entry.type if entry else "unknown"
        return self.spans.tell(cause.key, heard, origin.headers, origin.stored, about)

    def _next(self, cause: str) -> int:
        n = self._ordinals.get(cause, 0)
        self._ordinals[cause] = n + 1
        return n


Handler = Callable[[Sequence[Heard[Any]], Work], Awaitable[None]]
"""Answers events of one type, in order, in one transaction that it does not commit."""
Refuser = Callable[[Refused, Work], None]
"""Answers a partner's malformed message with a receipt."""


def begun(told: Sequence[Told]) -> list[tuple[str, float]]:
    """Type and beginning of each event, in s since 1970; those that are told again are left out."""
    return [(one.event, one.began / 1e9) for one in told if one.began]


def read(message: Msg) -> Item:
    """Read one message alone, so that a malformed one harms nobody else."""
    origin = Origin(message)
    try:
        _, envelope = open_envelope(message.subject, message.data)
    except MalformedError as fault:
        return Refused(fault, origin, message)
    except Exception as error:  # noqa: BLE001 - no message may end the loop that reads it
        text = f"The message could not be read: {type(error).__name__}."
        return Refused(MalformedError(RejectionReason.WRONG_SCHEMA, "message", text), origin, message)
    return Heard(envelope.data, envelope.key, envelope.id, envelope.time, envelope.region, origin, message)


def reused(heard: Heard[Event]) -> Refused:
    """An event that has the source and id of an earlier one and other content."""
    text = f"Event id {heard.id} was used before for another content; give every event an id of its own."
    fault = MalformedError(RejectionReason.EVENT_ID_REUSED, "id", text, heard.id, _numbers(heard.event))
    return Refused(fault, heard.origin, heard.message)


def unanswered(heard: Heard[Event]) -> Refused:
    """An event whose handling failed time and again: its sender is told, and the operator has the dead letter."""
    text = "The exchange failed to handle this message; it is kept, and the operator of the exchange has to look at it."
    fault = MalformedError(RejectionReason.NOT_ANSWERED, "message", text, heard.id, _numbers(heard.event))
    return Refused(fault, heard.origin, heard.message, heard_as=heard.key)


def _numbers(event: Event) -> dict[str, str]:
    return {name: str(getattr(event, name, "") or "") for name in ("report_no", "sample_no", "policy_no", "case_no")}
