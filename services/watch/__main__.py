"""The watch alone: ``python -m services.watch``."""

import argparse
import functools
import sys
from pathlib import Path

from services.watch.app import build
from shared.program import run


def main() -> int:
    """The program; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.watch", description=__doc__)
    parser.add_argument(
        "--disk", type=Path, action="append", default=[], metavar="FOLDER", help="show the disk of this folder, too"
    )
    given = parser.parse_args()
    for folder in given.disk:
        if not folder.is_dir():
            parser.error(f"--disk {folder} is no folder that this program can see")
    return run("watch", functools.partial(build, folders=given.disk), [])


if __name__ == "__main__":
    sys.exit(main())
