"""What ASCII commas mean."""

import pytest

from services.sampling.judging.commas import settled


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("55,70,110,50,10CFU/g", "CFU/g", "55;70;110;50;10CFU/g"),
        ("120,130,320,180,190CFU/g", "CFU/g", "120;130;320;180;190CFU/g"),
        ("3.7×10^4, 4.6×10^4", "", "3.7×10^4; 4.6×10^4"),
        ("3.7×10^4,4.6×10^4", "", "3.7×10^4;4.6×10^4"),
        ("3.7×104,4.6×104CFU/g", "CFU/g", "3.7×104;4.6×104CFU/g"),
        ("1,200CFU/g", "CFU/g", "1200CFU/g"),
        ("530,000;340,000;1,000CFU/g", "CFU/g", "530000;340000;1000CFU/g"),
        ("120;130;32,18;19", "", "120;130;32;18;19"),
        ("12,345.6mg/kg", "mg/kg", "12345.6mg/kg"),
        ("1,234,567mg/kg", "mg/kg", "1234567mg/kg"),
        ("0,047mg/kg", "mg/kg", "0.047mg/kg"),
        ("1,6 ± 0,3mg/kg", "mg/kg", "1.6 ± 0.3mg/kg"),
        ("2.3mg/kg", "mg/kg", "2.3mg/kg"),
    ],
)
def test_commas_that_can_mean_one_thing_are_settled(text: str, unit: str, expected: str) -> None:
    """Lists, thousands and decimals are told apart where the unit and the neighbours settle it."""
    assert expected == settled(text, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1,072mg/kg", "mg/kg"),
        ("1,6mg/kg", "mg/kg"),
        ("1,200", ""),
        ("120;130;320,180;190", ""),
        ("1,234,567CFU/g", "CFU/g"),
        ("1,600 ± 2,300mg/kg", "mg/kg"),
        ("1,6 ± 0.3mg/kg", "mg/kg"),
    ],
)
def test_commas_that_can_mean_two_things_stay_unsettled(text: str, unit: str) -> None:
    """Where a comma may be a decimal, a thousand or a separator, nothing is guessed."""
    assert settled(text, unit) is None
