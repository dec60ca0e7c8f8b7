"""Whether the law allows a re-inspection, and what it comes out as."""

from datetime import date
from typing import Any

import pytest

from services.sampling import reinspection
from services.sampling.reinspection import Reserve, kept_until
from shared.contracts import Bar, Finding, Hazard, JudgementReason, ReinspectionRequested, SampleFailed, Verdict
from tests.examples import failed_sample, form, report

LAST_DAY = date(2026, 3, 13)
THERE = Reserve(is_there=True, expires_on=None)
(DRUG,) = failed_sample("1").findings
ASSIGNED = ("孔雀石绿",)
GERM = DRUG.model_copy(update={"analyte": "菌落总数", "substance": "菌落总数", "hazard": Hazard.MICROBIOLOGY})


def requested(**changes: Any) -> ReinspectionRequested:
    """The operator asks in time."""
    return ReinspectionRequested(**({"sample_no": "S-1", "by": "operator", "requested_on": LAST_DAY} | changes))


def bar_of(request: ReinspectionRequested, failed: SampleFailed, **changes: Any) -> Bar | None:
    """The ground on which a request is barred."""
    facts: dict[str, Any] = {"notified_until": LAST_DAY, "reserve": THERE, "concluded": ()}
    barred = reinspection.bar(request, [failed], **(facts | changes))
    return barred.bar if barred else None


def test_request_on_the_last_day_is_allowed() -> None:
    """The period includes its last day."""
    assert bar_of(requested(), failed_sample("1")) is None


@pytest.mark.parametrize(
    ("request_", "changes", "bar"),
    [
        pytest.param(requested(requested_on=date(2026, 3, 14)), {}, Bar.LATE, id="a day late"),
        pytest.param(requested(), {"notified_until": None}, Bar.NOT_NOTIFIED, id="nobody was told"),
        pytest.param(requested(), {"concluded": ("镉", "孔雀石绿")}, Bar.ALREADY_REINSPECTED, id="a second time"),
        pytest.param(requested(reserve_usable=False), {}, Bar.RESERVE_UNUSABLE, id="the portion is unfit"),
        pytest.param(requested(), {"reserve": Reserve(False, None)}, Bar.RESERVE_UNUSABLE, id="no portion"),
        pytest.param(
            requested(), {"reserve": Reserve(True, date(2026, 3, 12))}, Bar.RESERVE_EXPIRED, id="shelf life over"
        ),
    ],
)
def test_request_is_barred(request_: ReinspectionRequested, changes: dict[str, Any], bar: Bar) -> None:
    """Late, repeated, before the notice, or without a portion fit for a test."""
    assert bar is bar_of(request_, failed_sample("1"), **changes)


def test_shelf_life_includes_its_last_day() -> None:
    """A portion may be tested on the last day of its shelf life."""
    assert bar_of(requested(), failed_sample("1"), reserve=Reserve(True, LAST_DAY)) is None


@pytest.mark.parametrize("hazard", [Hazard.MICROBIOLOGY, Hazard.PATHOGEN])
def test_germs_are_not_tested_again(hazard: Hazard) -> None:
    """A sample that failed by germs alone is barred, with the article."""
    failed = failed_sample("1", findings=(GERM.model_copy(update={"hazard": hazard}),))
    barred = reinspection.bar(requested(), [failed], notified_until=LAST_DAY, reserve=THERE, concluded=())
    assert barred is not None
    assert (barred.bar, "Art 88" in barred.citation) == (Bar.MICROBIOLOGY, True)


def test_what_failed_beside_germs_is_tested_again() -> None:
    """A drug and germs: the drug is tested again, and the sample stays failed by the germs whatever comes out."""
    failed = failed_sample("1", findings=(DRUG, GERM))
    assert bar_of(requested(), failed) is None
    assert (DRUG,) == reinspection.testable([failed])
    assert reinspection.conclusion(ASSIGNED, (found(Verdict.PASS),), [failed]) == "upheld"


