"""What the enforcement service counts beside what every service does."""

from collections.abc import Mapping, Sequence

from prometheus_client import Counter, Gauge

from shared.contracts import CaseReferred, Event, ReferralDeclined, ReferralWithdrawn
from shared.metrics import Metrics, count


class EnforcementMetrics(Metrics):
    """The metrics of the enforcement service."""

    def __init__(self) -> None:
        super().__init__("enforcement")
        self.decisions = Counter(
            "shian_referral_decisions",
            "Whether a case was referred (referred, later perhaps withdrawn), or why not (the reason of the decline).",
            ["region", "decision"],
            registry=self.registry,
        )
        self.cases = Gauge(
            "shian_cases",
            "Cases by region and state, as the database has them; the report of one in the state reported waits for "
            "the second officer's signature, that of one in the state signed for the head's.",
            ["region", "state"],
            registry=self.registry,
        )
        self.cases_under_supervision = Gauge(
            "shian_cases_under_supervision",
            "Cases that are not ended, flagged as major or under joint supervision, as the database has them.",
            ["region", "supervision"],
            registry=self.registry,
        )
        self.cases_undecided = Gauge(
            "shian_referred_cases_undecided",
            "Referred cases on whose transfer nobody reported yet, as the database has them.",
            ["region"],
            registry=self.registry,
        )

    def count_told(self, told: Sequence[tuple[Event, str]]) -> None:
        super().count_told(told)
        decided = ((region, _decision(event)) for event, region in told)
        count(self.decisions, ((region, decision) for region, decision in decided if decision))

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


def _decision(event: Event) -> str:
    if isinstance(event, ReferralDeclined):
        return event.reason.value
    return (
        "referred" if isinstance(event, CaseReferred) else "withdrawn" if isinstance(event, ReferralWithdrawn) else ""
    )
