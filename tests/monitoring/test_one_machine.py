"""Prometheus beside `make serve` finds every program by the file that each start writes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from services.system import PROGRAMS, System
from shared.settings import Settings
from tests.monitoring.rules import ROOT

CONFIG = ROOT / "monitoring" / "one-machine.yml"


def test_configuration_is_valid() -> None:
    """Debian's promtool takes the configuration and its rules."""
    if not (promtool := shutil.which("promtool")):
        pytest.skip("promtool is not here: it is in Debian's package prometheus")
    done = subprocess.run([promtool, "check", "config", str(CONFIG)], capture_output=True, text=True, check=False)
    assert (0, "8 rule files found") == (done.returncode, done.stdout.split("SUCCESS: ")[1].splitlines()[0])


def test_every_program_is_a_target_under_its_own_job(tmp_path: Path) -> None:
    """What a start writes is what `file_sd_configs` reads: the address of each program with its job."""
    system = System(tmp_path, Settings(), {program: 8000 + number for number, program in enumerate(PROGRAMS)})
    written = json.loads(json.dumps(system.targets()))
    assert [(["127.0.0.1:8000"], {"job": "sampling"}), (["127.0.0.1:8004"], {"job": "watch"})] == [
        (one["targets"], one["labels"]) for one in (written[0], written[-1])
    ]
