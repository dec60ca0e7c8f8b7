"""A statutory clock in one line: whom it binds to what, until when, by which law, and how it stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from services.enforcement import deadlines as of_cases
from services.sampling import deadlines as of_samples
from shared.clocks import kind_of
from shared.tables import Tables
from shared.workdays import CHINA


def running(tables: Tables) -> Select[Any]:
    """The query for one service's clocks whose duty is not done, by their end."""
    return select(tables.clock).where(tables.clock.c.stopped.is_(None)).order_by(tables.clock.c.due)


def line(row: Row[Any]) -> str:
    """One clock."""
    duty = (of_samples.deadlines() | of_cases.deadlines())[kind_of(row.clock)]
    ended = f"stopped {minute(row.stopped)}" if row.stopped else "runs" if row.next else "missed"
    mark = "" if duty.verified else ", unverified"
    return f"{row.clock}  until {minute(row.due)}  {ended}: {duty.actor} must {duty.duty} ({duty.citation}{mark})"


def minute(moment: Any) -> str:
    """A point in time as people in China read it."""
    return str(moment.astimezone(CHINA).isoformat(sep=" ", timespec="minutes"))


def instant(moment: datetime) -> str:
    """A point in time as people in China read it, to the millisecond."""
    return moment.astimezone(CHINA).isoformat(sep=" ", timespec="milliseconds")
