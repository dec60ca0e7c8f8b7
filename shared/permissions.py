"""The bus server's configuration: one user per service and partner, each allowed what the catalogue says and no more.

A partner may publish under its own prefix, read through the durables made for it, and see its own inbox; a service may
publish what it tells, read what it hears, and look at the durables of the services that hear it. The server enforces
it: the prefix is the identity.

An organisation may say anything under its prefix, so that the exchange can answer what it does not know. One of the
agency's people acts with its authority, and may say only the events of their kind, and only for their own region.

Partners live in an account of their own, and reach the exchange only through what it exports to them. In one account a
partner could name any subject as the place for the server's answer, and the answer would be stored there as if someone
had told it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.contracts.catalogue import SERVICES, StreamName, told_by
from shared.hearers import hearers_of
from shared.partners import Partner
from shared.streams import Consumer, consumers_for, consumers_of

STEWARD = "steward"
"""Makes the streams and consumers; nothing else may."""
OPERATOR = "operator"
"""Reads every record, and is given no subject of the record to write to."""
WATCH = "watch"
"""Looks at streams, consumers and the age of what waits, and writes nothing. The bus tells that age by the message
itself only, so it may read every message that somebody hears: its key opens the record as that of the operator does."""
WATCH_OF_SERVERS = "watch-servers"
"""Asks the servers themselves how they are, in their own account."""
INSIDERS = (STEWARD, OPERATOR, WATCH, WATCH_OF_SERVERS, *SERVICES)
HEARD: tuple[str, ...] = StreamName.__args__  # type: ignore[attr-defined]
"""The streams that durables hear; nobody hears dead letters, which are read."""
RECORDS: tuple[str, ...] = (*HEARD, "DEAD")


@dataclass(frozen=True, slots=True)
class Grant:
    """What one user may do on the bus."""

    user: str
    public_key: str
    publish: Sequence[str]
    subscribe: Sequence[str] = field(default=())
    is_partner: bool = False
    asks_servers: bool = False

    def text(self) -> str:
        """The user's lines of the configuration."""
        subscribe = [f"{inbox_prefix(self.user)}.>", *self.subscribe]
        return (
            f"    {{ nkey: {self.public_key}, permissions: {{\n"
            f"      publish: {{ allow: {json.dumps(list(self.publish))} }}\n"
            f"      subscribe: {{ allow: {json.dumps(subscribe)} }} }} }}  # {self.user}\n"
        )


def inbox_prefix(user: str) -> str:
    """The user's own inbox; nobody else may listen there."""
    return f"_INBOX_{user}"


def grants(partners: Iterable[Partner], insiders: Mapping[str, str]) -> tuple[Grant, ...]:
    """Every user's permissions; ``insiders`` gives the public key of each of ``INSIDERS``."""
    return (
        Grant(STEWARD, insiders[STEWARD], ["$JS.API.>"]),
        _operator(insiders[OPERATOR]),
        _watch(insiders[WATCH]),
        Grant(WATCH_OF_SERVERS, insiders[WATCH_OF_SERVERS], ["$SYS.REQ.SERVER.PING.VARZ"], asks_servers=True),
        *(_service(service, insiders[service]) for service in SERVICES),
        *(_partner(partner) for partner in partners if partner.public_key),
    )


def _watch(public_key: str) -> Grant:
    publish = [f"$JS.API.STREAM.INFO.{stream}" for stream in RECORDS]
    publish += [f"$JS.API.{what}.{stream}" for stream in HEARD for what in ("CONSUMER.LIST", "STREAM.MSG.GET")]
    return Grant(WATCH, public_key, publish)


def _operator(public_key: str) -> Grant:
    publish = ["$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.MSG.GET.*", "$JS.API.CONSUMER.INFO.*.*"]
    for stream in RECORDS:
        publish += _reader(stream, OPERATOR)
    return Grant(
        OPERATOR, public_key, publish, [f"{first}.>" for first in ("food", "case", "notice", "receipt", "dead")]
    )


def _service(service: str, public_key: str) -> Grant:
    told = told_by(service)
    publish = [entry.pattern(service if entry.type.startswith("clock.") else "") for entry in told]
    publish += [f"dead.{service}", "$JS.API.STREAM.INFO.*"]
    for stream in sorted({entry.stream for entry in told} | {"DEAD"}):
        publish += _reader(stream, f"{service}-tail")
    for consumer in consumers_of(service):
        publish += _use_of(consumer)
    publish += [f"$JS.API.CONSUMER.INFO.{hearer.stream}.{hearer.name}" for hearer in hearers_of(service)]
    return Grant(service, public_key, publish)


