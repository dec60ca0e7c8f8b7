"""The streams and consumers of the exchange: made once by the steward, compared by every service at its start.

The libraries would silently overwrite a stream's configuration, or silently keep another one of a consumer; so both are
provisioned here and nowhere else, and a difference stops the start with its name.

One difference is put right: a version that knows more events than the last one has streams that take more subjects and
durables that hear more. They are widened in place. A durable keeps its position, what it handed out and what was
acknowledged; of the added subjects it hears what stands behind that position, and nothing of what stands before it.
So the bus is provisioned before the services of the new version start (see ``hearers``).
"""

import contextlib
import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from shared.contracts.catalogue import CATALOGUE, SERVICES, Entry, heard_by
from shared.failure import CannotStartError
from shared.partners import Partner
from shared.settings import Settings

LARGEST_PARTNER_MESSAGE = 256 * 1024
MOST_UNACKNOWLEDGED = 5000
REMEDY = (
    "What does not exist or lacks subjects is put right by `python -m services.provision streams`, another number of "
    "replicas by that with `--replicate`; for what differs otherwise, set SHIAN_REPLICAS, SHIAN_DUPLICATE_WINDOW and "
    "SHIAN_ACK_WAIT as they were, or change the bus by hand with the nats command."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Consumer:
    """A durable consumer: who reads which subjects of a stream."""

    stream: str
    name: str
    subjects: tuple[str, ...]


def consumers_of(service: str) -> tuple[Consumer, ...]:
    """One durable per stream that the service hears.

    Of each kind of partner one service hears everything, also what no event of the catalogue is, and answers that; a
    second one hears only its own events.
    """
    streams = dict.fromkeys(entry.stream for entry in heard_by(service))
    return tuple(Consumer(stream, service, _subjects(service, stream)) for stream in streams)


def _subjects(service: str, stream: str) -> tuple[str, ...]:
    entries = heard_by(service, stream)
    if stream == "PARTNERS":
        return tuple(
            dict.fromkeys(
                f"{_kind(entry)}.>" if _hears_everything(service, _kind(entry)) else entry.pattern()
                for entry in entries
            )
        )
    party = {"clock": service}
    return tuple(entry.pattern(party.get(entry.type.partition(".")[0], "")) for entry in entries)


def _kind(entry: Entry) -> str:
    return entry.type.partition(".")[0]


def _hears_everything(service: str, kind: str) -> bool:
    """Whether the service is the one that the catalogue names first for what partners of a kind say."""
    first = next(entry for entry in CATALOGUE if entry.stream == "PARTNERS" and _kind(entry) == kind)
    return first.consumers[0] == service


def consumers_for(partner: Partner) -> tuple[Consumer, ...]:
    """The durables made for one partner, which only it can use."""
    streams = dict.fromkeys(entry.stream for entry in heard_by(partner.kind))
    return tuple(
        Consumer(
            stream,
            partner.user,
            tuple(
                dict.fromkeys(
                    entry.pattern(_party(entry.party, partner), partner.area if entry.party == "" else "*.*.*")
                    for entry in heard_by(partner.kind, stream)
                )
            ),
        )
        for stream in streams
    )


def _party(form: str, partner: Partner) -> str:
    return {"": "", "one": partner.token, "kind and one": f"{partner.kind}.{partner.token}"}[form]


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
    """Make what is missing, widen what lacks subjects; raises CannotStartError where something else differs."""
    for config in stream_configs(settings):
        try:
            stream = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            await jetstream.add_stream(config)
            continue
        if only_lacks("subjects", config, stream.config):
            await jetstream.update_stream(stream.config.evolve(subjects=config.subjects))
    consumers = [consumer for service in SERVICES for consumer in consumers_of(service)]
    consumers += [consumer for partner in partners for consumer in consumers_for(partner)]
    for consumer in consumers:
        wanted = consumer_config(consumer, settings)
        try:
            durable = await jetstream.consumer_info(consumer.stream, consumer.name)
        except NotFoundError:
            await jetstream.add_consumer(consumer.stream, wanted)
            continue
        if only_lacks("filter_subjects", wanted, durable.config):
            widened = durable.config.evolve(filter_subjects=wanted.filter_subjects)
            await jetstream.add_consumer(consumer.stream, widened)
    await compare(jetstream, consumers, settings)


async def replicate(jetstream: JetStreamContext, settings: Settings) -> None:
    """Give each stream that exists as many copies as are set; a durable has as many as its stream.

    Raises CannotStartError where the bus has no place for them. A new copy is filled while the exchange runs.
    """
    for config in stream_configs(settings):
        with contextlib.suppress(NotFoundError):
            found = (await jetstream.stream_info(str(config.name))).config
            if found.num_replicas == settings.replicas:
                continue
            try:
                await jetstream.update_stream(found.evolve(num_replicas=settings.replicas))
            except APIError as error:
                message = (
                    f"Stream {config.name} cannot have {settings.replicas} replicas ({error.description}): that needs "
                    "as many nodes, all of them there; set SHIAN_REPLICAS accordingly."
                )
                raise CannotStartError(message) from error


async def compare(jetstream: JetStreamContext, consumers: Sequence[Consumer], settings: Settings) -> None:
    """Raise CannotStartError naming every difference between the bus and what these consumers need."""
    faults: list[str] = []
    for config in stream_configs(settings):
        try:
            info = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            faults.append(f"stream {config.name} does not exist")
            continue
        faults += _said(f"stream {config.name}", config, info.config)
    for consumer in consumers:
        name = f"consumer {consumer.name} of {consumer.stream}"
        try:
            found = await jetstream.consumer_info(consumer.stream, consumer.name)
        except NotFoundError:
            faults.append(f"{name} does not exist")
            continue
        faults += _said(name, consumer_config(consumer, settings), found.config)
    if faults:
        message = f"The bus is not as this version needs it: {'; '.join(faults)}. {REMEDY}"
        raise CannotStartError(message)


def _said(name: str, wanted: Any, found: Any) -> list[str]:
    return [
        f"{name} has {field} {actual!r} instead of {expected!r}"
        for field, (expected, actual) in _differences(wanted, found).items()
    ]


def _differences(wanted: Any, found: Any) -> dict[str, tuple[Any, Any]]:
    """Each field that is wanted and differs, as what is wanted and what was found."""
    return {
        field.name: (_plain(expected), _plain(actual))
        for field in dataclasses.fields(wanted)
        if (expected := getattr(wanted, field.name)) is not None
        and _plain(expected) != _plain(actual := getattr(found, field.name))
    }


def only_lacks(subjects: str, wanted: Any, found: Any) -> bool:
    """Whether nothing differs but that subjects are missing: each that was found is wanted, or lies within one."""
    differences = _differences(wanted, found)
    if differences.keys() != {subjects}:
        return False
    expected, actual = differences[subjects]
    return bool(actual) and all(any(lies_within(old, new) for new in expected) for old in actual)


def heard_through(config: ConsumerConfig) -> list[str]:
    """The subjects that a consumer hears, however its configuration names them."""
    return config.filter_subjects or [config.filter_subject or ">"]


def lies_within(narrow: str, wide: str) -> bool:
    """Whether every subject of one pattern is one of the other."""
    ours, theirs = narrow.split("."), wide.split(".")
    if theirs[-1] == ">":
        return len(ours) >= len(theirs) and all(map(_token_lies_within, ours, theirs[:-1]))
    return len(ours) == len(theirs) and all(map(_token_lies_within, ours, theirs))


def _token_lies_within(narrow: str, wide: str) -> bool:
    return narrow == wide or (wide == "*" and narrow != ">")


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
