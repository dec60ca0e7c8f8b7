"""The statutory periods that sampling keeps, as data with their source."""

import csv
import functools
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from shared.workdays import end_of_period

FAILED_RESULT = "SMP-04"
"""A failed result is reported to the commissioning authority in 2 working days: the period runs from the laboratory's
conclusion until its report stands on the exchange, where the authority hears of it."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One statutory period in working days."""

    kind: str
    working_days: int
    actor: str
    duty: str
    citation: str
    verified: bool

    def end(self, start: date) -> datetime:
        """The end of the period's last day, for a period that starts on this day."""
        return end_of_period(start, self.working_days)


@functools.cache
def deadlines() -> dict[str, Deadline]:
    """Read the table of periods, by kind."""
    text = files("services.sampling").joinpath("data/deadlines.csv").read_text("utf-8")
    return {
        row["id"]: Deadline(
            kind=row["id"],
            working_days=int(row["amount"]),
            actor=row["actor"],
            duty=row["duty"],
            citation=row["legal_basis"],
            verified=row["evidence"] == "verified",
        )
        for row in csv.DictReader(text.splitlines())
        if row["unit"] == "working_days"
    }
