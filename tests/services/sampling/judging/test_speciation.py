"""Totals that screen for their species."""

from datetime import date

import pytest

from services.sampling.judging import limits
from services.sampling.judging.limits import Catalogue
from shared.contracts.result import Determination
from shared.contracts.sample import Finding, JudgementReason, LimitSource
from tests.services.sampling.judging.made import finding, findings, row

REASON = JudgementReason
MADE_ON = date(2024, 5, 1)


def in_shrimp(*determinations: Determination) -> tuple[Finding, ...]:
    """The findings on a shrimp of 2024 by the shipped catalogue, which limits inorganic arsenic (made results)."""
    return findings(*determinations, product="对虾", made_on=MADE_ON, catalogue=limits.load())


@pytest.mark.parametrize(
    ("result", "stated", "reason", "source"),
    [
        ("0.5mg/kg", "", REASON.WITHIN_MAXIMUM, LimitSource.CATALOGUE),
        ("0.51mg/kg", "", REASON.NEEDS_SPECIATION, LimitSource.NONE),
        ("0.5mg/kg", "≤0.5mg/kg", REASON.WITHIN_MAXIMUM, LimitSource.BOTH),
        ("0.51mg/kg", "≤0.5mg/kg", REASON.NEEDS_SPECIATION, LimitSource.NONE),
        ("0.6mg/kg", "≤1mg/kg", REASON.NEEDS_SPECIATION, LimitSource.NONE),
        ("约1", "", REASON.RESULT_UNREADABLE, LimitSource.NONE),
        ("0.6mg/L", "", REASON.UNIT_MISMATCH, LimitSource.NONE),
    ],
)
def test_a_total_passes_or_asks_for_its_species(
    result: str, stated: str, reason: JudgementReason, source: LimitSource
) -> None:
    """A total within the limit of its species is enough, one above it proves nothing."""
    answer = in_shrimp(Determination(analyte="总砷(以As计)", result=result, limit=stated))[0]
    assert (reason, source) == (answer.reason, answer.limit_source)


@pytest.mark.parametrize(
    ("inorganic", "reason"), [("0.2mg/kg", REASON.WITHIN_MAXIMUM), ("0.6mg/kg", REASON.ABOVE_MAXIMUM)]
)
def test_a_species_that_is_reported_decides(inorganic: str, reason: JudgementReason) -> None:
    """Where the same report states the species, the total says what the species says."""
    total = Determination(analyte="总砷", result="1.4mg/kg", limit="")
    species = Determination(analyte="无机砷", result=inorganic, limit="≤0.5mg/kg")
    answers = in_shrimp(total, species)
    assert [reason, reason] == [answer.reason for answer in answers]
    assert "proves nothing" in answers[0].explanation


def test_a_total_with_a_limit_of_its_own_is_no_screen() -> None:
    """Total mercury in grain is limited as such; so is arsenic where no species is (made)."""
    grain = Catalogue((row("hg", "≤0.02mg/kg", substance="总汞", terms="谷物", begin=date(2020, 1, 1)),))
    answer = finding("总汞", "0.03mg/kg", "", product="玉米", made_on=MADE_ON, catalogue=grain)
    assert REASON.ABOVE_MAXIMUM is answer.reason
    clay = finding("砷(As)", "4mg/kg", "≤3mg/kg", product="活性白土", category="食品添加剂", made_on=MADE_ON)
    assert REASON.ABOVE_MAXIMUM is clay.reason


def test_a_row_without_dates_asks_for_the_species_too() -> None:
    """A row that only informs never makes a failure of a total (made)."""
    undated = Catalogue((row("ias", "≤0.2mg/kg", substance="无机砷", terms="大米"),))
    for result, reason in (("0.6mg/kg", REASON.NEEDS_SPECIATION), ("0.3mg/kg", REASON.WITHIN_MAXIMUM)):
        answer = finding(
            "总砷", result, "≤0.5mg/kg", product="大米", category="粮食加工品", made_on=MADE_ON, catalogue=undated
        )
        assert reason is answer.reason
