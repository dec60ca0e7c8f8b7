"""``docs/metrics.md``: every metric with its kind, labels and meaning, from the programs that show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from services.alerts.metrics import AlertsMetrics
from services.enforcement.metrics import EnforcementMetrics
from services.insurance.metrics import InsuranceMetrics
from services.sampling.metrics import SamplingMetrics
from services.watch.metrics import WatchMetrics

INTRODUCTION = """\
Each service and [the watch](operating.md) answer `/metrics`. A name, once released, keeps its meaning and its
labels; a change stands in the [changelog](../CHANGELOG.md) under Contracts. Labels are bounded: regions in which the
agency takes samples, closed lists, accredited laboratories, durable consumers.

- A **counter** or **histogram** counts what one process did since its start: `sum` over replicas, with `rate` or
  `increase`.
- A **gauge** that is read *from the database* or *from the bus* says the same in every replica: `max by (…)`, never
  `sum`.
- FastStream's own `faststream_*` metrics are not used: they count in its own loop, in whose place the services have
  theirs, and label by the whole subject, of which there is one for every laboratory and county.
- What did not happen yet is zero where its labels are known at the start: events by type, consumers, kinds of clock. By
  region a series begins with its first event; [the dashboards](dashboards.md) count that one, too.
- `process_*` are those of every Prometheus client: memory, processor time, open files.
"""


def programs() -> Mapping[str, CollectorRegistry]:
    """The metrics of each program, none of which runs."""
    return {
        "sampling": SamplingMetrics().registry,
        "alerts": AlertsMetrics().registry,
        "enforcement": EnforcementMetrics().registry,
        "insurance": InsuranceMetrics().registry,
        "watch": WatchMetrics().registry,
    }


def metrics_of(registry: CollectorRegistry) -> Iterable[MetricWrapperBase]:
    """The metrics of one program, in the order in which it declares them."""
    declared: Any = registry._collector_to_names  # noqa: SLF001 - the registry has no other list that keeps labels
    return [metric for metric in declared if isinstance(metric, MetricWrapperBase)]


def name_of(metric: MetricWrapperBase) -> str:
    """The name under which a metric is shown, without the endings of a histogram."""
    family = next(iter(metric.describe()))
    return f"{family.name}_total" if family.type == "counter" else family.name


def labels_of(metric: MetricWrapperBase) -> tuple[str, ...]:
    """The labels of a metric."""
    return tuple(metric._labelnames)  # noqa: SLF001 - a metric without samples shows them nowhere else


def metrics_page(note: str) -> str:
    """The page; ``note`` says that it is generated."""
    shown: dict[str, tuple[MetricWrapperBase, list[str]]] = {}
    found = programs()
    for program, registry in found.items():
        for metric in metrics_of(registry):
            shown.setdefault(name_of(metric), (metric, []))[1].append(program)
    services = [program for program in found if program != "watch"]
    groups = {"Every service": [name for name, (_, tellers) in shown.items() if set(services) <= set(tellers)]}
    for program in found:
        groups[program.capitalize()] = [name for name, (_, tellers) in shown.items() if tellers == [program]]
    lines = ["# Metrics", "", note, "", INTRODUCTION]
    for title, names in groups.items():
        lines += [f"## {title}", "", "| metric | kind | labels | |", "|---|---|---|---|"]
        lines += [_row(name, shown[name][0]) for name in names]
        lines.append("")
    return "\n".join(lines)


def _row(name: str, metric: MetricWrapperBase) -> str:
    family = next(iter(metric.describe()))
    labels = ", ".join(f"`{label}`" for label in labels_of(metric))
    return f"| `{name}` | {family.type} | {labels} | {family.documentation} |"
