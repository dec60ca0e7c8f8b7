"""Metrics of a service, in a registry of its own; labels are few and bounded.

What all services count stands here, and each adds its own in ``services/<name>/metrics.py``. Counters and histograms
count what this process did, so replicas are summed; a gauge that is read from the database says the same in every
replica, so the greatest is taken and never the sum.
"""

import platform
import time
from collections import Counter as Numbers
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from sqlalchemy.pool import Pool, QueuePool

from shared.contracts import CaseClockMissed, ClockMissed, Event, told_by
from shared.workdays import beyond_calendar

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LATENCIES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
CLOCK_STATES = ("open", "approaching", "missed")
"""A statutory clock whose duty is not done: its end is far, was told to be near, or was told to be over."""


def count(counter: Counter, labels: Iterable[tuple[str, ...]]) -> None:
    """Add one to a counter for each of these labels."""
    for these, number in Numbers(labels).items():
        counter.labels(*these).inc(number)


class Build:
    """What a program was built from, as a metric."""

    def __init__(self, registry: CollectorRegistry, program: str) -> None:
        self._program = program
        self._info = Gauge(
            "shian_build_info",
            "The service that this is, and from what it was built.",
            ["service", "version", "revision", "python"],
            registry=registry,
        )

    def show(self, revision: str) -> None:
        """Show it, with the revision that the settings name."""
        self._info.labels(self._program, version("shian"), revision, platform.python_version()).set(1)


