"""The reviewed tables of this package: facts with their source and whether it was checked."""

import csv
from collections.abc import Iterator
from importlib import resources


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table in ``data``, by column."""
    text = resources.files(__package__).joinpath(f"data/{name}").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def terms(cell: str) -> tuple[str, ...]:
    """What stands between the bars of a cell."""
    return tuple(term for term in cell.split("|") if term)


def is_verified(evidence: str) -> bool:
    """Whether the row was checked against its source."""
    return evidence.startswith("verified")
