"""Runs the enforcement service alone."""

import sys

from services.enforcement.app import build
from shared.program import run

if __name__ == "__main__":
    sys.exit(run("enforcement", build, sys.argv[1:]))
