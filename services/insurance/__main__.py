"""Runs the insurance service alone."""

import sys

from services.insurance.app import build
from shared.program import run

if __name__ == "__main__":
    sys.exit(run("insurance", build, sys.argv[1:]))
