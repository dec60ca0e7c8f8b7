"""Objections: by when they are filed and reviewed."""

from datetime import date

import pytest

from services.sampling import objection
from shared.contracts.objection import ObjectionGround

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("ground", "last_day", "review"),
    [
        ("sampling", date(2026, 3, 9), "OBJ-04"),
        ("authenticity", date(2026, 3, 11), "OBJ-04"),
        ("method", date(2026, 3, 11), "OBJ-05"),
        ("standard", date(2026, 3, 11), "OBJ-05"),
        ("judgement", date(2026, 3, 11), "OBJ-05"),
    ],
)
def test_objection_is_late_after_its_last_day(ground: ObjectionGround, last_day: date, review: str) -> None:
    """5 working days from the sampling, 7 from the notice; what comes later is marked and reviewed all the same."""
    assert not objection.review(ground, last_day, MONDAY).late
    late = objection.review(ground, date(2026, 3, 12), MONDAY)
    assert (True, review) == (late.late, late.law.kind)


def test_before_the_notice_nothing_is_late() -> None:
    """A period that has not started is not over."""
    assert not objection.review("method", date(2030, 1, 1), None).late
