"""What the watch sees at one look."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSight:
    """One server of the bus."""

    server: str
    version: str
    sync_always: bool
    storage: int
    """Bytes."""
    storage_limit: int
    """Bytes."""
    connections: int
    slow_consumers: int
    certificate_ends: float | None
    """Seconds since 1970; none without TLS."""


@dataclass(frozen=True, slots=True)
class StreamSight:
    """One stream."""

    stream: str
    messages: int
    bytes: int
    replicas: Mapping[str, int]
    """How many copies are current, lagging and offline."""
    replicas_wanted: int


@dataclass(frozen=True, slots=True)
class ConsumerSight:
    """One durable consumer, of a service or of a partner."""

    stream: str
    consumer: str
    pending: int
    unacknowledged: int
    redelivered: int
    age: float
    """Of the oldest message that is not acknowledged, in seconds; 0 for none."""


@dataclass(frozen=True, slots=True)
class DiskSight:
    """The disk on which a folder lies, in bytes; or what is wrong with the folder, and then no bytes."""

    folder: str
    free: int = 0
    size: int = 0
    fault: str = ""
