"""What the insurance service counts beside what every service does."""

from collections.abc import Sequence

from prometheus_client import Counter

from shared.contracts import Event, InsurerNotified, NoticeNotDue, NoticeRetracted
from shared.metrics import Metrics, count


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

    def count_told(self, told: Sequence[tuple[Event, str]]) -> None:
        super().count_told(told)
        decided = ((region, _decision(event)) for event, region in told)
        count(self.decisions, ((region, decision) for region, decision in decided if decision))


def _decision(event: Event) -> str:
    if isinstance(event, NoticeNotDue):
        return event.reason.value
    return (
        "notified" if isinstance(event, InsurerNotified) else "retracted" if isinstance(event, NoticeRetracted) else ""
    )
