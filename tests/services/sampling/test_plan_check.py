"""What a plan is refused for, and what only warns."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from services.sampling.plan_check import form_warnings, refusal, warnings
from shared.contracts import PlanAdopted, PlanLine, RefusalReason
from tests.examples import form, report

REGION = "21.02.83"


@dataclass(frozen=True)
class Known:
    """A plan that is in force."""

    plan_no: str = "PLAN-2026"
    kind: str = "annual"
    starts: date = date(2026, 1, 1)
    ends: date = date(2026, 12, 31)


def plan(*townships: str | None, **changes: Any) -> PlanAdopted:
    """A plan of 2026 with a line for each township."""
    facts: dict[str, Any] = {
        "plan_no": "OTHER-2026",
        "title": "Another",
        "kind": "annual",
        "starts": date(2026, 1, 1),
        "ends": date(2026, 12, 31),
        "lines": tuple(PlanLine(township=township, samples=1) for township in townships or (None,)),
    }
    return PlanAdopted(**(facts | changes))


def test_township_belongs_to_the_county() -> None:
    """The first line whose township lies in another county is named."""
    assert refusal(plan("210283104", None), REGION, ()) is None
    refused = refusal(plan("210283104", "210281001", "210282001"), REGION, ())
    assert refused is not None
    assert (RefusalReason.WRONG_PLACE, "data.lines.1.township") == (refused.reason, refused.where)
    assert "Township 210281001 is not in county 210283" in refused.explanation


@pytest.mark.parametrize(
    ("starts", "ends", "taken"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), True),
        (date(2025, 1, 1), date(2026, 1, 1), False),
        (date(2026, 6, 1), date(2026, 6, 1), False),
        (date(2026, 12, 31), date(2027, 12, 31), False),
        (date(2027, 1, 1), date(2027, 12, 31), True),
    ],
)
def test_no_day_has_two_annual_plans(starts: date, ends: date, *, taken: bool) -> None:
    """An annual plan that shares a day with another of its county is refused, for whole days at both ends."""
    refused = refusal(plan(starts=starts, ends=ends), REGION, [Known()])
    assert taken == (refused is None)
    assert taken or (refused is not None and "PLAN-2026" in refused.explanation)


def test_campaigns_and_own_versions_share_days() -> None:
    """Campaigns run beside the annual plan and each other; a plan's own earlier version is no other plan."""
    assert refusal(plan(kind="campaign"), REGION, [Known(), Known("FISH", "campaign")]) is None
    assert refusal(plan(), REGION, [Known("FISH", "campaign")]) is None
    assert refusal(plan(), REGION, [Known("OTHER-2026")]) is None


def test_what_no_table_knows_warns() -> None:
    """Unknown townships are named once each, and a county without people is said to be; a campaign needs none."""
    found = warnings(plan("210283999", "210283104", "210283999"), 742_496, "resident")
    assert [("unknown_township", 1)] == [(one.rule, one.text.count("210283999")) for one in found]
    assert ["unknown_population"] == [one.rule for one in warnings(plan(), 0, "registered")]
    assert () == warnings(plan(kind="campaign"), 0, "registered")
    assert () == warnings(plan("210283104"), 742_496, "resident")


def test_category_that_is_mistyped_warns() -> None:
    """A category of a line or a key category that is in no table is named; those of both upper levels are known."""
    lines = PlanLine(category="食用农产品", samples=1), PlanLine(category="小麦粉", samples=1), PlanLine(samples=1)
    assert () == warnings(plan(lines=lines, key_categories=("糕点",)), 742_496, "resident")
    mistyped = (*lines, PlanLine(category="食用农产物", samples=1))
    (warning,) = warnings(plan(lines=mistyped, key_categories=("糕点心",)), 742_496, "resident")
    assert ("unknown_category", True) == (warning.rule, "糕点心, 食用农产物" in warning.text)


def test_form_that_names_an_unknown_plan_warns() -> None:
    """A plan number that the form's own county does not have is named; a known one, and none, warn of nothing."""
    named = form(report("1"), plan_no="FISH-2026")
    assert () == form_warnings(form(report("1")), REGION, set())
    assert () == form_warnings(named, REGION, {(REGION, "FISH-2026")})
    (warning,) = form_warnings(named, REGION, {(REGION, "FISH-2025"), ("21.02.81", "FISH-2026")})
    assert ("unknown_plan", True) == (warning.rule, "no plan FISH-2026" in warning.text)
