"""Statutory periods: how long the law gives whom for what, and when such a period is over.

Each service keeps the table of its own periods, with source and mark. A period in hours runs to the minute from the
moment at which it starts; one in days, months or years ends with its last day in China, and the day on which it starts
does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shared.contracts import Period, Reason, RefusalReason
from shared.refusal import Refusal
from shared.workdays import china_time, day_in_china, end_of_period, knows_calendar_of, months_after, start_of_day

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Deadline:
    """One statutory period."""

    kind: str
    amount: int
    unit: str
    """hours, working_days, calendar_days, months or years."""
    actor: str
    duty: str
    citation: str
    verified: bool

    def end(self, start: date | datetime) -> datetime:
        """The moment at which a period that starts then is over."""
        if self.unit == "hours":
            begun = start if isinstance(start, datetime) else start_of_day(start)
            return begun + timedelta(hours=self.amount)
        day = day_in_china(start) if isinstance(start, datetime) else start
        if self.unit == "working_days":
            return end_of_period(day, self.amount)
        if self.unit == "calendar_days":
            return start_of_day(day + timedelta(days=self.amount + 1))
        months = self.amount * (MONTHS_OF_A_YEAR if self.unit == "years" else 1)
        return start_of_day(months_after(day, months) + timedelta(days=1))

    def period(self, clock: str, started: datetime, due: datetime) -> Period:
        """What is told of a clock that runs for this period."""
        return Period(
            clock=clock,
            actor=self.actor,
            duty=self.duty,
            started=started,
            due=due,
            citation=self.citation,
            verified=self.verified,
        )

    def last_day(self, start: date | datetime) -> date:
        """The last day in China on which the duty is done in time."""
        return day_in_china(self.end(start) - timedelta(microseconds=1))


def beyond_calendar(due: datetime) -> tuple[Reason, ...]:
    """Says that a period ends where no holiday calendar is published, so that only weekends were left out."""
    day = day_in_china(due - timedelta(microseconds=1))
    if knows_calendar_of(day):
        return ()
    text = f"The period ends on {day}, for which no holiday calendar is published yet; only weekends were left out."
    return (Reason(rule="beyond_calendar", text=text, citation="", verified=False),)


def deadlines_in(rows: Iterable[Mapping[str, str]]) -> dict[str, Deadline]:
    """The periods that the rows of a reviewed table name, by kind."""
    return {
        row["id"]: Deadline(
            kind=row["id"],
            amount=int(row["amount"]),
            unit=row["unit"],
            actor=row["actor"],
            duty=row["duty"],
            citation=row["legal_basis"],
            verified=row["evidence"].startswith("verified"),
        )
        for row in rows
    }


def fault_of_correction(clock: str, due: datetime, row: Any | None, region: str) -> Refusal | None:
    """Why an officer of this region may not give a clock, whose row this is, another end; or none."""
    if row is None:
        text = f"There is no clock {clock}; look at the list of clocks."
        return Refusal(RefusalReason.UNKNOWN_CLOCK, "data.clock", text)
    if row.region != region:
        text = f"Clock {clock} belongs to region {row.region}; its own officers correct it."
        return Refusal(RefusalReason.NOT_YOURS, "data.clock", text)
    if row.stopped is not None:
        text = f"Clock {clock} stopped at {china_time(row.stopped)}, when its duty was done; it has no end to correct."
        return Refusal(RefusalReason.WRONG_STATE, "data.clock", text)
    if due <= row.started:
        text = f"{china_time(due)} is not after {china_time(row.started)}, when the clock started; correct the end."
        return Refusal(RefusalReason.WRONG_DATES, "data.due", text)
    if due == row.due:
        text = f"Clock {clock} ends at {china_time(due)} already; nothing needs to be done."
        return Refusal(RefusalReason.ALREADY_DONE, "data.due", text)
    return None
