"""One case per producer, lot and matter, under a number that follows from these alone."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.case import case_key, case_no, leading
from shared.contracts import Hazard, JudgementReason, SampleFailed, Verdict
from tests.services.enforcement.failed import failed, finding, pesticide

LOT: dict[str, Any] = {"production_date": date(2026, 2, 20)}


def number(sample: SampleFailed) -> str:
    """The number of the sample's case."""
    return case_no(case_key(sample))


def test_samples_of_one_lot_and_matter_share_a_case() -> None:
    """Seller, laboratory, report and sample number do not matter where the lot is known."""
    first = failed(finding("孔雀石绿"), **LOT)
    second = failed(finding("孔雀石绿"), sample_no="S-2", report_no="R-2", seller="V0009", laboratory="L0007", **LOT)
    assert number(first) == number(second)


@pytest.mark.parametrize(
    "change",
    [
        {"producer": "P0002"},
        {"product": "鲫鱼"},
        {"production_date": date(2026, 2, 21)},
        {"findings": (finding("氯霉素"),)},
    ],
    ids=str,
)
def test_another_producer_product_day_or_substance_is_another_case(change: dict[str, object]) -> None:
    """Each part of the key tells cases apart."""
    sample = failed(finding("孔雀石绿"), **LOT)
    assert number(sample) != number(sample.model_copy(update=change))


@pytest.mark.parametrize("unknown", ["producer", "production_date"])
def test_without_producer_or_lot_each_sample_stands_alone(unknown: str) -> None:
    """Nothing proves that two samples concern the same goods; two reports on one sample do."""
    sample = failed(finding("孔雀石绿"), **LOT).model_copy(update={unknown: None})
    assert number(sample) != number(sample.model_copy(update={"sample_no": "S-2"}))
    assert number(sample) == number(sample.model_copy(update={"report_no": "R-2"}))


def test_a_number_is_a_letter_and_twelve_characters() -> None:
    """Numbers are of one form, and the same on every machine."""
    assert re.fullmatch(r"C-[A-Z2-7]{12}", number(failed(finding("孔雀石绿"), **LOT)))
    assert case_no("lot") == "C-W6ZQ23SPRSDE"


def test_the_gravest_failing_finding_leads() -> None:
    """A detection leads before a pathogen, this before an unpermitted additive, this before exceedances by ratio."""
    detected = finding("氯霉素")
    pathogen = pesticide("沙门氏菌", hazard=Hazard.PATHOGEN, reason=JudgementReason.TOO_MANY_ABOVE_M)
    additive = finding("山梨酸", hazard=Hazard.ADDITIVE, reason=JudgementReason.NOT_PERMITTED)
    high, low = pesticide("腐霉利", ratio=Decimal(9)), pesticide("毒死蜱", ratio=Decimal(2))
    passing = finding("孔雀石绿", verdict=Verdict.PASS)
    in_order = [detected, pathogen, additive, high, low]
    for place, gravest in enumerate(in_order):
        assert leading(failed(passing, *reversed(in_order[place:]))) == gravest


FINDINGS = [
    finding("氯霉素"),
    finding("孔雀石绿"),
    pesticide("腐霉利"),
    pesticide("毒死蜱", ratio=None),
    pesticide("镉"),
]


@given(st.permutations(FINDINGS))
def test_the_order_of_findings_changes_nothing(findings: list[object]) -> None:
    """A report's own order has no say in its case."""
    assert number(failed(*FINDINGS, **LOT)) == number(
        failed(*FINDINGS, **LOT).model_copy(update={"findings": findings})
    )
