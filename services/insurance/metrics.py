"""What the insurance service counts beside what every service does."""

from prometheus_client import Counter

from shared.contracts import Event, InsurerNotified, NoticeNotDue, NoticeRetracted
from shared.metrics import Metrics


class InsuranceMetrics(Metrics):
    """The metrics of the insurance service."""

    def __init__(self) -> None:
        super().__init__("insurance")
        self.decisions = Counter(
            "shian_notice_decisions",
            "Whether an insurer was notified of a failed sample (notified, later perhaps retracted), or why not "
            "(nobody_named, no_policy, not_in_force).",
            ["region", "decision"],
            registry=self.registry,
        )

    def count_told(self, event: Event, region: str) -> None:
        super().count_told(event, region)
        if isinstance(event, InsurerNotified):
            self.decisions.labels(region, "notified").inc()
        elif isinstance(event, NoticeNotDue):
            self.decisions.labels(region, event.reason.value).inc()
        elif isinstance(event, NoticeRetracted):
            self.decisions.labels(region, "retracted").inc()
