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
GERM = DRUG.model_copy(update={"analyte": "菌落总数", "substance": "菌落总数", "hazard": Hazard.MICROBIOLOGY})


def requested(**changes: Any) -> ReinspectionRequested:
    """The operator asks in time."""
    return ReinspectionRequested(**({"sample_no": "S-1", "by": "operator", "requested_on": LAST_DAY} | changes))


def bar_of(request: ReinspectionRequested, failed: SampleFailed, **changes: Any) -> Bar | None:
    """The ground on which a request is barred."""
    facts: dict[str, Any] = {"notified_until": LAST_DAY, "reserve": THERE, "is_repeated": False}
    barred = reinspection.bar(request, failed, **(facts | changes))
    return barred.bar if barred else None


def test_request_on_the_last_day_is_allowed() -> None:
    """The period includes its last day."""
    assert bar_of(requested(), failed_sample("1")) is None


@pytest.mark.parametrize(
    ("request_", "changes", "bar"),
    [
        pytest.param(requested(requested_on=date(2026, 3, 14)), {}, Bar.LATE, id="a day late"),
        pytest.param(requested(), {"notified_until": None}, Bar.NOT_NOTIFIED, id="nobody was told"),
        pytest.param(requested(), {"is_repeated": True}, Bar.ALREADY_REINSPECTED, id="a second time"),
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
    barred = reinspection.bar(requested(), failed, notified_until=LAST_DAY, reserve=THERE, is_repeated=False)
    assert barred is not None
    assert (barred.bar, "Art 88" in barred.citation) == (Bar.MICROBIOLOGY, True)


def test_what_failed_beside_germs_is_tested_again() -> None:
    """A drug and germs: the drug is tested again, and the sample stays failed by the germs whatever comes out."""
    failed = failed_sample("1", findings=(DRUG, GERM))
    assert bar_of(requested(), failed) is None
    assert (DRUG,) == reinspection.testable(failed)
    assert reinspection.conclusion(failed, (found(Verdict.PASS),)) == "upheld"


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
    assert conclusion == reinspection.conclusion(failed_sample("1"), findings)


def test_missing_analytes_go_by_their_reviewed_name() -> None:
    """What failed must be reported again, under whatever alias."""
    failed = failed_sample("1")
    assert reinspection.missing(failed, ("Malachite Green", "镉")) in ((), ("孔雀石绿",))
    assert reinspection.missing(failed, ("孔雀石绿",)) == ()
    assert reinspection.missing(failed, ("镉",)) == ("孔雀石绿",)


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
