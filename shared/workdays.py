"""Chinese working days, with holidays and swapped weekends (调休), and the ends of statutory periods.

The calendar is the library's, from the State Council's yearly notice; beyond the years that it knows only weekends
count as days off, which is said aloud and counted.
"""

import calendar
import functools
from datetime import date, datetime, time, timedelta, timezone

import chinese_calendar
import structlog
from prometheus_client import Counter

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
log = structlog.get_logger()

beyond_calendar = Counter(
    "shian_days_beyond_calendar", "Days judged without a published holiday calendar: weekends only.", registry=None
)


def is_working_day(day: date) -> bool:
    """Whether the day is a working day in mainland China."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        beyond_calendar.inc()
        log.warning("no holiday calendar", day=day.isoformat(), rule="weekends only")
        return day.weekday() < 5  # noqa: PLR2004 - Saturday


def knows_calendar_of(day: date) -> bool:
    """Whether the holidays of the day's year are published."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


@functools.lru_cache(maxsize=4096)
def end_of_period(start: date, working_days: int) -> datetime:
    """The end of the last day of a period in working days; the day on which it starts does not count.

    Days beyond the calendar are counted when a period is worked out, which is once while it is remembered.
    """
    day = start
    while working_days:
        day += timedelta(days=1)
        if is_working_day(day):
            working_days -= 1
    return start_of_day(day + timedelta(days=1))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def start_of_day(day: date) -> datetime:
    """Midnight in China at which the day begins."""
    return datetime.combine(day, time(), CHINA)


def day_in_china(moment: datetime) -> date:
    """The calendar day in China at a point in time."""
    return moment.astimezone(CHINA).date()


def china_time(moment: datetime) -> str:
    """A moment as people in China read it: ``2026-11-24 09:30``."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
