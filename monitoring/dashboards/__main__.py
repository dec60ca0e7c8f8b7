"""``python -m monitoring.dashboards`` writes the dashboards; with ``--check`` it says which are not fresh."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from monitoring.dashboards import bus, cases, overview, sampling

FOLDER = Path(__file__).parent.parent / "grafana" / "dashboards"


def dashboards() -> Mapping[str, Dashboard]:
    """Every dashboard, by the name of its file."""
    return {
        "overview": overview.dashboard(),
        "sampling": sampling.dashboard(),
        "cases": cases.dashboard(),
        "bus": bus.dashboard(),
    }


def written(dashboard: Dashboard) -> str:
    """A dashboard as Grafana reads it."""
    return json.dumps(dashboard, cls=JSONEncoder, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write or check; returns the exit code."""
    stale = []
    for name, dashboard in dashboards().items():
        path, text = FOLDER / f"{name}.json", written(dashboard)
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
            if "--check" not in arguments:
                FOLDER.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    if stale and "--check" in arguments:
        print("not fresh, run `python -m monitoring.dashboards`:", *stale)  # noqa: T201 - its output
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
