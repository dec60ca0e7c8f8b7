"""The statutory periods of sampling, with their source, each at its edge."""

from datetime import date, datetime, timedelta

import pytest

from services.sampling.deadlines import deadlines
from shared.deadlines import Deadline
from shared.workdays import CHINA


def midnight(day: str) -> datetime:
    """The moment at which a day in China begins."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA)


def test_failed_result_is_reported_within_two_working_days() -> None:
    """SMP-04 says who must do what, how soon, by which article, and that the article was checked."""
    assert deadlines()["SMP-04"] == Deadline(
        kind="SMP-04",
        amount=2,
        unit="working_days",
        actor="laboratory",
        duty="report to the commissioning authority",
        citation="食品安全抽样检验管理办法 (SAMR Order 15) Art 26",
        verified=True,
    )


def test_periods_are_those_of_the_law() -> None:
    """Every period that sampling keeps, with its unit."""
    assert {kind: f"{deadline.amount} {deadline.unit}" for kind, deadline in deadlines().items()} == {
        "SMP-01": "5 working_days",
        "SMP-02": "20 working_days",
        "SMP-03": "7 working_days",
        "SMP-04": "2 working_days",
        "SMP-05": "24 hours",
        "SMP-06": "3 months",
        "SMP-07": "6 months",
        "SMP-08": "2 years",
        "SMP-09": "5 working_days",
        "REI-01": "7 working_days",
        "REI-02": "5 working_days",
        "REI-03": "5 working_days",
        "REI-04": "3 working_days",
        "REI-05": "3 working_days",
        "REI-06": "10 working_days",
        "REI-07": "2 working_days",
        "REI-08": "4 hours",
        "REI-09": "5 working_days",
        "REI-10": "7 working_days",
        "OBJ-01": "7 working_days",
        "OBJ-02": "5 working_days",
        "OBJ-03": "5 working_days",
        "OBJ-04": "20 working_days",
        "OBJ-05": "30 working_days",
        "DSP-01": "5 working_days",
        "DSP-02": "90 calendar_days",
    }


def test_period_whose_source_was_not_checked_says_so() -> None:
    """A period from practice or memory is not given out as verified."""
    unverified = {kind for kind, deadline in deadlines().items() if not deadline.verified}
    assert unverified == {
        *("SMP-05", "SMP-09", "REI-02", "REI-04", "REI-07", "DSP-01", "DSP-02"),
        *("OBJ-01", "OBJ-02", "OBJ-03", "OBJ-04", "OBJ-05"),
    }


def test_every_period_can_be_told() -> None:
    """Every period has an actor, a duty and a citation; its kind is part of a clock's name and has no colon."""
    assert [d.kind for d in deadlines().values() if not (d.actor and d.duty and d.citation) or ":" in d.kind] == []


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        pytest.param("SMP-04", "2026-03-02", "2026-03-05", id="two days: Monday to the end of Wednesday"),
        pytest.param("SMP-04", "2026-03-06", "2026-03-11", id="two days: Friday over the weekend"),
        pytest.param("SMP-04", "2026-03-07", "2026-03-11", id="two days: Saturday"),
        pytest.param("SMP-04", "2026-02-12", "2026-02-15", id="two days: Thursday before a Saturday that is worked"),
        pytest.param("SMP-04", "2026-02-13", "2026-02-25", id="two days: Friday before it and the Spring Festival"),
        pytest.param("SMP-04", "2026-02-26", "2026-03-01", id="two days: over a Saturday that is worked after it"),
        pytest.param("SMP-01", "2026-02-11", "2026-02-26", id="delivery over the Spring Festival"),
        pytest.param("SMP-02", "2026-01-26", "2026-03-01", id="report over the Spring Festival"),
        pytest.param("SMP-03", "2026-02-11", "2026-02-28", id="pass over the Spring Festival"),
        pytest.param("SMP-09", "2026-04-30", "2026-05-12", id="notice over the May holiday"),
        pytest.param("REI-01", "2026-04-30", "2026-05-14", id="re-inspection asked for over the May holiday"),
        pytest.param("REI-09", "2026-04-30", "2026-05-12", id="re-inspection on the farm over the May holiday"),
        pytest.param("REI-04", "2026-02-13", "2026-02-26", id="reserve handed over after the Spring Festival"),
        pytest.param("REI-06", "2026-02-11", "2026-03-04", id="conclusion over the Spring Festival"),
        pytest.param("REI-10", "2026-02-11", "2026-02-28", id="conclusion on the farm over the Spring Festival"),
        pytest.param("REI-07", "2026-02-13", "2026-02-25", id="conclusion told after the Spring Festival"),
        pytest.param("OBJ-01", "2026-04-30", "2026-05-14", id="objection over the May holiday"),
        pytest.param("OBJ-04", "2026-01-26", "2026-03-01", id="review over the Spring Festival"),
        pytest.param("OBJ-05", "2026-01-26", "2026-03-14", id="long review over the Spring Festival"),
        pytest.param("DSP-02", "2026-01-01", "2026-04-02", id="ninety days, holidays or not"),
        pytest.param("SMP-06", "2026-01-31", "2026-05-01", id="three months to the shorter month's last day"),
        pytest.param("SMP-07", "2026-08-31", "2027-03-01", id="six months to the shorter month's last day"),
        pytest.param("SMP-08", "2024-02-29", "2026-03-01", id="two years from a leap day"),
    ],
)
def test_period_ends_with_its_last_day(kind: str, start: str, end: str) -> None:
    """A period ends at midnight in China after its last day; one microsecond earlier is still in time."""
    deadline = deadlines()[kind]
    assert midnight(end) == deadline.end(date.fromisoformat(start))
    assert date.fromisoformat(end) - timedelta(days=1) == deadline.last_day(date.fromisoformat(start))