def test_two_failed_reports_are_tested_again_together() -> None:
    """What two reports found is one re-inspection; each failure falls that rests on nothing else."""
    metal = DRUG.model_copy(update={"analyte": "镉", "substance": "镉", "hazard": Hazard.METAL})
    failures = [failed_sample("1"), failed_sample("2", findings=(metal,)), failed_sample("3", findings=(DRUG, GERM))]
    assert (DRUG, metal) == reinspection.testable(failures)
    assert failures[:2] == reinspection.covered(failures, ("孔雀石绿", "镉"))
    assert failures[:1] == reinspection.covered(failures, ASSIGNED)


def test_other_substance_may_be_tested_again_later() -> None:
    """A conclusion on one substance is no bar for another one that failed."""
    assert bar_of(requested(), failed_sample("1"), concluded=("镉",)) is None


def test_germs_on_the_farm_are_barred_by_a_law_that_was_not_checked() -> None:
    """Whether the bar holds for produce on the farm was not found in its law, and the bar says so."""
    failed = failed_sample("1", findings=(GERM,), track="farm")
    barred = reinspection.bar(requested(), [failed], notified_until=LAST_DAY, reserve=THERE, concluded=())
    assert barred is not None
    assert not barred.verified


def found(verdict: Verdict, substance: str = "孔雀石绿") -> Finding:
    """What a re-inspection found of a substance."""
    changes = {"verdict": verdict, "substance": substance, "reason": JudgementReason.PERSON_DECIDED}
    return DRUG.model_copy(update=changes)


@pytest.mark.parametrize(
    ("findings", "conclusion"),
    [
        pytest.param((found(Verdict.PASS),), "overturned", id="passes"),
        pytest.param((found(Verdict.FAIL),), "upheld", id="fails"),
        pytest.param((found(Verdict.UNCLEAR),), "unclear", id="unclear"),
        pytest.param((found(Verdict.PASS), found(Verdict.FAIL)), "upheld", id="one of two fails"),
        pytest.param((found(Verdict.PASS), found(Verdict.UNCLEAR)), "unclear", id="one of two is unclear"),
        pytest.param((found(Verdict.PASS), found(Verdict.FAIL, "镉")), "overturned", id="what was not asked fails"),
    ],
)
def test_conclusion(findings: tuple[Finding, ...], conclusion: str) -> None:
    """A failure of what failed upholds, a doubt goes to a person, else the sample is overturned."""
    assert conclusion == reinspection.conclusion(ASSIGNED, findings, [failed_sample("1")])


def test_missing_substances_go_by_their_reviewed_name() -> None:
    """What was assigned must be reported, under whatever alias."""
    assert reinspection.missing(ASSIGNED, ("malachite green",)) == ()
    assert reinspection.missing(ASSIGNED, ("镉",)) == ("孔雀石绿",)


def test_periods_follow_the_track() -> None:
    """Produce on the farm has 5 working days to ask and 7 to conclude; food on the market 7 and 10."""
    assert [5, 7] == [law("farm").amount for law in (reinspection.period, reinspection.conclusion_period)]
    assert [7, 10] == [law("market").amount for law in (reinspection.period, reinspection.conclusion_period)]


def test_reserve_is_kept_three_or_six_months() -> None:
    """Three months after a pass, six after a failure, and no longer than the product keeps."""
    concluded = date(2026, 3, 2)
    assert date(2026, 6, 2) == kept_until(Verdict.PASS, concluded, None)
    assert date(2026, 9, 2) == kept_until(Verdict.FAIL, concluded, None)
    assert date(2026, 4, 1) == kept_until(Verdict.FAIL, concluded, date(2026, 4, 1))


def test_reserve_is_read_from_the_form() -> None:
    """The shelf life runs from the production date; without either nothing is known of its end."""
    kept = form(report("1"), production_date=date(2026, 2, 1), shelf_life_days=30)
    assert Reserve(is_there=True, expires_on=date(2026, 3, 3)) == reinspection.reserve_of(kept)
    bare = form(report("1"), test_quantity=2, reserve_quantity=0)
    assert Reserve(is_there=False, expires_on=None) == reinspection.reserve_of(bare)
