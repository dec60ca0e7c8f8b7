"""Working days and statutory periods in China."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.workdays import beyond_calendar, china_time, day_in_china, end_of_period, is_working_day, start_of_day

KNOWN = st.dates(date(2005, 1, 1), date(2026, 11, 30))
CHINA = timezone(timedelta(hours=8))


def beyond() -> float:
    """How many days were judged beyond the calendar's years."""
    return float(beyond_calendar._value.get())  # noqa: SLF001 - the client has no getter


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # National Day 2024: 1 to 7 October off, the Sunday before and the Saturday after worked
        ("2024-09-28", False),
        ("2024-09-29", True),
        ("2024-09-30", True),
        ("2024-10-01", False),
        ("2024-10-07", False),
        ("2024-10-08", True),
        ("2024-10-12", True),
        ("2024-10-13", False),
        # Spring Festival 2024: 10 to 17 February off, Sundays 4 and 18 February worked
        ("2024-02-03", False),
        ("2024-02-04", True),
        ("2024-02-09", True),
        ("2024-02-10", False),
        ("2024-02-17", False),
        ("2024-02-18", True),
        # Spring Festival 2025: eight days off, Sunday 26 January and Saturday 8 February worked
        ("2025-01-26", True),
        ("2025-01-28", False),
        ("2025-02-04", False),
        ("2025-02-08", True),
        # Spring Festival 2026: 15 to 23 February off, Saturdays 14 and 28 February worked
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-28", True),
        # Labour Day 2025 takes Sunday 27 April
        ("2025-04-27", True),
        ("2025-05-05", False),
        # an ordinary week
        ("2025-06-13", True),
        ("2025-06-14", False),
        ("2025-06-15", False),
    ],
)
def test_holidays_and_swapped_days(day: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """Holidays are off, and the weekend days that pay for them (调休) are worked."""
    assert expected == is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2025-06-09", 1, "2025-06-10"),
        ("2025-06-09", 5, "2025-06-16"),
        ("2025-06-13", 1, "2025-06-16"),
        ("2025-06-14", 1, "2025-06-16"),
        ("2024-09-30", 1, "2024-10-08"),
        ("2024-09-27", 1, "2024-09-29"),
        ("2024-09-30", 5, "2024-10-12"),
        ("2024-02-09", 2, "2024-02-19"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2025-12-31", 1, "2026-01-04"),
    ],
)
def test_period_ends_with_its_last_working_day(start: str, days: int, last: str) -> None:
    """A period of working days begins on the day after it was started and ends with the whole of its last day."""
    midnight = datetime.combine(date.fromisoformat(last) + timedelta(days=1), datetime.min.time(), CHINA)
    assert midnight == end_of_period(date.fromisoformat(start), days)


def test_day_of_the_start_does_not_count() -> None:
    """A period of no days ends with the day on which it starts."""
    assert end_of_period(date(2025, 6, 9), 0) == datetime(2025, 6, 10, tzinfo=CHINA)


@given(KNOWN, st.integers(0, 60))
def test_one_day_more_never_ends_earlier(start: date, days: int) -> None:
    """A longer period ends later, on a midnight in China after a working day."""
    if start + timedelta(days=120) > date(2026, 12, 31):
        return
    end, later = end_of_period(start, days), end_of_period(start, days + 1)
    assert later > end
    assert later.astimezone(CHINA).time() == datetime.min.time()
    assert is_working_day(day_in_china(later) - timedelta(days=1))


@given(KNOWN, st.integers(1, 40))
def test_period_holds_as_many_working_days_as_it_says(start: date, days: int) -> None:
    """Counted from the day after the start to the last day, there are exactly so many working days."""
    if start + timedelta(days=120) > date(2026, 12, 31):
        return
    last = day_in_china(end_of_period(start, days)) - timedelta(days=1)
    counted = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, counted)) == days


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2031-01-01", True), ("2031-01-03", True), ("2031-01-04", False), ("2031-01-05", False), ("1999-10-01", True)],
)
def test_beyond_the_calendar_only_weekends_are_off(day: str, expected: bool) -> None:  # noqa: FBT001 - a column
    """A day of a year that the calendar does not know is judged by its weekday, and counted."""
    before = beyond()
    assert expected == is_working_day(date.fromisoformat(day))
    assert beyond() == before + 1


def test_within_the_calendar_nothing_is_counted() -> None:
    """A day of a year that the calendar knows is not counted."""
    before = beyond()
    end_of_period(date(2025, 9, 30), 20)
    assert beyond() == before


def test_day_begins_at_midnight_in_china() -> None:
    """A day in China begins eight hours before it begins in UTC."""
    assert start_of_day(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 1, 23, tzinfo=timezone(timedelta(hours=-8))), date(2026, 3, 2)),
    ],
)
def test_day_of_a_moment_is_the_day_in_china(moment: datetime, expected: date) -> None:
    """Which day it is follows China's clock, whatever zone the moment is given in."""
    assert expected == day_in_china(moment)


def test_people_read_the_time_of_china() -> None:
    """A moment late in the day at Greenwich is said as the next morning in China."""
    assert "2026-11-25 00:30" == china_time(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))
