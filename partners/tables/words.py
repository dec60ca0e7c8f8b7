"""The contract's word for each word that people use, by field; the table is ``data/words.csv``."""

import csv
from functools import cache
from importlib import resources


@cache
def words() -> dict[str, dict[str, str]]:
    """What people say and what the contract says for it, by field."""
    found: dict[str, dict[str, str]] = {}
    text = resources.files("partners.tables").joinpath("data/words.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["field"], {})[row["said"]] = row["value"]
    return found


def with_word(field: str, value: str) -> str:
    """A word of the contract with what people say for it: ``wet_market (农贸市场)``."""
    said = next((said for said, meant in words().get(field, {}).items() if meant == value and not said.isascii()), "")
    return f"{value} ({said})" if said else value
