"""What is told of a judged sample: the report together with the form, and what a person or a laboratory says of it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from services.sampling.judged import disagreement, hazards_of, judged, settled
from services.sampling.judging.judgement import judge
from services.sampling.judging.limits import load
from shared.contracts import JudgementReason, SampleFailed, SampleJudged, SamplePassed, SampleUnclear, Verdict
from shared.contracts.result import Report
from tests.examples import malachite_green_in_carp, procymidone_in_leek, report, without_values

DAY = date(2026, 3, 1)


def known(**changes: Any) -> SimpleNamespace:
    """The form of a sample as the store has it."""
    facts = {
        "subcategory": "",
        "production_date": None,
        "shelf_life_days": None,
        "producer": None,
        "producer_region": None,
        "sampled_unit": "V0001",
        "place_kind": "school_canteen",
        "track": "farm",
    }
    return SimpleNamespace(**(facts | changes))


def outcome(reported: Report, form: SimpleNamespace | None = None, **more: Any) -> SampleJudged:
    """A report's outcome."""
    findings = judge(reported, load())
    return judged(reported, form or known(), findings, laboratory="L0142", concluded_on=DAY, **more)


@pytest.mark.parametrize(
    ("reported", "kind"),
    [(report("1"), SamplePassed), (procymidone_in_leek("1"), SampleFailed), (without_values("1"), SampleUnclear)],
)
def test_each_verdict_has_its_event(reported: Report, kind: type[SampleJudged]) -> None:
    """The findings' verdict says which event is told."""
    assert isinstance(outcome(reported), kind)


def test_form_goes_before_the_report() -> None:
    """Producer, place and seller are the form's; what the form leaves open is the report's."""
    form = known(producer="P0007", producer_region="33.01.06", production_date=date(2026, 2, 1), subcategory="鱼")
    told = outcome(report("1", producer=None, seller="V0099"), form, supersedes="R-0")
    assert (told.producer, told.producer_region, told.seller) == ("P0007", "33.01.06", "V0001")
    assert (told.place_kind, told.track, told.supersedes) == ("school_canteen", "farm", "R-0")
    assert (told.production_date, told.subcategory) == (date(2026, 2, 1), "鱼")
    assert outcome(report("1")).producer == "P0001"


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_person_decides_what_is_unclear_and_nothing_else(verdict: Verdict) -> None:
    """Only unclear findings take the person's verdict; what the exchange had found stays readable in them."""
    both = without_values("1").determinations + report("1").determinations
    unclear = outcome(report("1", determinations=both))
    told = settled(unclear, verdict, by="officer.O001", why="Asked by letter.")
    decided, untouched = told.findings
    assert (told.verdict, told.settled_by) == (verdict, "officer.O001")
    assert (decided.verdict, decided.reason) == (verdict, JudgementReason.PERSON_DECIDED)
    assert told.settled_because == "Asked by letter."
    assert unclear.findings[0].explanation in decided.explanation
    assert untouched == unclear.findings[1]


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (malachite_green_in_carp("1"), None),
        (malachite_green_in_carp("1", conclusion="不合格样品"), None),
        (malachite_green_in_carp("1", conclusion="问题样品"), None),
        (malachite_green_in_carp("1", conclusion="合格样品"), Verdict.FAIL),
        (report("1", conclusion="不合格样品"), Verdict.PASS),
        (without_values("1", conclusion="合格样品"), None),
    ],
)
def test_verdicts_disagree_where_both_decide(reported: Report, expected: Verdict | None) -> None:
    """A laboratory that says the opposite disagrees; none does that says nothing, or where the exchange is unsure."""
    found = disagreement(reported.conclusion, outcome(reported))
    assert expected == (found.judged if found else None)
    assert found is None or (found.explanation and found.stated == reported.conclusion)


def test_hazards_are_named_once_and_in_order() -> None:
    """What was tested is kept as kinds of hazard, each once."""
    determinations = malachite_green_in_carp("1").determinations * 2 + report("1").determinations
    assert hazards_of(judge(report("1", determinations=determinations), load())) == "metal veterinary_drug"


def test_reserve_portion_is_kept_until_a_day_that_is_told() -> None:
    """Three months after a pass, six after a failure, and no longer than the product keeps."""
    made = {"production_date": date(2026, 2, 20), "shelf_life_days": 30}
    assert outcome(report("1")).reserve_until == date(2026, 6, 1)
    assert outcome(malachite_green_in_carp("1")).reserve_until == date(2026, 9, 1)
    assert outcome(malachite_green_in_carp("1"), known(**made)).reserve_until == date(2026, 3, 22)
