"""A real Prometheus for one test, which scrapes every second; it is Debian's package ``prometheus``."""

import json
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from services.system import free_port

MISSING = "Debian's package prometheus is not installed"
FOREVER_FIRING = {
    "groups": [
        {
            "name": "test",
            "rules": [{"alert": "Fires", "expr": "vector(1)", "labels": {"severity": "page", "audience": "operator"}}],
        }
    ]
}


def is_installed() -> bool:
    """Whether there is a Prometheus here."""
    return shutil.which("prometheus") is not None


class Prometheus:
    """One server; ``targets`` names each job's addresses."""

    def __init__(self, folder: Path, targets: Mapping[str, Sequence[str]], rules: Mapping[str, Any]) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        jobs = dict(targets) | {"prometheus": [f"127.0.0.1:{self._port}"]}
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": list(addresses)}]} for job, addresses in jobs.items()
            ],
        }
        folder.mkdir()
        (folder / "prometheus.yml").write_text(json.dumps(config), "utf-8")  # JSON is YAML
        (folder / "rules.yml").write_text(json.dumps(rules), "utf-8")

    def __enter__(self) -> Self:
        command = [
            "prometheus",
            f"--config.file={self._folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self._folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self._port}",
        ]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text("utf-8"))
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)  # its data is thrown away
            self._process.wait()

    def asked(self, path: str, **parameters: str) -> Any:
        """What its API answers; raises RuntimeError with its words where it does not understand."""
        query = urllib.parse.urlencode({name.replace("match", "match[]"): value for name, value in parameters.items()})
        url = f"http://127.0.0.1:{self._port}/api/v1/{path}?{query}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            message = f"{parameters}: {error.read().decode()}"
            raise RuntimeError(message) from error

    def now(self, expression: str) -> list[float]:
        """The values of an expression at this moment."""
        return [float(series["value"][1]) for series in self.asked("query", query=expression)["result"]]

    def since(self, began: float, expression: str) -> list[float]:
        """All values of an expression, second by second since then."""
        window = {"start": f"{began}", "end": f"{time.time()}", "step": "1"}
        found = self.asked("query_range", query=expression, **window)["result"]
        return [float(value) for series in found for _, value in series["values"]]

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/-/ready", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
