"""Limits as printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.kinds_of_limit import Banned, Bare, Bounds, Plan, Rule
from services.sampling.judging.limit_notation import read_limit
from services.sampling.judging.notation import Unreadable
from shared.contracts.sample import JudgementReason
from tests.services.sampling.judging.made import limit


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("≤0.2mg/kg", "≤0.2 mg/kg"),
        ("≤ 0.2", "≤0.2"),
        ("<=0.2 mg/kg", "≤0.2 mg/kg"),
        ("200≤mg/kg", "≤200 mg/kg"),
        ("≤100", "≤100"),
        ("＜0.5mg/kg", "<0.5 mg/kg"),
        ("不得超过0.5mg/kg", "≤0.5 mg/kg"),
        ("≥1000.0 µ/g", "≥1000 u/g"),
        ("不低于3.5g/100mL", "≥3.5 g/100mL"),
        ("≤1,000CFU/g", "≤1000 CFU/g"),
        ("≤200mg/kg（干样品，以Al计）", "≤200 mg/kg"),
        ("≤5×103CFU/g", "≤5000 CFU/g"),
        ("≤103mg/kg", "≤103 mg/kg"),
        ("≥9.62g/100mL（标签明示值）", "≥9.62 g/100mL"),
        ("≤0.2mg/kg（GB 2763-2021）", "≤0.2 mg/kg"),
        ("3.0~4.0", "3~4"),
        ("6.5-8.5", "6.5~8.5"),
        ("2.0~4.0g/100g", "2~4 g/100g"),
        ("38±1.0%vol", "37~39 %vol"),
        ("≤0.05（以Pb计）mg/kg", "≤0.05 mg/kg"),
        ("≤5mg/g（以脂肪计）（KOH）", "≤5 mg/g"),
        ("≤0.6g/L（按100%酒精度折算）", "≤0.6 g/L"),
    ],
)
def test_bounds_are_read(printed: str, expected: str) -> None:
    """A maximum, a minimum or a range comes out of every way to print it."""
    assert isinstance(limit(printed), Bounds)
    assert expected == str(limit(printed))


@pytest.mark.parametrize(
    ("printed", "expected"), [("0.2mg/kg", "0.2 mg/kg"), ("100", "100"), ("3×10⁴CFU/g", "30000 CFU/g")]
)
def test_a_number_without_a_sign_stays_open(printed: str, expected: str) -> None:
    """Whether a bare number is a maximum is not the grammar's to say."""
    assert isinstance(limit(printed), Bare)
    assert expected == str(limit(printed))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("不得检出", Banned(use=False)),
        ("不得检出μg/kg", Banned(use=False, unit="µg/kg")),
        ("不得检出（检出限0.5μg/kg）", Banned(use=False)),
        ("不得检出/25g", Banned(use=False, unit="/25g")),
        ("0/25g", Banned(use=False, unit="/25g")),
        ("阴性", Banned(use=False)),
        ("应为阴性", Banned(use=False)),
        ("不得使用", Banned(use=True)),
        ("不得添加g/kg", Banned(use=True, unit="g/kg")),
    ],
)
def test_bans_are_read(printed: str, expected: Banned) -> None:
    """Bans in words are read with the unit that their column leaves behind."""
    assert expected == limit(printed)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("n=5，c=2，m=10CFU/g，M=10²CFU/g", "n=5,c=2,m=10,M=100 CFU/g"),
        ("n=5, c=2, m=10000, M=100000", "n=5,c=2,m=10000,M=100000"),
        ("n=5,c=2,m=2.5×10⁴,M=10⁵（单位：CFU/g）", "n=5,c=2,m=25000,M=100000 CFU/g"),
        ("ｎ＝５；ｃ＝２；ｍ＝１０⁴；Ｍ＝１０⁵", "n=5,c=2,m=10000,M=100000"),
        ("n=5 c=2 m=10^4 M=10^5CFU/mL", "n=5,c=2,m=10000,M=100000 CFU/mL"),
        ("n=5,c=2,m=25,000,M=100,000CFU/g", "n=5,c=2,m=25000,M=100000 CFU/g"),
        ("n=5,c=0,m=0/25g", "n=5,c=0,m=0/25g"),
        ("n=5,c=0,m=0/25g,M=-", "n=5,c=0,m=0/25g"),
        ("n=5,c=0,m=0CFU/250mL", "n=5,c=0,m=0 CFU/250mL"),
        ("n=5,c=2,m=10<sup>4</sup>CFU/g,M=10<sup>5</sup>CFU/g", "n=5,c=2,m=10000,M=100000 CFU/g"),
    ],
)
def test_plans_are_read(printed: str, expected: str) -> None:
    """A sampling plan comes out of any separators, widths and powers."""
    assert isinstance(limit(printed), Plan)
    assert expected == str(limit(printed))


