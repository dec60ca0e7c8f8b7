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
    pages = {FOLDER / f"{name}.json": written(dashboard) for name, dashboard in dashboards().items()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if "--check" in arguments:
            print(f"{path} is not fresh: run `python -m monitoring.dashboards`", file=sys.stderr)  # noqa: T201
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], "utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
