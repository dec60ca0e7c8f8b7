"""Runs the alerts service alone."""

import sys

from services.alerts.app import build
from shared.program import run

if __name__ == "__main__":
    sys.exit(run("alerts", build, sys.argv[1:]))
