"""Printed figures: folding and the number at a place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.figures import Figure, figure_at, fold, shown

RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("１．２×１０⁴", "1.2×10⁴"),
        ("①1.7×10<sup>4</sup>", "①1.7×10⁴"),
        ("n＝5，c＝2；m", "n=5;c=2;m"),
        ("&lt;0.5&micro;g", "<0.5µg"),
        ("＜ＳＵＰ＞－３＜／ＳＵＰ＞", "⁻³"),
        ("<=0.2 μg", "≤0.2 µg"),
        ("\ufeff﹙CFU﹚\u3000", "(CFU)"),
        ("1<br/>2", "1;2"),
        ("1,6 +/- 0,3", "1,6 ± 0,3"),
    ],
)
def test_folding_keeps_what_carries_meaning(printed: str, expected: str) -> None:
    """Width and kinds of signs are folded; circled digits and superscripts stay what they are."""
    assert expected == fold(printed)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("5.8×10³", "5800"),
        ("5.8×103", "5800"),
        ("3.7×10^4", "37000"),
        ("3.7*10**4", "37000"),
        ("3.7x10⁴", "37000"),
        ("3.7·10⁴", "37000"),
        ("3.7E+4", "37000"),
        ("3.7e4", "37000"),
        ("1.7×10⁴4", "17000"),
        ("5×10⁻³", "0.005"),
        ("1.5×10-3", "0.0015"),
        ("1.2×1010", "12000000000"),
        ("10⁴", "10000"),
        ("10^5", "100000"),
        ("0.090", "0.090"),
        ("0", "0"),
    ],
)
def test_powers_of_ten_are_read_in_every_print(printed: str, expected: str) -> None:
    """The same number comes out of every way to print its power of ten."""
    assert Figure(Decimal(expected), len(printed)) == figure_at(printed, 0)


@pytest.mark.parametrize("printed", ["1.2×10", "2.5×10;", "1.2×10CFU/g", "①3.0×10"])
def test_a_power_without_exponent_is_lost(printed: str) -> None:
    """A power of ten that lost its exponent has no value."""
    figure = figure_at(printed, 1 if printed.startswith("①") else 0)
    assert figure is not None
    assert figure.value is None


@pytest.mark.parametrize(
    "printed", ["007", "1.5×1000", "1.5×10123", "1.7×10⁴5", "1e99", "1234567890123", ".5", "x", "", "٣"]
)
def test_what_is_no_certain_number_is_none(printed: str) -> None:
    """A figure that could be another is not read at all."""
    assert figure_at(printed, 0) is None


@given(st.integers(10, 99), st.integers(-9, 9), st.sampled_from(("raised", "hat", "e", "tag", "wide")))
def test_a_printed_power_reads_back(mantissa: int, power: int, way: str) -> None:
    """A number printed as a power of ten in any way reads back as itself."""
    tenth = f"{mantissa // 10}.{mantissa % 10}"
    printed = {
        "raised": f"{tenth}×10{str(power).translate(RAISED)}",
        "hat": f"{tenth}×10^{power}",
        "e": f"{tenth}E{power}",
        "tag": f"{tenth}×10<sup>{power}</sup>",
        "wide": f"{tenth.translate({ord('.'): '．'})}×１０{str(power).translate(RAISED)}",
    }[way]
    folded = fold(printed)
    assert Figure(Decimal(tenth).scaleb(power), len(folded)) == figure_at(folded, 0)


@given(st.decimals(min_value="0", max_value="999999", places=3))
def test_a_shown_number_reads_back(value: Decimal) -> None:
    """What is shown to people is the number itself."""
    figure = figure_at(shown(value), 0)
    assert figure is not None
    assert value == figure.value
