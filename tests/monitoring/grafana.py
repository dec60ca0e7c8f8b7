"""What Grafana does with a dashboard before Prometheus sees it: takes it apart, and puts in what was chosen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ALL = {"region": ".*", "plan": ".*"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of one panel."""

    dashboard: str
    panel: str
    ref_id: str
    expression: str
    instant: bool

    def __str__(self) -> str:
        return f"{self.dashboard}, {self.panel!r}, query {self.ref_id}: {self.expression}"

    def filled_in(self, seconds: int, chosen: dict[str, str]) -> str:
        """As it is sent when the dashboard shows this many seconds, with these choices; raises where one is unknown."""
        known = {"__rate_interval": "15s", "__range": f"{seconds}s"} | chosen
        return re.sub(r"\$(\w+)", lambda found: known[found[1]], self.expression)


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """The panels that show something: neither headings nor arrows."""
    return [panel for panel in dashboard["panels"] if panel["type"] not in {"row", "text"}]


def queries(dashboard: dict[str, Any]) -> Iterator[Asked]:
    """Every query of a dashboard."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            instant = target.get("instant", False)
            yield Asked(dashboard["uid"], panel["title"], target["refId"], target["expr"], instant)


def chosen_in_regex(value: str) -> str:
    """A choice as Grafana writes it into a string of PromQL that holds a regular expression."""
    return re.sub(r"[$^*{}\[\]'+?.()|\\]", lambda found: "\\\\" + found[0], value)
