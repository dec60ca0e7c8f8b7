"""The ten rules on real published failures: how many each selects, by the province's threshold."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.enforcement.grounds.exceedance import Threshold
from services.enforcement.grounds.rules import load
from shared.contracts import Hazard, JudgementReason
from tests.services.enforcement.grounds.assessed import kept
from tests.services.enforcement.grounds.published import published_failures

NAMED = {Hazard.PATHOGEN, Hazard.PESTICIDE, Hazard.VETERINARY_DRUG, Hazard.METAL, Hazard.MYCOTOXIN}
EXCEEDED = {JudgementReason.ABOVE_MAXIMUM, JudgementReason.UNIT_ABOVE_M}


def selected(threshold: int | None = None) -> Counter[tuple[str, str]]:
    """How many of the rows each rule selects, by its strength."""
    rows: tuple[Threshold, ...] = ()
    if threshold:
        rows = (Threshold("21", None, Decimal(threshold), date(2000, 1, 1), None, "made for a test", verified=True),)
    rules = replace(load(), thresholds=rows)
    found = (kept(published.sample, rules) for published in published_failures())
    return Counter((one.rule, one.strength.value) for sample in found for one in sample if one.met)


def test_by_themselves_only_detections_on_a_list_are_selected() -> None:
    """Without a province's threshold rule R1 alone selects, and nothing is strong: origin is for a person."""
    assert {("R1", "candidate"): 12} == selected()
    assert 146 == len(published_failures())


@pytest.mark.parametrize(("threshold", "count"), [(2, 44), (3, 32), (5, 21), (10, 7)])
def test_a_province_s_threshold_selects_fewer_the_higher_it_is(threshold: int, count: int) -> None:
    """Every exceedance of what the law names, at or above the threshold, and no other; R1 stays as it is."""
    found = selected(threshold)
    assert 12 == found["R1", "candidate"]
    assert count == sum(number for (rule, _), number in found.items() if rule == "R2")
    exceedances = [
        finding.ratio
        for published in published_failures()
        for finding in published.sample.findings
        if finding.hazard in NAMED and finding.reason in EXCEEDED and finding.ratio
    ]
    assert count == sum(ratio >= threshold for ratio in exceedances)
