"""The AsyncAPI 3 document of the exchange, or of one service, made from the catalogue, and its page.

Every event is a channel with one message; a service that tells it sends there, one that hears it receives. What no
operation can say, which partners tell or hear an event and in which stream it is kept, stands in fields that begin with
``x-``. The page is plain HTML with its style inside: nothing is loaded from elsewhere, so that it opens in a closed
network and from a file.
"""

import functools
import json
from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.contracts import Event
from shared.contracts.catalogue import CATALOGUE, PARTY_PATTERN, SERVICES, Entry, entry_of
from shared.contracts.examples import PARTIES, REGION, TIME, example_of
from shared.envelope import CONTENT_TYPE, Envelope, seal, source_of

_INTRODUCTION = (
    "Each event is one CloudEvents 1.0 document in JSON. A partner connects with its nkey and its own inbox prefix, "
    "_INBOX_ and its name on the bus. It publishes on the channels that it tells, under its own token and with the "
    "header Nats-Msg-Id, and hears through the durable consumer of its name, on the stream of what it hears."
)
_PARAMETERS = {
    "party": "Who speaks or is spoken to: an organisation's id such as L0142, or an authority's six figures.",
    "kind": "The kind of partner, such as lab.",
    "province": "First two figures of the region (GB/T 2260), such as 21.",
    "city": "Third and fourth figure of the region, such as 02.",
    "county": "Last two figures of the region, such as 83.",
}
_HEADERS = {
    "type": "object",
    "required": ["Nats-Msg-Id"],
    "properties": {
        "Nats-Msg-Id": {
            "type": "string",
            "description": "The event's source and id with a space between: the bus keeps one message of each.",
        },
        "Content-Type": {"const": CONTENT_TYPE},
    },
}


def address_template(entry: Entry) -> str:
    """An event's subject with named parts, such as ``food.sample.failed.v1.{province}.{city}.{county}``."""
    party = {"": "", "one": "{party}", "kind and one": "{kind}.{party}"}[entry.party]
    return entry.subject("{province}.{city}.{county}", party)


def example_document(example: Event) -> dict[str, Any]:
    """One example as the document that travels."""
    teller = entry_of(type(example)).producers[0]
    is_partner = teller in PARTIES
    document = seal(
        example,
        source=source_of(f"{teller}.{PARTIES[teller]}" if is_partner else teller),
        event_id="0197f2a0-5d1e-7c3b-9a44-6b1f0c2d3e4f",
        time=TIME,
        region=REGION,
        cause=None if is_partner else "urn:shian:lab:L0142 0197f2a0-0000-7000-8000-000000000001",
    )
    read: dict[str, Any] = json.loads(document)
    return read


@functools.cache
def document_of(service: str = "", description: str = "") -> dict[str, Any]:
    """The AsyncAPI document of what a service tells and hears; of the whole exchange where none is named."""
    parts = (service,) if service else SERVICES
    entries = [entry for entry in CATALOGUE if {*entry.producers, *entry.consumers} & {*parts}]
    models: list[type[BaseModel]] = [Envelope[Event], *(entry.event for entry in entries)]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    schemas["$defs"]["Envelope"] = schemas["$defs"].pop("Envelope_Event_")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Shian {service}".strip(),
            "version": "1",
            "description": f"{description} {_INTRODUCTION}".strip(),
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "exchange": {
                "host": "exchange.example:4222",
                "protocol": "nats",
                "security": [{"$ref": "#/components/securitySchemes/nkey"}],
            }
        },
        "channels": {entry.event.__name__: _channel(entry) for entry in entries},
        "operations": dict(_operations(entries, parts)),
        "components": {
            "messages": {entry.event.__name__: _message(entry) for entry in entries},
            "parameters": {name: {"description": text} for name, text in _PARAMETERS.items()},
            "schemas": {"Headers": _HEADERS, **schemas["$defs"]},
            "securitySchemes": {
                "nkey": {
                    "type": "asymmetricEncryption",
                    "description": f"The seed of an nkey of type user; a party is named {PARTY_PATTERN}.",
                }
            },
        },
    }


def _channel(entry: Entry) -> dict[str, Any]:
    name, address = entry.event.__name__, address_template(entry)
    return {
        "address": address,
        "title": entry.type,
        "description": entry.event.__doc__,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {
            part: {"$ref": f"#/components/parameters/{part}"} for part in _PARAMETERS if f"{{{part}}}" in address
        },
        "x-stream": entry.stream,
        "x-told-by": list(entry.producers),
        "x-heard-by": list(entry.consumers),
    }


def _operations(entries: Iterable[Entry], services: Iterable[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    for entry in entries:
        name = entry.event.__name__
        for service in services:
            for action, word, parties in (("send", "Tells", entry.producers), ("receive", "Hears", entry.consumers)):
                if service in parties:
                    channel = {"$ref": f"#/channels/{name}"}
                    yield f"{service}{word}{name}", {"action": action, "channel": channel, "tags": [{"name": service}]}


def _message(entry: Entry) -> dict[str, Any]:
    example = example_of(entry.event)
    return {
        "name": entry.type,
        "title": entry.event.__name__,
        "summary": (entry.event.__doc__ or "").partition("\n")[0],
        "contentType": CONTENT_TYPE,
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "properties": {
                        "type": {"const": entry.type},
                        "data": {"$ref": f"#/components/schemas/{entry.event.__name__}"},
                    }
                },
            ]
        },
        "examples": [{"summary": example.sentence(), "payload": example_document(example)}],
    }


@functools.cache
def page_of(service: str = "", description: str = "") -> str:
    """The document as a page of HTML."""
    environment = Environment(
        loader=PackageLoader("shared"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["pretty"] = lambda value: json.dumps(value, ensure_ascii=False, indent=2)
    return environment.get_template("asyncapi.html").render(document=document_of(service, description)) + "\n"