class Metrics:
    """What every service counts."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = registry = CollectorRegistry()
        self.build = Build(registry, service)
        self.heard = Counter("shian_heard", "Events answered.", ["consumer"], registry=registry)
        self.repeated = Counter(
            "shian_repeated", "Messages handed out again for an event answered before.", ["consumer"], registry=registry
        )
        self.refused = Counter("shian_refused", "Messages refused.", ["consumer", "reason"], registry=registry)
        self.failures = Counter("shian_handler_failures", "Failures of a handler.", ["consumer"], registry=registry)
        self.told = Counter("shian_told", "Events told, counted when they are committed.", ["event"], registry=registry)
        self.latency = Histogram(
            "shian_event_latency_seconds",
            "From the moment at which the bus stored what set an event off, outside the services, to its word that it "
            "has the event: from report to verdict, alert, referral, notice.",
            ["event"],
            buckets=_LATENCIES,
            registry=registry,
        )
        self.duplicate_on_first_publish = Counter(
            "shian_duplicate_on_first_publish",
            "Events that a stream already had when they were published for the first time: an alarm.",
            registry=registry,
        )
        self.unpublished = Counter(
            "shian_publish_retries", "Attempts to publish that the bus did not take.", registry=registry
        )
        self.size = Histogram(
            "shian_batch_messages", "Messages per batch.", ["consumer"], buckets=_SIZES, registry=registry
        )
        self.seconds = Histogram(
            "shian_batch_seconds",
            "Time to answer a batch and commit.",
            ["consumer"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.unconfirmed = Gauge(
            "shian_unconfirmed_batches",
            "Committed batches whose events the bus has not confirmed yet, as the database has them.",
            registry=registry,
        )
        self.unconfirmed_age = Gauge(
            "shian_unconfirmed_oldest_seconds",
            "Age of the oldest batch whose events the bus has not confirmed, as the database has it.",
            registry=registry,
        )
        self.part_healthy = Gauge(
            "shian_part_healthy",
            "Whether a part of the service works: bus, database, or one of its consumers.",
            ["part"],
            registry=registry,
        )
        self.gauge_failures = Counter(
            "shian_gauge_failures", "Looks at the database for a gauge that failed through a fault.", registry=registry
        )
        self.gauges_read = Gauge(
            "shian_gauges_read_timestamp_seconds",
            "When the gauges that the database tells were last read in full.",
            registry=registry,
        )
        self.pool = Gauge(
            "shian_database_connections",
            "Connections of the service's pool to its database: in use, or idle.",
            ["state"],
            registry=registry,
        )
        self.pool_size = Gauge(
            "shian_database_connections_max", "Connections that the pool has open at most.", registry=registry
        )
        self.clocks = Gauge(
            "shian_clocks",
            "Statutory clocks whose duty is not done, as the database has them.",
            ["kind", "actor", "state"],
            registry=registry,
        )
        self.clocks_missed = Counter(
            "shian_clocks_missed",
            "Statutory clocks told as missed, each once: those whose duty was not done at their end, and those whose "
            "duty was done late before that was noticed.",
            ["kind", "actor"],
            registry=registry,
        )
        registry.register(beyond_calendar)
        ProcessCollector(registry=registry)
        for entry in told_by(service):
            self.told.labels(entry.type)

    def expect(self, consumer: str) -> None:
        """Show a consumer's zeros from the start: one that first appears as 1 did not increase, for Prometheus."""
        for counter in (self.heard, self.repeated, self.failures):
            counter.labels(consumer)

    def expect_clocks(self, actors: Mapping[str, str]) -> None:
        """Show the zeros of these kinds of clock, each with whom it binds, from the start."""
        for kind, actor in actors.items():
            self.clocks_missed.labels(kind, actor)

    def show_pool(self, pool: Pool, at_most: int) -> None:
        """Show a pool as it is whenever somebody asks, and how many connections it may have."""
        assert isinstance(pool, QueuePool)  # noqa: S101 - for the type checker: what every database of a service has
        self.pool.labels("in_use").set_function(pool.checkedout)
        self.pool.labels("idle").set_function(pool.checkedin)
        self.pool_size.set(at_most)

    @contextmanager
    def handling(self, consumer: str, messages: int) -> Iterator[None]:
        """Measure one batch."""
        started = time.perf_counter()
        yield
        self.size.labels(consumer).observe(messages)
        self.seconds.labels(consumer).observe(time.perf_counter() - started)

    def count_told(self, told: Sequence[tuple[Event, str]]) -> None:
        """Count what was told once it is committed, each event with its region; a service counts more of its own here.

        A batch is counted in one go: each increment of its own costs more than all that is counted here together.
        """
        count(self.told, ((event.TYPE,) for event, _ in told))
        # in a case it is told to two regions where the police are of another one
        missed = {event.clock: event for event, _ in told if isinstance(event, ClockMissed | CaseClockMissed)}
        count(self.clocks_missed, ((event.kind, event.actor) for event in missed.values()))

    def count_latencies(self, begun: Sequence[tuple[str, float]]) -> None:
        """Measure how long ago that was which set these events off: type, and seconds since 1970."""
        now = time.time()
        of = {event: self.latency.labels(event) for event in {event for event, _ in begun}}
        for event, began in begun:
            of[event].observe(max(now - began, 0.0))

    def show_unconfirmed(self, batches: int, oldest: float) -> None:
        """Show how many batches the bus did not confirm yet, and the oldest's commit: seconds since 1970, or 0."""
        self.unconfirmed.set(batches)
        self.unconfirmed_age.set(max(time.time() - oldest, 0.0) if batches else 0)

    def show_parts(self, parts: Mapping[str, bool]) -> None:
        """Show which parts of the service work."""
        for part, healthy in parts.items():
            self.part_healthy.labels(part).set(healthy)

    def count_clocks(self, actors: Mapping[str, str], numbers: Mapping[tuple[str, str], int]) -> None:
        """Show how many clocks there are by kind and state; ``actors`` names who is bound, by kind, and shows zeros."""
        self.clocks.clear()
        for kind in {**actors, **{kind: "" for kind, _ in numbers}}:
            for state in CLOCK_STATES:
                self.clocks.labels(kind, actors.get(kind, "unknown"), state).set(numbers.get((kind, state), 0))
