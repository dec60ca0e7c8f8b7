"""The rules of Prometheus: valid, each tried, and about metrics, people and pages that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest

from services.enforcement import deadlines as of_cases
from services.sampling import deadlines as of_samples
from shared.contracts import CATALOGUE
from shared.metrics import Metrics
from tests.monitoring.rules import FILES, FOREIGN, ROOT, alerts, rules, selectors, shown, summed, trials, trials_file

AT_ONCE = {"Watchdog"}
"""Alerts that need not last before they fire: this one always does."""
BY_DISCOVERY = {"job", "instance", "integration", "rule_group"}
"""Labels that a scrape adds, or that are not ours."""

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed here: Debian's package prometheus"
)


def promtool(*arguments: str | Path) -> tuple[int, str]:
    """What promtool answers: its exit code and what it prints."""
    command = ["promtool", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


@needs_promtool
def test_rules_are_valid() -> None:
    """Prometheus would take every file."""
    code, said = promtool("check", "rules", *FILES)
    assert 0 == code, said


@needs_promtool
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_rules_do_what_their_tests_say(file: Path) -> None:
    """Each fires with these labels and sentences when it must, and not before, nor just below."""
    code, said = promtool("test", "rules", trials_file(file))
    assert 0 == code, said


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_trials_evaluate_groups_in_order(file: Path) -> None:
    """Where a group reads what another records, trials say which comes first; otherwise it would be left to chance."""
    groups = [group["name"] for group in yaml.safe_load(file.read_text("utf-8"))["groups"]]
    order = yaml.safe_load(trials_file(file).read_text("utf-8")).get("group_eval_order", groups[:1])
    assert groups == order


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_alert_says_whom_it_calls_and_what_to_do(alert: dict[str, object]) -> None:
    """It has severity, audience, the time for which it must hold, two sentences, and its section in the runbook."""
    name, labels, annotations = alert["alert"], alert["labels"], alert["annotations"]
    assert isinstance(name, str)
    assert isinstance(labels, dict)
    assert isinstance(annotations, dict)
    assert labels["severity"] in {"page", "ticket", "info"}
    assert labels["audience"] in {"operator", "agency"}
    assert ("for" in alert) is (name not in AT_ONCE)
    assert {"summary", "description", "runbook_url"} == set(annotations)
    assert f"docs/runbook.md#{name.lower()}" == annotations["runbook_url"]


def test_runbook_has_a_section_for_each_alert() -> None:
    """No alert is without one, and none is about an alert that is not there."""
    text = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    assert sorted({alert["alert"] for alert in alerts()}) == sorted(re.findall(r"^### (\w+)$", text, re.MULTILINE))


def test_every_alert_is_tried() -> None:
    """There are series that fire it, and series, or a time, that do not."""
    checks = [check for trial in trials() for check in trial["alert_rule_test"]]
    assert {alert["alert"] for alert in alerts()} == {check["alertname"] for check in checks if check["exp_alerts"]}
    assert AT_ONCE == {alert["alert"] for alert in alerts()} - {
        check["alertname"] for check in checks if not check["exp_alerts"]
    }


def test_rules_are_about_metrics_that_exist() -> None:
    """Each name and each label in a rule, and in the series by which it is tried, is one that a program shows."""
    programs, recorded = shown(), {rule["record"] for rule in rules() if "record" in rule}
    expressions = [rule["expr"] for rule in rules()]
    series = [one["series"] for trial in trials() for one in trial["input_series"]]
    for name, labels in (found for text in expressions + series for found in selectors(text)):
        if name in programs:
            assert labels <= programs[name][1] | BY_DISCOVERY, name
        else:
            assert name in recorded or FOREIGN.fullmatch(name), name


def test_gauge_is_never_summed_over_replicas() -> None:
    """What each replica reads from the same database or bus would count once for each."""
    gauges = {name for name, (kind, _) in shown().items() if kind == "gauge"}
    for rule in rules():
        names = {name for part in summed(rule["expr"]) for name, _ in selectors(part)}
        assert set() == names & gauges
        assert not any(name.endswith(":max") for name in names)


def test_objective_is_about_what_follows_from_a_failed_sample() -> None:
    """The events whose lateness is counted are these, and 5 s is an edge of the histogram as it is printed."""
    (pattern,) = {
        found for rule in rules() for found in re.findall(r'_seconds_count\{\s*event=~"([^"]+)"', rule["expr"])
    }
    assert [
        "food.sample.failed.v1",
        "food.alert.raised.v1",
        "food.alert.updated.v1",
        "case.opened.v1",
        "case.joined.v1",
        "case.referred.v1",
        "case.referral.declined.v1",
        "notice.insurer.notified.v1",
        "notice.notdue.v1",
    ] == [entry.type for entry in CATALOGUE if re.fullmatch(pattern, entry.type)]
    metrics = Metrics("alerts")
    metrics.latency.labels("food.alert.raised.v1")
    assert b'{event="food.alert.raised.v1",le="5.0"}' in generate_latest(metrics.registry)


def test_clocks_are_told_apart_by_actors_that_exist() -> None:
    """Each actor that a rule names is bound by a period of the law."""
    actors = {law.actor for law in (of_samples.deadlines() | of_cases.deadlines()).values()}
    patterns = {found for rule in rules() for found in re.findall(r'actor[!=]~"([^"]+)"', rule["expr"])}
    for pattern in (
        one
        for found in patterns
        for one in re.sub(r"\(sampled\|tested\) unit\.\*", "sampled unit.*|tested unit", found).split("|")
    ):
        assert any(re.fullmatch(pattern, actor) for actor in actors), pattern


def test_inhibitions_are_about_alerts_that_exist() -> None:
    """Each alert that one silences, or is silenced by, is there."""
    names = {alert["alert"] for alert in alerts()}
    config = yaml.safe_load((ROOT / "monitoring" / "alertmanager.yml").read_text("utf-8"))
    for rule in config["inhibit_rules"]:
        for matcher in (*rule["source_matchers"], *rule["target_matchers"]):
            found = re.fullmatch(r'alertname=~?"([^"]+)"', matcher)
            for pattern in found[1].split("|") if found else ():
                assert any(re.fullmatch(pattern, name) for name in names), pattern
