"""What the alerts service counts beside what every service does."""

from collections.abc import Mapping, Sequence

from prometheus_client import Counter, Gauge

from shared.contracts import AlertCancelled, AlertRaised, Event, Level
from shared.metrics import Metrics, count


class AlertsMetrics(Metrics):
    """The metrics of the alerts service."""

    def __init__(self) -> None:
        super().__init__("alerts")
        self.raised = Counter("shian_alerts_raised", "Alerts raised.", ["region", "level"], registry=self.registry)
        self.cancelled = Counter(
            "shian_alerts_cancelled",
            "Alerts cancelled because their last failed sample was overturned.",
            ["region", "level"],
            registry=self.registry,
        )
        self.standing = Gauge(
            "shian_alerts", "Alerts that stand by level, as the database has them.", ["level"], registry=self.registry
        )

    def count_told(self, told: Sequence[tuple[Event, str]]) -> None:
        super().count_told(told)
        for counter, kind in ((self.raised, AlertRaised), (self.cancelled, AlertCancelled)):
            count(counter, ((region, event.level.value) for event, region in told if isinstance(event, kind)))

    def show_standing(self, numbers: Mapping[str, int]) -> None:
        """Show how many alerts stand by level; a level that none has is zero."""
        for level in Level:
            self.standing.labels(level.value).set(numbers.get(level.value, 0))
