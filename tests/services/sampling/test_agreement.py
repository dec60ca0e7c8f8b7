"""Whether a report speaks of the sample that its form describes."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from services.sampling.agreement import refusal
from shared.contracts import RejectionReason
from tests.examples import report


def known(**changes: Any) -> SimpleNamespace:
    """What the exchange knows of sample S-1."""
    facts = {
        "product": "大米",
        "category": "粮食加工品",
        "production_date": None,
        "producer": "P0001",
        "laboratory": None,
        "state": "collected",
        "cleared": "",
        "sampled_at": datetime(2026, 2, 24, 1, 30, tzinfo=UTC),
    }
    return SimpleNamespace(**(facts | changes))


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ({}, {}),
        ({"product": "大米 "}, {}),
        ({"product": "大米（散装）"}, {"product": "大米(散装)"}),
        ({"production_date": date(2026, 2, 1)}, {}),
        ({"producer": None}, {}),
        ({"concluded_on": date(2026, 2, 24)}, {}),
        ({}, {"producer": None}),
        ({}, {"laboratory": "L0142", "state": "received"}),
    ],
)
def test_report_that_agrees_is_taken(said: dict[str, Any], form: dict[str, Any]) -> None:
    """Width, spaces and what one of the two leaves open make no difference."""
    assert refusal(report("1", **said), known(**form), "L0142") is None


@pytest.mark.parametrize(
    ("said", "form", "where"),
    [
        ({"product": "草鱼"}, {}, "data.product"),
        ({"category": "食用农产品"}, {}, "data.category"),
        ({"production_date": date(2026, 2, 1)}, {"production_date": date(2026, 2, 2)}, "data.production_date"),
        ({"producer": "P0002"}, {}, "data.producer"),
        ({"concluded_on": date(2026, 2, 23)}, {}, "data.concluded_on"),
        ({}, {"state": "void"}, "data.sample_no"),
        ({}, {"laboratory": "L0200"}, "data.sample_no"),
        ({}, {"laboratory": "L0142", "state": "refused"}, "data.sample_no"),
    ],
)
def test_report_that_differs_is_refused(said: dict[str, Any], form: dict[str, Any], where: str) -> None:
    """Another product, date, producer or laboratory, or a refused sample, is named with what the form says."""
    found = refusal(report("1", **said), known(**form), "L0142")
    assert found is not None
    assert (found.reason, found.where) == (RejectionReason.DIFFERS_FROM_FORM, where)
    assert "S-1" in found.explanation


def test_what_a_reinspection_cleared_is_not_reported_again() -> None:
    """A failure that was overturned for good does not come back under another number; other analytes may."""
    found = refusal(report("1"), known(cleared="镉|孔雀石绿"), "L0142")
    assert found is not None
    assert (found.reason, found.where) == (RejectionReason.CHANGED, "data.determinations")
    assert refusal(report("1"), known(cleared="孔雀石绿"), "L0142") is None
