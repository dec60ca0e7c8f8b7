"""What a handler gets and gives: the events that it heard, and the unit of work in which it answers them."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from nats.aio.msg import Msg
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts import Event, PolicyRejected, RejectionReason, ResultRejected, address_of, entry_of
from shared.envelope import CONTENT_TYPE, MalformedError, open_envelope, seal, source_of
from shared.identifiers import derived_id

E_co = TypeVar("E_co", bound=Event, covariant=True)
_PLACE_TOKENS = 9
BEGAN = "Shian-Began"
"""Header of what a service tells: when the bus stored the message from outside that set it off, in ns since 1970."""
NO_REGION = "00.00.00"
"""Stands where a refused message names no region."""
LARGEST_TOLD = 900_000
"""Bytes; the server takes at most 1 MiB, headers included."""


class Origin:
    """Where on the bus a message stands; what few ask for is worked out when it is asked for."""

    __slots__ = ("_message", "_received", "digest", "party", "subject")

    def __init__(self, message: Msg) -> None:
        self._message = message
        self._received: datetime | None = None
        self.subject = message.subject
        self.party = address_of(message.subject).party
        """The partner that the server let speak, such as L0142; empty for services."""
        self.digest = hashlib.blake2b(message.data, digest_size=8).hexdigest()

    @property
    def stream(self) -> str:
        """The stream that keeps it."""
        return self._message.metadata.stream

    @property
    def sequence(self) -> int:
        """Its place in the stream."""
        return self._message.metadata.sequence.stream

    @property
    def deliveries(self) -> int:
        """How often it was handed out, this time included."""
        return self._message.metadata.num_delivered or 1

    @property
    def received(self) -> datetime:
        """When the server stored it: the trusted time of arrival."""
        if self._received is None:
            self._received = datetime.fromtimestamp(self._stored / 1e9, UTC)
        return self._received

    @property
    def began(self) -> int:
        """When the server stored what set this off, outside the services; in ns since 1970."""
        # a partner may write any header, and its own message is where everything begins
        said = None if self.stream == "PARTNERS" else (self._message.headers or {}).get(BEGAN)
        return int(said) if said and said.isdecimal() else self._stored

    @property
    def _stored(self) -> int:
        # $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time in ns>.<pending>, and with a
        # domain two tokens more before the stream
        tokens = self._message.reply.split(".")
        return int(tokens[7] if len(tokens) == _PLACE_TOKENS else tokens[9])


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
    refusals: list[str] = field(default_factory=list)
    """The reasons of what was refused or buried, to be counted once it is committed."""
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
            region=region or "00.00.00",
            cause=cause.key,
        )
        if len(payload) > LARGEST_TOLD:
            message = f"{event.TYPE} would be {len(payload)} bytes; the bus takes {LARGEST_TOLD}"
            raise TooLargeError(message)
        began = cause.origin.began
        headers = f'{{"{BEGAN}":"{began}"}}'
        self.told.append(Told(cause.key, n, id_, entry.stream, entry.subject(region, party), payload, headers, began))
        self.decisions.append(Decision(event, region, id_, cause.key))
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
        self.refusals.append(reason)
        self.told.append(Told(dead.key, n, id_, "DEAD", subject, dead.message.data, json.dumps(headers)))

    def _next(self, cause: str) -> int:
        n = self._ordinals.get(cause, 0)
        self._ordinals[cause] = n + 1
        return n


Handler = Callable[[Sequence[Heard[Any]], Work], Awaitable[None]]
"""Answers events of one type, in order, in one transaction that it does not commit."""
Refuser = Callable[[Refused, Work], None]
"""Answers a partner's malformed message with a receipt."""


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
