"""The rules of Prometheus and their tests, as they are shipped."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from services.metrics_reference import labels_of, metrics_of, name_of, programs

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "monitoring" / "rules").glob("*.rules.yml"))
ENDINGS = {"histogram": ("_bucket", "_count", "_sum")}
FOREIGN = re.compile(r"up|process_start_time_seconds|prometheus_\w+|alertmanager_\w+")
"""Prometheus' own, and those of every client."""


def trials_file(file: Path) -> Path:
    """The file with the tests of a file of rules."""
    return file.with_name(file.name.replace(".rules.", ".test."))


def rules() -> list[dict[str, Any]]:
    """Every rule."""
    groups = [group for file in FILES for group in yaml.safe_load(file.read_text("utf-8"))["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    """Every rule that alerts."""
    return [rule for rule in rules() if "alert" in rule]


def trials() -> list[dict[str, Any]]:
    """Every trial of the rules: series, and what must come of them."""
    return [trial for file in FILES for trial in yaml.safe_load(trials_file(file).read_text("utf-8"))["tests"]]


def shown() -> dict[str, tuple[str, frozenset[str]]]:
    """Every name that a program shows, with its kind and labels."""
    return {
        name: (kind, labels)
        for registry in programs().values()
        for metric in _all(registry)
        for name, kind, labels in _names(metric)
    }


def _all(registry: CollectorRegistry) -> Iterator[MetricWrapperBase]:
    yield from metrics_of(registry)


def _names(metric: MetricWrapperBase) -> Iterator[tuple[str, str, frozenset[str]]]:
    kind = next(iter(metric.describe())).type
    labels = frozenset(labels_of(metric)) | ({"le"} if kind == "histogram" else set())
    for ending in ENDINGS.get(kind, ("",)):
        yield name_of(metric) + ending, kind, labels


def selectors(expression: str) -> list[tuple[str, frozenset[str]]]:
    """The names of metrics and records in an expression, each with the labels that it is selected by."""
    found = re.findall(
        r"(?<![\w:\"])(\w+:\w+:\w+|up|\w+_\w+)\b(?!\s*\()(?:\{([^}]*)\})?", _without_groupings(expression)
    )
    return [
        (name, frozenset(re.findall(r"(\w+)\s*[=!]", re.sub(r'"[^"]*"', '""', matchers)))) for name, matchers in found
    ]


def _without_groupings(expression: str) -> str:
    return re.sub(r"\b(by|on|without|ignoring)\s*\([^)]*\)|\bgroup_left\b|#.*", " ", expression)


def summed(expression: str) -> Iterator[str]:
    """What is within each sum over series of an expression."""
    for start in re.finditer(r"\bsum\b(?:\s*by\s*\([^)]*\))?\s*\(", expression):
        depth, end = 1, start.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(expression[end], 0)
            end += 1
        yield expression[start.end() : end - 1]
