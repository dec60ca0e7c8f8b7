"""What the dashboards say of themselves, without a system: whole, placed, described, and right about replicas."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from services.metrics_reference import metrics_of, name_of, programs
from tests.monitoring.grafana import panels, queries
from tests.monitoring.written import WRITTEN

OF_ONE_PROCESS = {
    "shian_build_info",
    "shian_part_healthy",
    "shian_database_connections",
    "shian_database_connections_max",
    "shian_gauges_read_timestamp_seconds",
    "shian_bus_server_info",
    "shian_disk_readable",
}
"""Gauges that say something of the process that shows them or of its machine, or that are 1."""
OF_PROMETHEUS = {
    "ALERTS",
    "up",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_start_time_seconds",
}
KINDS = {
    name_of(metric): next(iter(metric.describe())).type
    for registry in programs().values()
    for metric in metrics_of(registry)
}
each_dashboard = pytest.mark.parametrize("name", list(WRITTEN))


def metrics_in(expression: str) -> set[str]:
    """The metrics that an expression asks for, histograms without their endings."""
    found = set(re.findall(r"\b(?:shian_\w+|process_\w+|up|ALERTS)\b", re.sub(r'"[^"]*"', "", expression)))
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in found}


@each_dashboard
def test_library_reads_what_is_written(name: str) -> None:
    """Grafana's own library reads the file and writes it again without a loss."""
    register_default_plugins()
    again = json.dumps(Dashboard.from_json(WRITTEN[name]), cls=JSONEncoder, sort_keys=True)
    assert WRITTEN[name] == json.loads(again)


def test_identities_are_fixed_and_unique() -> None:
    """Each dashboard has its own identity, each panel one in its dashboard, each query one in its panel."""
    assert ["shian-bus", "shian-cases", "shian-overview", "shian-sampling"] == [one["uid"] for one in WRITTEN.values()]
    for dashboard in WRITTEN.values():
        numbers = [panel["id"] for panel in dashboard["panels"]]
        assert list(range(1, len(numbers) + 1)) == numbers
        asked = [(query.panel, query.ref_id) for query in queries(dashboard)]
        assert len(set(asked)) == len(asked)


@each_dashboard
def test_every_panel_is_described(name: str) -> None:
    """A panel has a title, words on where its numbers come from, a unit, queries, and the chosen data source."""
    for panel in panels(WRITTEN[name]):
        title = panel["title"]
        assert title
        assert len(panel["description"]) > 20, title
        assert panel["fieldConfig"]["defaults"]["unit"], title
        assert panel["targets"], title
        for one in (panel, *panel["targets"]):
            assert {"type": "prometheus", "uid": "${datasource}"} == one["datasource"], title


@each_dashboard
def test_panels_stand_beside_each_other(name: str) -> None:
    """No panel leaves the grid of 24 columns or lies on another."""
    places = [panel["gridPos"] for panel in WRITTEN[name]["panels"]]
    assert [] == [place for place in places if place["x"] + place["w"] > 24]
    assert [] == [(one, other) for one, other in combinations(places, 2) if _overlap(one, other)]


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not (beside or above)


@each_dashboard
def test_tables_name_the_columns_that_they_have(name: str) -> None:
    """What a table renames are its labels and the values of its queries; what it styles are its headings."""
    for panel in panels(WRITTEN[name]):
        if panel["type"] != "table":
            continue
        options = panel["transformations"][1]["options"]
        references = [target["refId"] for target in panel["targets"]]
        values = {"Value"} if len(references) == 1 else {f"Value #{reference}" for reference in references}
        named: dict[str, str] = options["renameByName"]
        assert values == {field for field in named if field.startswith("Value")}, panel["title"]
        for field in named.keys() - values:
            assert all(re.search(rf"\b{field}\b", target["expr"]) for target in panel["targets"]), (
                panel["title"],
                field,
            )
        styled = {override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]}
        assert styled <= set(named.values()), panel["title"]


@each_dashboard
def test_metrics_exist(name: str) -> None:
    """Every query asks for metrics that a program shows, or that are Prometheus' own."""
    for query in queries(WRITTEN[name]):
        assert metrics_in(query.expression), query
        assert metrics_in(query.expression) <= KINDS.keys() | OF_PROMETHEUS, query


@each_dashboard
def test_replicas_are_not_added_up(name: str) -> None:
    """A gauge from a database or the bus is taken once (max by, over time at most), whatever is then done with it."""
    once = r"max(?: by \([\w, ]*\))? \(?{0}\b|max\({0}\b|min_over_time\({0}\b"
    for query in queries(WRITTEN[name]):
        for metric in metrics_in(query.expression) - OF_ONE_PROCESS:
            if KINDS.get(metric) == "gauge":
                used = len(re.findall(rf"\b{metric}\b", query.expression))
                assert used == len(re.findall(once.format(metric), query.expression)), query


@each_dashboard
def test_counters_are_rates(name: str) -> None:
    """A counter or histogram is never shown as it stands: a restart sets it back."""
    for query in queries(WRITTEN[name]):
        for metric in metrics_in(query.expression):
            if KINDS.get(metric) in {"counter", "histogram"}:
                assert re.search(rf"(rate|increase)\({metric}", query.expression), query


def test_every_metric_is_shown() -> None:
    """No metric of the exchange is left out of all dashboards."""
    shown = {
        metric
        for dashboard in WRITTEN.values()
        for query in queries(dashboard)
        for metric in metrics_in(query.expression)
    }
    assert set() == KINDS.keys() - shown


@each_dashboard
def test_choices_are_those_that_queries_use(name: str) -> None:
    """The data source is that of the composition unless another is chosen; no query uses a choice that is not there."""
    choices: dict[str, dict[str, Any]] = {one["name"]: one for one in WRITTEN[name]["templating"]["list"]}
    assert "prometheus" == choices["datasource"]["current"]["value"]
    used = {found for query in queries(WRITTEN[name]) for found in re.findall(r"\$(\w+)", query.expression)}
    assert used - {"__range", "__rate_interval"} == choices.keys() - {"datasource"}


def test_dashboards_lead_to_each_other() -> None:
    """Each has a link to all that have the tag, and has the tag."""
    for dashboard in WRITTEN.values():
        assert ["shian"] == dashboard["tags"] == dashboard["links"][0]["tags"]
