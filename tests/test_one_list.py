"""Sampling and enforcement each hold the list of substances that must not be used, and it is one list."""

import csv
from pathlib import Path

SERVICES = Path(__file__).parents[1] / "services"
SAME = ("substance", "listed_as", "list", "citation", "scope", "counts")
AT_THE_JUDGEMENT = {"crop_restricted": "limited"}
"""A pesticide that some crops must not get: for the judgement a limit of its use, for the referral a use forbidden."""


def listed(service: str, file: str, begins: str, ends: str) -> list[tuple[str, ...]]:
    """The rows of a list, each as its class at the judgement, what it says and its dates."""
    with (SERVICES / service / "data" / file).open(encoding="utf-8", newline="") as text:
        return sorted(
            (AT_THE_JUDGEMENT.get(row["legal_class"], row["legal_class"]), *(row[c] for c in (*SAME, begins, ends)))
            for row in csv.DictReader(text)
        )


def test_what_is_prohibited_at_the_judgement_is_prohibited_at_the_referral() -> None:
    """A row that only one of the two gained would judge a food and refer nobody, or the other way round."""
    judged = listed("sampling", "legal_classes.csv", "effective_from", "effective_to")
    referred = listed("enforcement", "prohibited_substances.csv", "in_force_from", "in_force_to")

    assert judged
    assert referred == judged
