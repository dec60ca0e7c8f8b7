"""Statutory periods, whoever keeps them: when one ends, what is told of it, and who may correct its end."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import Period, RefusalReason
from shared.deadlines import Deadline, beyond_calendar, deadlines_in, fault_of_correction
from shared.workdays import CHINA, day_in_china, is_working_day, start_of_day

DAYS = st.dates(date(2020, 1, 1), date(2026, 6, 30))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
AMOUNTS = st.integers(min_value=1, max_value=40)
WHOLE_DAYS = st.sampled_from(["working_days", "calendar_days", "months", "years"])


def deadline(amount: int, unit: str) -> Deadline:
    """A period of this length."""
    return Deadline(
        "REF-04", amount, unit, "police", "decide to file or not", "国务院令第310号 (2020) Art 8", verified=True
    )


# when a period ends


@given(start=MOMENTS, hours=st.integers(min_value=1, max_value=100))
def test_hours_run_to_the_minute(start: datetime, hours: int) -> None:
    """They wait for no day's end, no weekend and no holiday."""
    assert start + timedelta(hours=hours) == deadline(hours, "hours").end(start)


def test_hours_from_a_day_run_from_its_beginning_in_china() -> None:
    """A day without a time begins at midnight in China."""
    assert datetime(2026, 3, 4, 4, tzinfo=CHINA) == deadline(4, "hours").end(date(2026, 3, 4))
    assert date(2026, 3, 4) == deadline(24, "hours").last_day(date(2026, 3, 4))


@given(start=DAYS, amount=AMOUNTS, unit=WHOLE_DAYS)
def test_period_ends_with_its_last_day(start: date, amount: int, unit: str) -> None:
    """The last day lies after the day of the start, and the period ends at midnight in China behind it."""
    period = deadline(amount, unit)
    last = period.last_day(start)
    assert start < last
    assert start_of_day(last + timedelta(days=1)) == period.end(start)


@given(start=MOMENTS, amount=AMOUNTS, unit=WHOLE_DAYS)
def test_day_of_the_start_is_chinas(start: datetime, amount: int, unit: str) -> None:
    """A period that starts at some moment is the one that starts on that moment's day in China."""
    assert deadline(amount, unit).end(day_in_china(start)) == deadline(amount, unit).end(start)


def test_evening_in_utc_is_tomorrow_in_china() -> None:
    """Half past four on Tuesday afternoon in UTC is Wednesday in China, and Thursday the first day that counts."""
    assert date(2026, 3, 5) == deadline(1, "working_days").last_day(datetime(2026, 3, 3, 16, 30, tzinfo=UTC))
    assert date(2026, 3, 4) == deadline(1, "working_days").last_day(datetime(2026, 3, 3, 15, 30, tzinfo=UTC))


@given(start=DAYS, amount=AMOUNTS, unit=WHOLE_DAYS)
def test_longer_period_ends_later(start: date, amount: int, unit: str) -> None:
    """One unit more is at least one day more."""
    assert deadline(amount, unit).end(start) < deadline(amount + 1, unit).end(start)


@given(start=DAYS, amount=AMOUNTS)
def test_working_days_are_counted_one_by_one(start: date, amount: int) -> None:
    """The last day is a working day, and as many working days lie behind the start as the period has."""
    last = deadline(amount, "working_days").last_day(start)
    days = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert is_working_day(last)
    assert amount == sum(map(is_working_day, days))


@given(start=DAYS, amount=AMOUNTS)
def test_calendar_days_are_all_days(start: date, amount: int) -> None:
    """Holidays or not."""
    assert start + timedelta(days=amount) == deadline(amount, "calendar_days").last_day(start)


@given(start=DAYS, amount=AMOUNTS)
def test_year_is_twelve_months(start: date, amount: int) -> None:
    """On any day, that of a leap year too."""
    assert deadline(12 * amount, "months").end(start) == deadline(amount, "years").end(start)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "last"),
    [
        (1, "months", "2026-01-31", "2026-02-28"),
        (1, "months", "2024-01-31", "2024-02-29"),
        (1, "months", "2026-12-15", "2027-01-15"),
        (1, "years", "2024-02-29", "2025-02-28"),
        (3, "years", "2026-03-04", "2029-03-04"),
    ],
)
def test_months_end_on_the_same_day_of_a_month(amount: int, unit: str, start: str, last: str) -> None:
    """Or on the last of a month that is shorter."""
    assert date.fromisoformat(last) == deadline(amount, unit).last_day(date.fromisoformat(start))


# what is told of it


