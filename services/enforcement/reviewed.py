"""The reviewed tables in ``data/``: law and names as rows with their source, never as code."""

import csv
from importlib import resources


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table such as ``grounds.csv``; no cell holds a line break."""
    text = resources.files(__package__).joinpath("data", table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
