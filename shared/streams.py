"""The streams and consumers of the exchange: made once by the steward, compared by every service at its start.

The libraries would silently overwrite a stream's configuration, or silently keep another one of a consumer; so both are
provisioned here and nowhere else, and a difference stops the start with its name.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from shared.contracts.catalogue import CATALOGUE, SERVICES, heard_by
from shared.failure import CannotStartError
from shared.partners import Partner
from shared.settings import Settings

LARGEST_PARTNER_MESSAGE = 256 * 1024
MOST_UNACKNOWLEDGED = 5000
REMEDY = (
    "What does not exist is made by `python -m services.provision streams`; for what differs, set SHIAN_REPLICAS, "
    "SHIAN_DUPLICATE_WINDOW and SHIAN_ACK_WAIT as they were, or change the bus by hand with the nats command."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Consumer:
    """A durable consumer: who reads which subjects of a stream."""

    stream: str
    name: str
    subjects: tuple[str, ...]


def consumers_of(service: str) -> tuple[Consumer, ...]:
    """One durable per stream that the service hears; of partners it hears everything that they may say."""
    streams = dict.fromkeys(entry.stream for entry in heard_by(service))
    return tuple(Consumer(stream, service, _subjects(service, stream)) for stream in streams)


def _subjects(service: str, stream: str) -> tuple[str, ...]:
    entries = heard_by(service, stream)
    if stream == "PARTNERS":
        return tuple(dict.fromkeys(f"{entry.type.partition('.')[0]}.>" for entry in entries))
    party = {"clock": service}
    return tuple(entry.pattern(party.get(entry.type.partition(".")[0], "")) for entry in entries)


def consumers_for(partner: Partner) -> tuple[Consumer, ...]:
    """The durables made for one partner, which only it can use."""
    streams = dict.fromkeys(entry.stream for entry in heard_by(partner.kind))
    return tuple(
        Consumer(
            stream,
            partner.user,
            tuple(
                dict.fromkeys(
                    entry.pattern(_party(entry.party, partner), _region(entry.party, partner))
                    for entry in heard_by(partner.kind, stream)
                )
            ),
        )
        for stream in streams
    )


def _party(form: str, partner: Partner) -> str:
    return {"": "", "one": partner.id, "kind and one": f"{partner.kind}.{partner.id}"}[form]


def _region(form: str, partner: Partner) -> str:
    """A county's own events; GB/T 2260 writes 00 for the level below, so 21.02.00 is all counties of the city."""
    return ".".join("*" if part == "00" else part for part in partner.region.split(".")) if form == "" else "*.*.*"


def stream_configs(settings: Settings) -> tuple[StreamConfig, ...]:
    """Every stream of the exchange; records are never deleted, purged or let go for age or size."""
    firsts: dict[str, list[str]] = {}
    for entry in CATALOGUE:
        subject = f"{entry.type.partition('.')[0]}.>"
        if subject not in firsts.setdefault(entry.stream, []):
            firsts[entry.stream].append(subject)
    firsts["DEAD"] = ["dead.>"]
    return tuple(
        StreamConfig(
            name=name,
            subjects=subjects,
            storage=StorageType.FILE,
            num_replicas=settings.replicas,
            duplicate_window=settings.duplicate_window.total_seconds(),
            max_age=0,
            max_msgs=-1,
            max_bytes=-1,
            deny_delete=True,
            deny_purge=True,
            allow_atomic=True,
            max_msg_size=LARGEST_PARTNER_MESSAGE if name == "PARTNERS" else -1,
        )
        for name, subjects in firsts.items()
    )


def consumer_config(consumer: Consumer, settings: Settings) -> ConsumerConfig:
    """A durable's configuration; it hands a message out until it is acknowledged, however often."""
    return ConsumerConfig(
        durable_name=consumer.name,
        filter_subjects=list(consumer.subjects),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=settings.ack_wait.total_seconds(),
        max_deliver=-1,
        max_ack_pending=MOST_UNACKNOWLEDGED,
    )


async def provision(jetstream: JetStreamContext, partners: Iterable[Partner], settings: Settings) -> None:
    """Make what is missing; raises CannotStartError where something exists and differs."""
    for config in stream_configs(settings):
        try:
            await jetstream.stream_info(str(config.name))
        except NotFoundError:
            await jetstream.add_stream(config)
    consumers = [consumer for service in SERVICES for consumer in consumers_of(service)]
    consumers += [consumer for partner in partners for consumer in consumers_for(partner)]
    for consumer in consumers:
        try:
            await jetstream.consumer_info(consumer.stream, consumer.name)
        except NotFoundError:
            await jetstream.add_consumer(consumer.stream, consumer_config(consumer, settings))
    await compare(jetstream, consumers, settings)


async def compare(jetstream: JetStreamContext, consumers: Sequence[Consumer], settings: Settings) -> None:
    """Raise CannotStartError naming every difference between the bus and what these consumers need."""
    faults: list[str] = []
    for config in stream_configs(settings):
        try:
            info = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            faults.append(f"stream {config.name} does not exist")
            continue
        faults += _differences(f"stream {config.name}", config, info.config)
    for consumer in consumers:
        name = f"consumer {consumer.name} of {consumer.stream}"
        try:
            found = await jetstream.consumer_info(consumer.stream, consumer.name)
        except NotFoundError:
            faults.append(f"{name} does not exist")
            continue
        faults += _differences(name, consumer_config(consumer, settings), found.config)
    if faults:
        message = f"The bus is not as this version needs it: {'; '.join(faults)}. {REMEDY}"
        raise CannotStartError(message)


def _differences(name: str, wanted: Any, found: Any) -> list[str]:
    return [
        f"{name} has {field.name} {_plain(actual)!r} instead of {_plain(expected)!r}"
        for field in dataclasses.fields(wanted)
        if (expected := getattr(wanted, field.name)) is not None
        and _plain(expected) != _plain(actual := getattr(found, field.name))
    ]


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
