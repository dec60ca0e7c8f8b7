"""How the dashboards ask: replicas are taken once, counters as rates, and no metric that is not there."""

from collections.abc import Callable

import pytest

from monitoring.dashboards.queries import counted, each, kept, or_zero, per_minute, quantile, total


def test_gauge_is_taken_once_over_all_of_its_labels() -> None:
    """The greatest over the replicas, label set by label set, and only then the sum."""
    assert 'max by (region, state) (shian_cases{state="open"})' == kept("shian_cases", 'state="open"')
    assert "sum by (region) (max by (region, state) (shian_cases))" == total("shian_cases", by="region")


def test_counter_is_a_rate() -> None:
    """Per minute, over the interval that Grafana chooses."""
    assert "sum by (event) (rate(shian_told_total[$__rate_interval])) * 60" == per_minute(
        "shian_told_total", by="event"
    )


def test_new_series_counts_as_it_stands() -> None:
    """What was not counted before the period began is all of the period; an increase would miss its first."""
    series = 'shian_told_total{event="x"}'
    expected = f"sum(({series} unless {series} offset $__range) or increase({series}[$__range]))"
    assert expected == counted("shian_told_total", 'event="x"')
    assert f"{expected} or vector(0)" == or_zero(counted("shian_told_total", 'event="x"'))


def test_quantile_is_over_all_replicas() -> None:
    """Buckets are added up before the quantile is taken."""
    expected = "histogram_quantile(0.99, sum by (le, consumer) (rate(shian_batch_seconds_bucket[$__rate_interval])))"
    assert expected == quantile(0.99, "shian_batch_seconds", by="consumer")


@pytest.mark.parametrize("ask", [kept, total, each, per_minute, counted])
def test_unknown_metric_is_refused(ask: Callable[[str], str]) -> None:
    """A dashboard that asks for a metric which no program shows is not built."""
    with pytest.raises(KeyError, match="shian_nothing"):
        ask("shian_nothing")
