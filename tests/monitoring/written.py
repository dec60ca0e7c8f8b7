"""The dashboards as they are written, by the name of their file."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent.parent / "monitoring" / "grafana" / "dashboards"
WRITTEN: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
