"""What an amount is per, and how a limit per dry matter meets a result per food."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.basis import Basis, basis_behind, basis_of, conversions, on_basis, share_of
from services.sampling.judging.kinds_of_limit import Bounds
from services.sampling.judging.limits import Catalogue
from services.sampling.judging.notation import Kind, Reading
from services.sampling.judging.outcome import Outcome
from shared.contracts.result import Determination
from shared.contracts.sample import Finding, JudgementReason, LimitSource
from tests.services.sampling.judging.made import findings, limit, row

MADE_ON = date(2024, 5, 1)
ALUMINIUM = Catalogue(
    (row("al", "≤200mg/kg", substance="铝的残留量", terms="粉丝粉条", begin=date(2020, 1, 1), per=Basis.DRY),)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("铝的残留量(干样品，以Al计)", Basis.DRY),
        ("铝的残留量（以干基计）", Basis.DRY),
        ("酸价(以脂肪计)", Basis.FAT),
        ("甲醇（以100%酒精度计）", Basis.ALCOHOL),
        ("镉（湿基）", Basis.AS_IS),
        ("镉(以Cd计)", None),
        ("脂肪", None),
        ("山梨酸及其钾盐（以山梨酸计）", None),
    ],
)
def test_the_basis_stands_behind_the_analyte(text: str, expected: Basis | None) -> None:
    """Words that say what the amount is per are known; what it is counted as, and the analyte itself, are none."""
    assert expected == basis_behind(text)


@pytest.mark.parametrize("text", ["干基", "以干基计", "干样品,以Al计", "按干基计"])
def test_a_basis_is_known_in_its_own_field(text: str) -> None:
    """A report may state the basis by itself."""
    assert Basis.DRY is basis_of(text)


def aluminium(result: str, *, basis: str = "", water: str = "", stated: str = "") -> Finding:
    """Noodles with their aluminium, and with their moisture where that was determined (made figures)."""
    determinations = [Determination(analyte="铝的残留量", result=result, limit=stated, basis=basis)]
    if water:
        determinations.append(Determination(analyte="水分", result=water, limit=""))
    return findings(*determinations, product="粉丝", category="淀粉及淀粉制品", made_on=MADE_ON, catalogue=ALUMINIUM)[0]


@pytest.mark.parametrize(
    ("result", "basis", "water", "expected"),
    [
        ("200mg/kg", "干基", "", JudgementReason.WITHIN_MAXIMUM),
        ("201mg/kg", "干基", "", JudgementReason.ABOVE_MAXIMUM),
        ("160mg/kg", "湿基", "20g/100g", JudgementReason.WITHIN_MAXIMUM),
        ("160.1mg/kg", "湿基", "20g/100g", JudgementReason.ABOVE_MAXIMUM),
        ("160mg/kg", "湿基", "20%", JudgementReason.WITHIN_MAXIMUM),
        ("160mg/kg", "湿基", "", JudgementReason.BASIS_UNKNOWN),
        ("160mg/kg", "湿基", "未检出", JudgementReason.BASIS_UNKNOWN),
        ("160mg/kg", "湿基", "100%", JudgementReason.BASIS_UNKNOWN),
        ("160mg/kg", "脂肪", "20%", JudgementReason.BASIS_UNKNOWN),
        ("160mg/kg", "", "20%", JudgementReason.BASIS_UNKNOWN),
    ],
)
def test_the_catalogue_decides_on_its_own_basis(result: str, basis: str, water: str, expected: JudgementReason) -> None:
    """The limit per dry matter meets a result per dry matter, or per food with its moisture, and nothing else."""
    assert expected is aluminium(result, basis=basis, water=water).reason


def test_a_laboratory_that_states_its_limit_states_it_for_its_result() -> None:
    """Where the catalogue's basis cannot be met the stated limit decides, and the finding says so (made)."""
    answer = aluminium("160mg/kg", stated="≤200mg/kg")
    assert (JudgementReason.WITHIN_MAXIMUM, LimitSource.LABORATORY) == (answer.reason, answer.limit_source)
    assert "per dry matter and the report does not say" in answer.explanation


def test_a_stated_limit_with_its_own_basis_is_converted_too() -> None:
    """A report that prints its limit per dry matter and its result per food needs its moisture (made)."""
    printed = "≤100mg/kg（以干基计）"
    assert JudgementReason.BASIS_UNKNOWN is aluminium("90mg/kg", basis="湿基", stated=printed).reason
    answer = aluminium("90mg/kg", basis="湿基", water="50%", stated=printed)
    assert JudgementReason.LIMIT_DISPUTED is answer.reason, "the catalogue's 200 mg/kg is another limit"


def test_a_ban_is_the_same_on_every_basis() -> None:
    """Nothing at all is nothing per dry matter too."""
    ban = limit("不得检出")
    assert ban == on_basis(ban, Basis.DRY, None, lambda _: None)


@given(st.decimals(0, 1000, places=3), st.decimals("0.1", "99.9", places=1), st.decimals(0, 1000, places=3))
def test_a_converted_limit_decides_as_a_converted_result_would(high: Decimal, water: Decimal, value: Decimal) -> None:
    """Value ≤ limit × share exactly if value ÷ share ≤ limit: at the edge nothing is rounded."""
    share = share_of(Basis.DRY, lambda _: Reading(Kind.VALUE, water, "g/100g"))
    assert share == (100 - water) / 100
    converted = on_basis(Bounds(None, high, "mg/kg"), Basis.DRY, Basis.AS_IS, lambda _: share)
    assert isinstance(converted, Bounds)
    assert converted.high is not None
    assert (value * 100 <= high * (100 - water)) == (value <= converted.high)


def test_every_basis_but_the_food_itself_can_be_converted() -> None:
    """For dry matter, fat and alcohol it is known which determination states the share."""
    assert set(Basis) - {Basis.AS_IS} == conversions().keys()
    assert isinstance(on_basis(limit("≤1mg/kg"), Basis.FAT, Basis.AS_IS, lambda _: None), Outcome)
