"""What the alerts service counts: alerts raised and cancelled by level, and those that stand."""

from services.alerts.metrics import AlertsMetrics
from shared.contracts import AlertCancelled, AlertRaised, Level
from shared.contracts.examples import EXAMPLES


def test_alerts_count_by_region_and_level() -> None:
    """An alert counts under its level when it is raised, and when it is cancelled."""
    metrics = AlertsMetrics()
    for example in EXAMPLES:
        if isinstance(example, AlertRaised | AlertCancelled):
            metrics.count_told([(example.model_copy(update={"level": Level.ORANGE}), "21.02.83")])
    labels = {"region": "21.02.83", "level": "orange"}
    assert 1 == metrics.registry.get_sample_value("shian_alerts_raised_total", labels)
    assert 1 == metrics.registry.get_sample_value("shian_alerts_cancelled_total", labels)


def test_every_level_is_shown() -> None:
    """A level at which no alert stands is zero, not absent."""
    metrics = AlertsMetrics()
    metrics.show_standing({"red": 2})
    shown = {level: metrics.registry.get_sample_value("shian_alerts", {"level": level}) for level in ("red", "blue")}
    assert {"red": 2, "blue": 0} == shown
