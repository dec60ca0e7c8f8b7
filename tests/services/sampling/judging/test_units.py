"""Units: spelling, dimensions and exact conversion."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.units import converted, factor, is_count, is_portion, symbol, unit

MASS_IN_MASS = ("mg/kg", "µg/kg", "g/kg", "mg/g", "g/100g", "mg/100g", "µg/g", "ng/g", "%", "w/%")
MASS_IN_VOLUME = ("mg/L", "µg/L", "g/L", "g/100mL", "mg/100mL", "mg/mL")
COUNTS = ("CFU/g", "CFU/100g")
VALUES = st.decimals(min_value="0", max_value="1000000", places=6, allow_nan=False)
FAMILIES = st.sampled_from((MASS_IN_MASS, MASS_IN_VOLUME, COUNTS))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("μg/kg", "µg/kg"),
        ("ug / kg", "µg/kg"),
        ("MG/KG", "mg/kg"),
        ("cfu/ml", "CFU/mL"),
        ("CFU/250ml", "CFU/250mL"),
        ("mg/100cm2", "mg/100cm²"),
        ("µ/g", "u/g"),
        ("U/g", "u/g"),
        ("/25g(mL)", "/25g(mL)"),
        ("w/%", "w/%"),
        ("mg/100kj", "mg/100kJ"),
    ],
)
def test_a_unit_has_one_spelling(printed: str, expected: str) -> None:
    """However a unit is printed, the exchange spells it one way."""
    assert expected == symbol(printed)


@pytest.mark.parametrize("printed", ["", "kg", "mg", "mg/", "/kgs", "mg/kg/d", "25g", "mg/33g", "µ"])
def test_what_is_no_unit_is_none(printed: str) -> None:
    """A text that is not wholly a unit is no unit."""
    assert unit(printed) is None


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("mg/kg", "µg/kg", "1000"),
        ("g/100g", "mg/kg", "10000"),
        ("w/%", "g/100g", "1"),
        ("CFU/250mL", "CFU/mL", "0.004"),
        ("CFU/100mL", "CFU/mL", "0.01"),
        ("mg/100cm²", "mg/dm²", "1"),
        ("µg/L", "mg/L", "0.001"),
    ],
)
def test_a_factor_is_exact(source: str, target: str, expected: str) -> None:
    """Units of one dimension convert by an exact decimal."""
    assert Decimal(expected) == factor(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("mg/kg", "mg/L"),
        ("CFU/g", "CFU/mL"),
        ("CFU/g", "MPN/g"),
        ("/25g", "/25mL"),
        ("/25g", "CFU/g"),
        ("mg/100kJ", "mg/100g"),
        ("mg/kg", ""),
    ],
)
def test_different_dimensions_do_not_convert(source: str, target: str) -> None:
    """Mass in mass is not mass in volume, and a count is not a most probable number."""
    assert factor(source, target) is None


def test_a_unit_of_grams_or_millilitres_fits_both() -> None:
    """The standard's /25g(mL) is met by either portion."""
    assert Decimal(1) == factor("/25g", "/25g(mL)")
    assert Decimal(1) == factor("/25mL", "/25g(mL)")
    assert Decimal(1) == factor("CFU/mL", "CFU/g(mL)")


def test_counts_and_portions_are_told_apart() -> None:
    """Counts of germs and portions that were searched are known as such."""
    assert [is_count(text) for text in ("CFU/g", "MPN/100g", "mg/kg", "/25g")] == [True, True, False, False]
    assert [is_portion(text) for text in ("CFU/25g", "mg/kg", "/25g")] == [False, False, True]


@given(VALUES, FAMILIES, st.data())
def test_a_conversion_there_and_back_changes_nothing(
    value: Decimal, family: tuple[str, ...], data: st.DataObject
) -> None:
    """Converting to another unit of the dimension and back gives the value itself."""
    source, target = data.draw(st.sampled_from(family)), data.draw(st.sampled_from(family))
    there = converted(value, source, target)
    assert there is not None
    assert value == converted(there, target, source)


@given(VALUES, FAMILIES, st.data())
def test_a_detour_changes_nothing(value: Decimal, family: tuple[str, ...], data: st.DataObject) -> None:
    """Converting by way of a third unit is converting directly."""
    source, middle, target = (data.draw(st.sampled_from(family)) for _ in range(3))
    half = converted(value, source, middle)
    assert half is not None
    assert converted(value, source, target) == converted(half, middle, target)
