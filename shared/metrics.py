"""Metrics of a service, in a registry of its own; labels are few and bounded."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.workdays import beyond_calendar

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
CLOCK_STATES = ("open", "approaching", "missed")
"""A statutory clock whose duty is not done: its end is far, was told to be near, or was told to be over."""


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
        self.clocks = Gauge(
            "shian_clocks",
            "Statutory clocks whose duty is not done, as the database has them: every replica says the same.",
            ["kind", "actor", "state"],
            registry=registry,
        )
        self.plan_samples = Gauge(
            "shian_plan_samples",
            "Samples of the plans in force by township: collected, tested or failed.",
            ["region", "plan", "township", "name", "stage"],
            registry=registry,
        )
        self.plan_samples_wanted = Gauge(
            "shian_plan_samples_wanted",
            "Samples that the lines of a plan in force want of a township, where they name one.",
            ["region", "plan", "township"],
            registry=registry,
        )
        plan_target = ["region", "plan", "target"]
        self.plan_wanted = Gauge(
            "shian_plan_target_wanted", "What a target of a plan in force asks for.", plan_target, registry=registry
        )
        self.plan_reached = Gauge(
            "shian_plan_target_reached",
            "How far a target of a plan in force is reached.",
            plan_target,
            registry=registry,
        )
        self.cases = Gauge("shian_cases", "Cases by region and state.", ["region", "state"], registry=registry)
        self.cases_under_supervision = Gauge(
            "shian_cases_under_supervision",
            "Cases that are not ended, flagged as major or under joint supervision.",
            ["region", "supervision"],
            registry=registry,
        )
        self.cases_undecided = Gauge(
            "shian_referred_cases_undecided",
            "Referred cases on whose transfer nobody reported yet.",
            ["region"],
            registry=registry,
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

    def count_clocks(self, actors: Mapping[str, str], numbers: Mapping[tuple[str, str], int]) -> None:
        """Show how many clocks there are by kind and state; ``actors`` names who is bound, by kind, and shows zeros."""
        self.clocks.clear()
        for kind in {**actors, **{kind: "" for kind, _ in numbers}}:
            for state in CLOCK_STATES:
                self.clocks.labels(kind, actors.get(kind, "unknown"), state).set(numbers.get((kind, state), 0))

    def count_plans(
        self,
        samples: Mapping[tuple[str, str, str, str, str], int],
        wanted_samples: Mapping[tuple[str, str, str], int],
        targets: Mapping[tuple[str, str, str], tuple[float, float]],
    ) -> None:
        """Show the plans in force.

        Samples are by region, plan, township, name and stage, those wanted by region, plan and township; targets are
        wanted and reached.
        """
        for gauge in (self.plan_samples, self.plan_samples_wanted, self.plan_wanted, self.plan_reached):
            gauge.clear()
        for labels, number in samples.items():
            self.plan_samples.labels(*labels).set(number)
        for labels_of_township, number in wanted_samples.items():
            self.plan_samples_wanted.labels(*labels_of_township).set(number)
        for labels_of_target, (wanted, reached) in targets.items():
            self.plan_wanted.labels(*labels_of_target).set(wanted)
            self.plan_reached.labels(*labels_of_target).set(reached)

    def count_cases(
        self,
        states: Mapping[tuple[str, str], int],
        supervised: Mapping[tuple[str, str], int],
        undecided: Mapping[str, int],
    ) -> None:
        """Show the cases: by region and state, those under supervision by region and how, the undecided by region."""
        for gauge in (self.cases, self.cases_under_supervision, self.cases_undecided):
            gauge.clear()
        for labels, number in states.items():
            self.cases.labels(*labels).set(number)
        for labels, number in supervised.items():
            self.cases_under_supervision.labels(*labels).set(number)
        for region, number in undecided.items():
            self.cases_undecided.labels(region).set(number)
