"""What the sampling service counts beside what every service does."""

from collections.abc import Mapping, Sequence

from prometheus_client import Counter, Gauge

from services.sampling.label_of_category import label_of
from shared.contracts import Event
from shared.contracts.sample import SampleJudged
from shared.metrics import Metrics, count


class SamplingMetrics(Metrics):
    """The metrics of the sampling service."""

    def __init__(self) -> None:
        super().__init__("sampling")
        registry = self.registry
        self.results = Counter(
            "shian_results",
            "Judged reports by outcome (pass, fail, unclear), by the top of the national tree of food categories "
            "(other where the tree does not know it), and by the county in which the sample was taken.",
            ["outcome", "category", "region"],
            registry=registry,
        )
        self.laboratories = Counter(
            "shian_laboratory_results",
            "Judged reports by laboratory; only one that is accredited on the exchange has any.",
            ["laboratory"],
            registry=registry,
        )
        self.working_day = Gauge(
            "shian_working_day", "1 on a working day in mainland China, with its holidays, else 0.", registry=registry
        )
        self.waiting = Gauge(
            "shian_results_waiting",
            "Reports that wait: for the form of their sample (form), or for a person to decide them (person); as the "
            "database has them.",
            ["waits_for"],
            registry=registry,
        )
        self.plan_samples = Gauge(
            "shian_plan_samples",
            "Samples of the plans in force by township: collected, tested or failed; as the database has them.",
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
            "How far a target of a plan in force is reached, as the database has it.",
            plan_target,
            registry=registry,
        )

    def count_told(self, told: Sequence[tuple[Event, str]]) -> None:
        super().count_told(told)
        judged = [(event, region) for event, region in told if isinstance(event, SampleJudged)]
        count(self.results, ((event.verdict.value, label_of(event.category), region) for event, region in judged))
        count(self.laboratories, ((event.laboratory,) for event, _ in judged))

    def show_waiting(self, *, form: int, person: int) -> None:
        """Show how many reports wait, and for what."""
        self.waiting.labels("form").set(form)
        self.waiting.labels("person").set(person)

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
