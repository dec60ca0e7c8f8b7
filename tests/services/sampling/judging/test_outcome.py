"""Ratios and scales."""

from decimal import Decimal

import pytest

from services.sampling.judging.outcome import Outcome, ratio_of, scale
from shared.contracts.sample import JudgementReason


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        ("2.3", "0.2", "11.5"),
        ("1.38", "1.21", "1.140"),
        ("130000", "1000", "130"),
        ("2", "3", "0.6667"),
        ("1", "0", None),
    ],
)
def test_a_ratio_has_four_digits(value: str, bound: str, expected: str | None) -> None:
    """Ratios are rounded to four digits, without exponents, and there is none over zero."""
    ratio = ratio_of(Decimal(value), Decimal(bound))
    assert expected == (None if ratio is None else str(ratio))


@pytest.mark.parametrize(
    ("printed", "wanted", "dimensionless", "expected"),
    [
        ("µg/kg", "mg/kg", False, Decimal("0.001")),
        ("mg/kg", "", False, Decimal(1)),
        ("", "CFU/g", False, Decimal(1)),
        ("", "", True, Decimal(1)),
        ("", "", False, JudgementReason.UNIT_MISSING),
        ("", "mg/kg", True, JudgementReason.UNIT_MISSING),
        ("mg/L", "mg/kg", True, JudgementReason.UNIT_MISMATCH),
    ],
)
def test_units_are_brought_together_or_said_to_differ(
    printed: str,
    wanted: str,
    dimensionless: bool,  # noqa: FBT001
    expected: Decimal | JudgementReason,
) -> None:
    """A limit without a unit takes the result's; a result without one takes a limit's only for counts."""
    scaled = scale(printed, wanted, dimensionless=dimensionless)
    assert expected == (scaled.reason if isinstance(scaled, Outcome) else scaled[0])


def test_a_unit_that_is_taken_for_granted_is_mentioned() -> None:
    """The explanation says which unit was assumed."""
    scaled = scale("µg/kg", "", dimensionless=False)
    assert (Decimal(1), "; the limit states no unit, the result's µg/kg is taken") == scaled