def _partner(partner: Partner) -> Grant:
    publish = _sayings(partner)
    for consumer in consumers_for(partner):
        publish += [subject for subject in _use_of(consumer) if not subject.startswith("$JS.API.CONSUMER.INFO.")]
    return Grant(partner.user, partner.public_key, publish, is_partner=True)


def _sayings(partner: Partner) -> list[str]:
    """The subjects on which a partner may publish."""
    told = told_by(partner.kind)
    if partner.is_person:
        return [entry.pattern(partner.token, partner.area) for entry in told]
    return [f"{partner.kind}.{partner.token}.>"] if told else []


def _use_of(consumer: Consumer) -> list[str]:
    """Fetch from one durable, look at it, acknowledge; not change it."""
    place = f"{consumer.stream}.{consumer.name}"
    return [f"$JS.API.CONSUMER.MSG.NEXT.{place}", f"$JS.API.CONSUMER.INFO.{place}", f"$JS.ACK.{place}.>"]


def _reader(stream: str, name: str) -> list[str]:
    """Read a whole stream through a consumer of this name, which is made and removed for it."""
    place = f"{stream}.{name}"
    return [
        f"$JS.API.CONSUMER.CREATE.{place}",
        f"$JS.API.CONSUMER.CREATE.{place}.>",
        f"$JS.API.CONSUMER.MSG.NEXT.{place}",
        f"$JS.API.CONSUMER.INFO.{place}",
        f"$JS.API.CONSUMER.DELETE.{place}",
    ]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The nodes of one bus, each ``host:port`` as the others reach it, and the secret by which they know each other.

    All nodes have the same configuration; each has its name from the variable SHIAN_NODE. (A name on the command line
    would keep the server from reading its configuration anew.)
    """

    nodes: Sequence[str]
    secret: str
    listen: str

    def text(self) -> str:
        """The cluster's lines of the configuration.

        The addresses of nodes are not told to clients, who may not reach them or not under the name in the certificate.
        """
        routes = json.dumps([f"nats://node:{self.secret}@{node}" for node in self.nodes])
        return (
            f"server_name: $SHIAN_NODE\ncluster {{\n  name: shian\n  listen: {json.dumps(self.listen)}\n"
            f"  no_advertise: true\n"
            f"  authorization {{ user: node, password: {json.dumps(self.secret)} }}\n  routes: {routes}\n}}\n"
        )


def server_config(  # noqa: PLR0913 - what one server is given
    users: Iterable[Grant],
    *,
    listen: str,
    store: Path,
    sync_interval: str = "always",
    cluster: Cluster | None = None,
    tls: Path | None = None,
) -> str:
    """The nats-server configuration: JetStream on disk, every write synced, these users and nobody else.

    ``tls`` is a folder with ``cert.pem`` and ``key.pem`` as the server sees it: then no connection is plain.
    """
    known = list(users)
    insiders = "".join(user.text() for user in known if not user.is_partner and not user.asks_servers)
    watch = "".join(user.text() for user in known if user.asks_servers)
    partners = "".join(user.text() for user in known if user.is_partner)
    doors = dict.fromkeys(subject for user in known if user.is_partner for subject in user.publish)
    exports = "".join(
        f"    {{ service: {json.dumps(door)}, response: {_response(door)}, accounts: [PARTNERS] }}\n" for door in doors
    )
    imports = "".join(f"    {{ service: {{ account: EXCHANGE, subject: {json.dumps(door)} }} }}\n" for door in doors)
    return (
        "# Generated from the catalogue of events and the partners file; do not edit.\n"
        f"listen: {json.dumps(listen)}\n"
        "max_payload: 1MB\n"
        f"{_encryption(tls) if tls else ''}{cluster.text() if cluster else ''}"
        f"jetstream {{ store_dir: {json.dumps(str(store))}, sync_interval: {sync_interval} }}\n"
        "accounts {\n"
        f"  EXCHANGE {{\n   jetstream: enabled\n   exports: [\n{exports}   ]\n   users: [\n{insiders}   ]\n  }}\n"
        f"  PARTNERS {{\n   imports: [\n{imports}   ]\n   users: [\n{partners}   ]\n  }}\n"
        f"  SYS {{\n   users: [\n{watch}   ]\n  }}\n"
        "}\nsystem_account: SYS\n"
    )


def _encryption(folder: Path) -> str:
    """Clients that begin encrypted and those that wait for the server's word are both let in, neither plain."""
    certificate, key = (json.dumps(str(folder / name)) for name in ("cert.pem", "key.pem"))
    return f"tls {{ cert_file: {certificate}, key_file: {key}, handshake_first: auto }}\n"


def _response(door: str) -> str:
    """One answer to a publish, many to a request for messages."""
    return '"stream"' if door.startswith("$JS.API.CONSUMER.MSG.NEXT.") else '"singleton"'
