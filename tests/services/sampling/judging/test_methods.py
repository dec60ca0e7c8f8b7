"""What a test method can prove."""

from datetime import date

import pytest

from services.sampling.judging.methods import is_screening
from shared.contracts.sample import JudgementReason, LegalClass, LimitSource, Verdict
from tests.services.sampling.judging.made import finding


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("KJ 201710", True),
        ("水产品中孔雀石绿的快速检测 胶体金免疫层析法(KJ201701)", True),
        ("GB/T 5009.199-2003", True),
        ("酶联免疫吸附法", True),
        ("elisa", True),
        ("a rapid test", True),
        ("GB/T5009.199", True),
        ("thoroughscreening-free", False),
        ("农药残留速测卡", True),
        ("GB/T 5009.19-2008", False),
        ("GB 5009.12-2017", False),
        ("GB/T 20361-2006", False),
        ("DKJ 12", False),
        ("", False),
    ],
)
def test_a_screening_method_is_known_by_its_name(method: str, expected: bool) -> None:  # noqa: FBT001
    """Strips, kits and rapid methods only screen; the methods of the national standards confirm."""
    assert expected == is_screening(method)


@pytest.mark.parametrize(
    ("kind", "method", "verdict"),
    [
        ("screening", "", Verdict.UNCLEAR),
        ("screening", "GB/T 20361-2006", Verdict.UNCLEAR),
        ("", "胶体金免疫层析法", Verdict.UNCLEAR),
        ("", "GB/T 20361-2006", Verdict.FAIL),
        ("", "", Verdict.FAIL),
        ("confirmatory", "胶体金免疫层析法", Verdict.FAIL),
    ],
)
def test_a_failure_needs_a_confirmatory_method(kind: str, method: str, verdict: Verdict) -> None:
    """What the report says of the method goes before the method's name (made)."""
    assert verdict is finding("孔雀石绿", "4.1μg/kg", "不得检出", kind=kind, method=method).verdict


def test_an_unconfirmed_failure_keeps_its_law_and_names_no_limit() -> None:
    """The person who orders the confirmation reads what was found, by which method, and how grave it is (made)."""
    answer = finding("氯霉素", "4.1μg/kg", "不得检出", method="速测卡")
    assert (JudgementReason.NOT_CONFIRMED, "", LimitSource.NONE) == (
        answer.reason,
        answer.limit_used,
        answer.limit_source,
    )
    assert "4.1 µg/kg was found" in answer.explanation
    assert "速测卡" in answer.explanation
    graver = finding("氯霉素", "4.1μg/kg", "不得检出", method="速测卡", concluded_on=date(2024, 1, 1))
    assert LegalClass.PROHIBITED is graver.legal_class


def test_a_pass_needs_no_confirmation() -> None:
    """A rapid test that finds nothing passes (made)."""
    assert Verdict.PASS is finding("铅", "0.1mg/kg", "≤0.5mg/kg", kind="screening").verdict
