"""The envelope: CloudEvents 1.0, structured JSON, one self-contained document.

What an authority archives is the evidence itself, so everything stands in one JSON document: who told it (``source``),
when, about which sample (``trace``), in answer to which event (``cause``) and where (``region``). The identity of an
event is source and id together: two laboratories may use the same id.

Reading trusts nothing: the NATS subject, which the server's permissions guard, says what the event is and who speaks;
the document must agree with it.
"""

import functools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic_core
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.contracts import Event, PartnerEvent, RejectionReason, address_of
from shared.contracts.catalogue import Entry
from shared.contracts.event import Name, Region

CONTENT_TYPE = "application/cloudevents+json"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What no name may hold; a receipt that repeats it could not be told."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No event is of an earlier time; a program that says one knows no time."""

E = TypeVar("E", bound=Event)


class Envelope(BaseModel, Generic[E]):
    """One event as it travels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: Name
    source: Name
    type: Name
    subject: Name
    time: Annotated[AwareDatetime, Field(ge=EARLIEST)]
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Name | None = None
    trace: Name | None = None
    cause: Annotated[str, StringConstraints(max_length=401, pattern="^[^\\x00]*$")] | None = None
    region: Region
    data: E

    @property
    def key(self) -> str:
        """The identity of the event: its source and id."""
        return f"{self.source} {self.id}"


class MalformedError(Exception):
    """A message that is no event of the exchange; ``event_id`` and the numbers are what could still be read."""

    def __init__(
        self,
        reason: RejectionReason,
        where: str,
        explanation: str,
        event_id: str = "",
        about: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(explanation)
        self.reason = reason
        self.where = where
        self.explanation = explanation
        self.event_id = event_id
        self.about = about or {}


@functools.cache
def envelope_of(event: type[E]) -> type[Envelope[E]]:
    """The envelope model of one event class."""
    return Envelope[event]  # type: ignore[valid-type]


def source_of(teller: str) -> str:
    """The source of a teller: ``alerts`` or ``lab.L0142`` becomes ``urn:shian:alerts`` or ``urn:shian:lab:L0142``."""
    return f"urn:shian:{teller.replace('.', ':')}"


def seal(  # noqa: PLR0913 - an envelope has this many sides
    event: Event,
    *,
    source: str,
    event_id: str,
    time: datetime,
    region: str,
    cause: str | None = None,
) -> bytes:
    """Put an event in its envelope; returns the JSON document."""
    envelope = envelope_of(type(event))(
        id=event_id,
        source=source,
        type=event.TYPE,
        subject=event.about,
        time=time,
        dataschema=f"urn:shian:schema:{event.TYPE}",
        trace=event.trace,
        cause=cause,
        region=region,
        data=event,
    )
    return envelope.__pydantic_serializer__.to_json(envelope, exclude_none=isinstance(event, PartnerEvent))


def open_envelope(subject: str, payload: bytes) -> tuple[Entry, Envelope[Any]]:
    """Read one message; raises MalformedError with what is wrong and where."""
    address = address_of(subject)
    entry = address.entry
    if entry is None:
        text = f"No event of the exchange has the subject {subject}; see the reference of events."
        raise _malformed(payload, RejectionReason.UNKNOWN_TYPE, "subject", text)
    try:
        envelope = envelope_of(entry.event).model_validate_json(payload)
    except ValidationError as error:
        raise _invalid(payload, error) from error
    if envelope.type != entry.type:
        text = f"The document says type {envelope.type}, its subject says {entry.type}; make them agree."
        raise _malformed(payload, RejectionReason.UNKNOWN_TYPE, "type", text)
    speaker = f"{subject.partition('.')[0]}.{address.party}" if entry.stream == "PARTNERS" else None
    if speaker and envelope.source != source_of(speaker):
        text = f"The document's source is {envelope.source}; {speaker} may only speak as {source_of(speaker)}."
        raise _malformed(payload, RejectionReason.SPEAKS_FOR_ANOTHER, "source", text)
    if envelope.region != address.region:
        text = f"The document says region {envelope.region}, its subject says {address.region}; make them agree."
        raise _malformed(payload, RejectionReason.WRONG_REGION, "region", text)
    return entry, envelope


def _invalid(payload: bytes, error: ValidationError) -> MalformedError:
    first = error.errors(include_url=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        text = f"The message is not JSON: {first['msg']}. Send one CloudEvents document."
        return _malformed(payload, RejectionReason.NOT_JSON, "message", text)
    where = ".".join(map(str, first["loc"])) or "message"
    more = f" ({error.error_count() - 1} more faults)" if error.error_count() > 1 else ""
    return _malformed(payload, RejectionReason.WRONG_SCHEMA, where, f"{where}: {first['msg']}{more}.")


def _malformed(payload: bytes, reason: RejectionReason, where: str, explanation: str) -> MalformedError:
    """Read from a bad message what still helps its sender to find it."""
    try:
        document = pydantic_core.from_json(payload)
    except ValueError:
        document = None
    document = document if isinstance(document, dict) else {}
    data = document.get("data")
    data = data if isinstance(data, dict) else {}
    numbers = {name: _short(data.get(name)) for name in ("report_no", "sample_no", "policy_no", "case_no")}
    return MalformedError(reason, where[:200], explanation[:1000], _short(document.get("id")), numbers)


def _short(value: object) -> str:
    return _CONTROL.sub("", value)[:100] if isinstance(value, str) else ""