def test_rows_of_a_reviewed_table_become_periods() -> None:
    """By their kind; what is not marked as verified is not given out as such."""
    row = {
        "id": "REF-04",
        "amount": "3",
        "unit": "calendar_days",
        "actor": "police",
        "duty": "decide to file or not",
        "legal_basis": "国务院令第310号 (2020) Art 8",
        "evidence": "verified against the official text",
    }
    read = deadlines_in([row, row | {"id": "REF-05", "evidence": "unverified"}, row | {"id": "REF-06", "evidence": ""}])
    assert deadline(3, "calendar_days") == read["REF-04"]
    assert {"REF-04": True, "REF-05": False, "REF-06": False} == {kind: one.verified for kind, one in read.items()}


def test_what_is_told_of_a_clock_has_its_source() -> None:
    """Whom it binds to what, from when to when, by which article, and whether that was checked."""
    started, due = datetime(2026, 3, 4, 2, tzinfo=UTC), datetime(2026, 3, 7, 16, tzinfo=UTC)
    assert deadline(3, "calendar_days").period("REF-04:C-7Q2M4ZK3XAWB", started, due) == Period(
        clock="REF-04:C-7Q2M4ZK3XAWB",
        actor="police",
        duty="decide to file or not",
        started=started,
        due=due,
        citation="国务院令第310号 (2020) Art 8",
        verified=True,
    )


def test_end_beyond_the_published_calendar_is_said() -> None:
    """The day that counts is the last of the period, not the midnight behind it; no calendar is older than 2004."""
    (reason,) = beyond_calendar(start_of_day(date(2004, 1, 1)))
    assert ("beyond_calendar", "", False) == (reason.rule, reason.citation, reason.verified)
    assert reason.text == (
        "The period ends on 2003-12-31, for which no holiday calendar is published yet; only weekends were left out."
    )
    assert () == beyond_calendar(start_of_day(date(2004, 1, 2)))


# who may correct its end

STARTED, DUE = datetime(2026, 3, 4, 2, tzinfo=UTC), datetime(2026, 3, 7, 16, tzinfo=UTC)


def clock(**changes: Any) -> SimpleNamespace:
    """The row of a clock that runs."""
    facts = {"region": "21.02.83", "started": STARTED, "due": DUE, "stopped": None}
    return SimpleNamespace(**(facts | changes))


@pytest.mark.parametrize(
    ("row", "due", "reason", "where", "explanation"),
    [
        (None, DUE, "unknown_clock", "data.clock", "There is no clock K; look at the list of clocks."),
        (
            clock(region="21.02.02"),
            DUE + timedelta(days=1),
            "not_yours",
            "data.clock",
            "Clock K belongs to region 21.02.02; its own officers correct it.",
        ),
        (
            clock(stopped=STARTED + timedelta(hours=1)),
            DUE + timedelta(days=1),
            "wrong_state",
            "data.clock",
            "Clock K stopped at 2026-03-04 11:00, when its duty was done; it has no end to correct.",
        ),
        (
            clock(),
            STARTED,
            "wrong_dates",
            "data.due",
            "2026-03-04 10:00 is not after 2026-03-04 10:00, when the clock started; correct the end.",
        ),
        (
            clock(),
            DUE,
            "already_done",
            "data.due",
            "Clock K ends at 2026-03-08 00:00 already; nothing needs to be done.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.count("_") == 1 else "",
)
def test_correction_that_cannot_be_taken_is_refused(
    row: SimpleNamespace | None, due: datetime, reason: str, where: str, explanation: str
) -> None:
    """With the field, in the time of China, and what to do."""
    fault = fault_of_correction("K", due, row, "21.02.83")
    assert fault is not None
    assert (RefusalReason(reason), where, explanation) == (fault.reason, fault.where, fault.explanation)


@pytest.mark.parametrize("due", [STARTED + timedelta(microseconds=1), DUE - timedelta(days=1), DUE + timedelta(days=9)])
def test_end_is_corrected_to_any_moment_after_the_start(due: datetime) -> None:
    """Earlier or later than the end that it had."""
    assert None is fault_of_correction("K", due, clock(), "21.02.83")


def test_another_region_learns_nothing_of_a_clock() -> None:
    """Whatever else is wrong, an officer of another region is told only whose clock it is."""
    row = clock(region="21.02.02", stopped=DUE)
    for due in (STARTED, DUE, DUE + timedelta(days=1)):
        fault = fault_of_correction("K", due, row, "21.02.83")
        assert fault is not None
        assert RefusalReason.NOT_YOURS == fault.reason
