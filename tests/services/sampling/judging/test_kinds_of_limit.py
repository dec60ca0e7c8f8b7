"""The short texts of limits."""

from decimal import Decimal

import pytest

from services.sampling.judging.kinds_of_limit import Banned, Bare, Bounds, Limit, Plan, Rule


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Bounds(None, Decimal("0.20"), "mg/kg"), "≤0.2 mg/kg"),
        (Bounds(None, Decimal(100), strict=True), "<100"),
        (Bounds(Decimal("2.5"), None, "g/100g"), "≥2.5 g/100g"),
        (Bounds(Decimal("6.5"), Decimal("8.5")), "6.5~8.5"),
        (Bare(Decimal(100)), "100"),
        (Banned(use=False), "不得检出"),
        (Banned(use=True), "不得使用"),
        (Plan(5, 0, Decimal(0), None, "/25g"), "n=5,c=0,m=0/25g"),
        (Plan(5, 2, Decimal("1E+4"), Decimal("1E+5"), "CFU/g"), "n=5,c=2,m=10000,M=100000 CFU/g"),
        (Rule("符合GB 7718"), "符合GB 7718"),
    ],
)
def test_a_limit_has_a_short_text(limit: Limit, expected: str) -> None:
    """Findings show a limit in one spelling, without exponents and idle zeros."""
    assert expected == str(limit)