@pytest.mark.parametrize(
    "printed",
    [
        "符合GB 29924规定要求",
        "应符合GB 7718",
        "按标签明示值",
        "标签明示值",
        "≥80%标示值",
        "80%~120%标示值",
        "不低于标签明示值的95%",
        "标签明示值±1.0%vol",
        "≤120%标示值（标示值：6.0g/100g）",
    ],
)
def test_rules_in_words_are_known_as_such(printed: str) -> None:
    """A rule in words is neither read as a figure nor unreadable."""
    assert Rule(printed) == limit(printed)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", JudgementReason.NO_LIMIT),
        ("/", JudgementReason.NO_LIMIT),
        ("≤1.2×10", JudgementReason.EXPONENT_LOST),
        ("n=5，c=2，m=2.5×10", JudgementReason.EXPONENT_LOST),
        ("n=5,c=2,m=10", JudgementReason.EXPONENT_LOST),
        ("n=5,c=2,m=10,M=10", JudgementReason.EXPONENT_LOST),
        ("n=5,c=2,m=10,M=10⁵", JudgementReason.EXPONENT_LOST),
        ("n=5,c=2,m=104,M=105CFU/g", JudgementReason.EXPONENT_LOST),
        ("≤103CFU/g", JudgementReason.EXPONENT_LOST),
        ("≤10×10CFU/g", JudgementReason.EXPONENT_LOST),
        ("n=5,c=5,m=10,M=100", JudgementReason.LIMIT_CORRUPT),
        ("n=5,c=0,m=100,M=10", JudgementReason.LIMIT_CORRUPT),
        ("n=5,c=2,m=10CFU/g,M=100CFU/mL", JudgementReason.LIMIT_CORRUPT),
        ("n=5,c=2,c=3,m=10,M=100", JudgementReason.LIMIT_UNREADABLE),
        ("n=5,m=10,M=100", JudgementReason.LIMIT_UNREADABLE),
        ("≤1,072mg/kg", JudgementReason.LIMIT_UNREADABLE),
        ("4.0~3.0", JudgementReason.LIMIT_UNREADABLE),
        ("≤0.2≤mg/kg", JudgementReason.LIMIT_UNREADABLE),
        ("0.2mg/kg≤", JudgementReason.LIMIT_UNREADABLE),
        ("≤0.2mg/kg左右", JudgementReason.LIMIT_UNREADABLE),
        ("≤-18", JudgementReason.LIMIT_UNREADABLE),
    ],
)
def test_unreadable_limits_say_why(printed: str, expected: JudgementReason) -> None:
    """A limit that is absent, corrupt or lost its exponent is told apart from one that is not understood."""
    read = read_limit(printed)
    assert isinstance(read, Unreadable)
    assert expected is read.reason


@given(st.integers(0, 9999), st.sampled_from(("mg/kg", "µg/kg", "g/100g")), st.sampled_from("≤≥"))
def test_a_shown_bound_reads_back(value: int, unit: str, sign: str) -> None:
    """The short text of a bound is a bound again, the same one."""
    first = limit(f"{sign}{value}{unit}")
    assert first == limit(str(first))


@given(st.integers(1, 9), st.integers(1, 4), st.sampled_from((",", "，", "；", "、", " ")))
def test_a_plan_reads_back(mantissa: int, power: int, separator: str) -> None:
    """A made plan comes back from any separator, and from its own short text."""
    low = mantissa * 10**power
    printed = separator.join(("n=5", "c=2", f"m={low * 2}", f"M={low * 20}CFU/g"))
    expected = Plan(5, 2, Decimal(low * 2), Decimal(low * 20), "CFU/g")
    assert expected == limit(printed)
    assert expected == limit(str(expected))


@given(st.text(max_size=2000))
def test_no_text_breaks_the_grammar(text: str) -> None:
    """Whatever a laboratory prints as a limit is read or said to be unreadable."""
    read_limit(text)


@pytest.mark.parametrize("piece", ["n=5,", "≤", "不得检出(", "1,000", "(以", "M=1", "<sup> ", "(单位:CFU/g", "符合"])
def test_a_hostile_text_is_read_or_refused(piece: str) -> None:
    """Two thousand characters of anything end in the same answer twice."""
    text = (piece * 2000)[:2000]
    assert read_limit(text) == read_limit.__wrapped__(text)
