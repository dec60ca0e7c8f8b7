"""What every service counts: what was told, how long it took, and the batches that the bus did not confirm."""

import time

from shared.contracts import CaseClockMissed, ClockApproaching, ClockMissed
from shared.contracts.examples import EXAMPLES
from shared.metrics import Metrics
from tests.examples import failed_sample


def test_told_events_are_counted_by_type() -> None:
    """Each event that was told counts once under its type."""
    metrics = Metrics("sampling")
    metrics.count_told([(failed_sample("1"), "21.02.83")])
    metrics.count_told([(failed_sample("2"), "21.02.83")])
    assert 2 == metrics.registry.get_sample_value("shian_told_total", {"event": "food.sample.failed.v1"})


def test_what_did_not_happen_yet_is_shown_as_zero() -> None:
    """Every event of the service and every consumer has a zero before its first, so that the first is an increase."""
    metrics = Metrics("alerts")
    metrics.expect("alerts")
    value = metrics.registry.get_sample_value
    assert 0 == value("shian_told_total", {"event": "food.alert.raised.v1"})
    assert value("shian_told_total", {"event": "food.sample.failed.v1"}) is None
    for name in ("shian_heard_total", "shian_repeated_total", "shian_handler_failures_total"):
        assert 0 == value(name, {"consumer": "alerts"})


def test_missed_clocks_are_counted_by_kind_and_actor() -> None:
    """Each counts once, also where two regions are told of it; one that approaches does not; the others stay zero."""
    metrics = Metrics("enforcement")
    metrics.expect_clocks({"SMP-04": "laboratory", "REF-04": "police", "REF-02": "agency"})
    clocks = [event for event in EXAMPLES if isinstance(event, ClockMissed | CaseClockMissed | ClockApproaching)]
    told = [(event, region) for event in clocks for region in ("21.02.83", "21.02.02")]
    assert ["CaseClockMissed", "ClockApproaching", "ClockMissed"] == sorted(type(event).__name__ for event in clocks)
    metrics.count_told(told)
    metrics.count_told([(event, region) for event, region in told if isinstance(event, CaseClockMissed)])
    value = metrics.registry.get_sample_value
    assert 1 == value("shian_clocks_missed_total", {"kind": "SMP-04", "actor": "laboratory"})
    assert 2 == value("shian_clocks_missed_total", {"kind": "REF-04", "actor": "police"})
    assert 0 == value("shian_clocks_missed_total", {"kind": "REF-02", "actor": "agency"})


def test_latency_is_measured_from_the_beginning() -> None:
    """An event that was set off two minutes ago took two minutes; a clock that runs ahead measures as nothing."""
    metrics, event = Metrics("sampling"), "food.sample.failed.v1"
    metrics.count_latencies([(event, time.time() - 120), (event, time.time() + 120)])

    def below(seconds: str) -> float | None:
        return metrics.registry.get_sample_value("shian_event_latency_seconds_bucket", {"event": event, "le": seconds})

    assert [1, 1, 2] == [below("0.01"), below("60.0"), below("300.0")]


def test_age_of_what_is_not_confirmed() -> None:
    """The oldest batch's age is shown while there is one, and nothing once there is none."""
    metrics = Metrics("sampling")
    metrics.show_unconfirmed(3, time.time() - 60)
    assert 60 <= (metrics.registry.get_sample_value("shian_unconfirmed_oldest_seconds") or 0) < 70
    metrics.show_unconfirmed(0, 0)
    assert 0 == metrics.registry.get_sample_value("shian_unconfirmed_oldest_seconds")


def test_every_state_of_a_clock_is_shown() -> None:
    """A kind of clock shows each state, zeros too, with whom it binds."""
    metrics = Metrics("sampling")
    metrics.count_clocks({"SMP-04": "laboratory"}, {("SMP-04", "missed"): 2})
    labels = {"kind": "SMP-04", "actor": "laboratory"}
    shown = [
        metrics.registry.get_sample_value("shian_clocks", labels | {"state": state})
        for state in ("open", "approaching", "missed")
    ]
    assert [0, 0, 2] == shown
