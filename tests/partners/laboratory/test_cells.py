"""What is printed reaches the report unchanged; what a spreadsheet spoilt is refused."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.laboratory.cells import determination_values, printed, sample_value
from partners.tables.cells import Spoilt, SpoiltError


@given(st.decimals(min_value=0, max_value=10**9, places=5))
def test_number_is_written_as_the_shortest_decimal(number: Decimal) -> None:
    """A number of a spreadsheet comes out with its value, without zeros behind it and without an exponent."""
    text = printed(float(number))
    assert number == Decimal(text)
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(37000, "37000"), (37000.0, "37000"), (0.1, "0.1"), (0.00001, "0.00001"), (123456789012345, "123456789012345")],
)
def test_numbers(cell: float, expected: str) -> None:
    """Whole numbers stand without a point, small ones without an exponent."""
    assert expected == printed(cell)


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2026, 3, 4),  # noqa: DTZ001 - as a spreadsheet gives it
        date(2026, 3, 4),
        time(3, 4),
        timedelta(hours=3),
        "3月4日",
        "4-Mar",
        "Mar-04",
        "2026/3/4",
        "2026年3月",
        1e15,
        1234567890123456,
        0.1 + 0.2,
        True,
        ["0.1"],
        Spoilt("holds a formula."),
    ],
)
def test_spoilt_result_is_refused(cell: Any) -> None:
    """A day, a number with lost figures, a truth value and a formula are no printed result."""
    with pytest.raises(SpoiltError):
        printed(cell)


@pytest.mark.parametrize("cell", ["2.1×10⁴", " <0.05 mg/kg\n", "n=5,c=2,m=10,M=100", "/", "—", "无", "3-4", "1.2E+04"])
def test_result_stands_as_printed(cell: str) -> None:
    """Spaces, line ends, dashes and exponents of a result or a limit are left as they are."""
    assert ([{"result": cell, "limit": cell}], {}) == determination_values({"result": cell, "limit": cell})


def test_dash_for_nothing_is_nothing_elsewhere() -> None:
    """A limit of detection or a basis that is only a dash says that there is none."""
    values, _ = determination_values({"analyte": " 铅 ", "lod": "/", "basis": "—", "method": "GB 5009.12-2023 第一法"})
    assert [{"analyte": "铅", "lod": "", "basis": "", "method": "GB 5009.12-2023 第一法"}] == values


def test_three_in_one_cell() -> None:
    """Item, result and limit that stand in one cell are taken apart, one line for each item."""
    cell = "甜蜜素‖0.5g/kg‖不得使用\n苯甲酸 || 1.2g/kg || ≤1.0g/kg"
    values, spoilt = determination_values({"item_result_limit": cell, "method": "GB 5009.28"})
    assert {} == spoilt
    assert [
        {"analyte": "甜蜜素", "result": "0.5g/kg", "limit": "不得使用", "method": "GB 5009.28"},
        {"analyte": "苯甲酸", "result": "1.2g/kg", "limit": "≤1.0g/kg", "method": "GB 5009.28"},
    ] == values
    _, spoilt = determination_values({"item_result_limit": "甜蜜素‖0.5g/kg"})
    assert ["item_result_limit"] == list(spoilt)


@pytest.mark.parametrize("cell", [46027, "46027", "2026-01-05", "2026年1月5日", datetime(2026, 1, 5)])  # noqa: DTZ001
@pytest.mark.parametrize("field", ["production_date", "concluded_on", "day_or_batch"])
def test_days(field: str, cell: Any) -> None:
    """A day may be a spreadsheet's serial number, a date, or written out."""
    assert date(2026, 1, 5) == sample_value(field, cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("生产日期：2026-01-05", date(2026, 1, 5)),
        ("加工日期2026/1/5", date(2026, 1, 5)),
        ("购进日期：2026-01-05", None),
        ("批号：A17", None),
        ("/", None),
    ],
)
def test_day_or_batch(cell: str, expected: date | None) -> None:
    """Only a day of production is taken from a column that may also hold a batch or the day of purchase."""
    assert expected == sample_value("day_or_batch", cell)


def test_number_that_a_spreadsheet_shortened_is_refused() -> None:
    """A sample's number such as 2.10283E+17 has lost its figures."""
    for cell in ("2.10283E+17", 210283190000012345):
        with pytest.raises(SpoiltError, match="15 figures"):
            sample_value("sample_no", cell)


def test_words() -> None:
    """The laboratory's words become those of the contract."""
    assert "不合格样品" == sample_value("conclusion", "不合格")
    assert ([{"kind": "confirmatory"}], {}) == determination_values({"kind": "确证"})
    assert "21.02.83" == sample_value("producer_region", "210283")
