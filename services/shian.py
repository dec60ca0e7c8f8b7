"""The program ``shian``: it loads the commands, and ends without a word where Ctrl-C comes before they are loaded."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from services.command import main as run  # noqa: PLC0415 - it takes a second, in which Ctrl-C may come

        run()
    except KeyboardInterrupt:
        sys.exit(130)
