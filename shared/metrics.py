"""Metrics of a service, in a registry of its own; labels are few and bounded."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.workdays import beyond_calendar

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """What every service counts."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        registry = self.registry
        self.heard = Counter("shian_heard", "Events answered.", ["consumer"], registry=registry)
        self.repeated = Counter(
            "shian_repeated", "Messages handed out again for an event answered before.", ["consumer"], registry=registry
        )
        self.refused = Counter("shian_refused", "Messages refused.", ["consumer", "reason"], registry=registry)
        self.failures = Counter("shian_handler_failures", "Failures of a handler.", ["consumer"], registry=registry)
        self.told = Counter("shian_told", "Events told, counted when they are committed.", ["event"], registry=registry)
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
        self.pending = Gauge(
            "shian_consumer_pending", "Messages that wait on the bus, as last seen.", ["consumer"], registry=registry
        )
        registry.register(beyond_calendar)
        info = Gauge("shian_service", "The service that this is.", ["service"], registry=registry)
        info.labels(service).set(1)

    @contextmanager
    def handling(self, consumer: str, messages: int) -> Iterator[None]:
        """Measure one batch."""
        started = time.perf_counter()
        yield
        self.size.labels(consumer).observe(messages)
        self.seconds.labels(consumer).observe(time.perf_counter() - started)
