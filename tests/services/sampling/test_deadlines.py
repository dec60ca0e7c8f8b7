"""The statutory periods of sampling, with their source."""

from datetime import date, datetime

import pytest

from services.sampling.deadlines import FAILED_RESULT, Deadline, deadlines
from shared.workdays import CHINA


def test_failed_result_is_reported_within_two_working_days() -> None:
    """SMP-04 says who must do what, how soon, by which article, and that the article was checked."""
    assert deadlines()[FAILED_RESULT] == Deadline(
        kind="SMP-04",
        working_days=2,
        actor="laboratory",
        duty="report to the commissioning authority",
        citation="食品安全抽样检验管理办法 (SAMR Order 15) Art 26",
        verified=True,
    )


def test_only_periods_in_working_days_are_kept() -> None:
    """Periods in hours, months and years are in the table for the reader and end no clock here."""
    assert {kind: deadline.working_days for kind, deadline in deadlines().items()} == {
        "SMP-01": 5,
        "SMP-02": 20,
        "SMP-03": 7,
        "SMP-04": 2,
        "SMP-09": 5,
    }


def test_period_whose_source_was_not_checked_says_so() -> None:
    """A period taken from practice is not given out as verified."""
    assert [kind for kind, deadline in deadlines().items() if not deadline.verified] == ["SMP-09"]


def test_every_period_can_be_told() -> None:
    """Every period has an actor, a duty and a citation; its kind is part of a clock's name and has no colon."""
    assert [d.kind for d in deadlines().values() if not (d.actor and d.duty and d.citation) or ":" in d.kind] == []


@pytest.mark.parametrize(
    ("concluded", "end"),
    [
        pytest.param("2026-03-02", "2026-03-05", id="Monday to the end of Wednesday"),
        pytest.param("2026-03-06", "2026-03-11", id="Friday over the weekend"),
        pytest.param("2026-03-07", "2026-03-11", id="Saturday"),
        pytest.param("2026-02-12", "2026-02-15", id="Thursday before a Saturday that is worked"),
        pytest.param("2026-02-13", "2026-02-25", id="Friday before it and the Spring Festival"),
        pytest.param("2026-02-26", "2026-03-01", id="Thursday before a Saturday that is worked after it"),
    ],
)
def test_failed_results_period_ends_with_the_second_working_day(concluded: str, end: str) -> None:
    """The period ends at midnight in China after the second working day that follows the conclusion."""
    expected = datetime.combine(date.fromisoformat(end), datetime.min.time(), CHINA)
    assert expected == deadlines()[FAILED_RESULT].end(date.fromisoformat(concluded))
