"""Runs the sampling service alone."""

import sys

from services.sampling.app import build
from shared.program import run

if __name__ == "__main__":
    sys.exit(run("sampling", build, sys.argv[1:]))
