"""What a cell holds, as an event takes it: days, times, words, figures, and what a spreadsheet spoilt."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel

from partners.tables.cells import SpoiltError, days_of_shelf_life, value_of, values_of
from shared.contracts import RapidTestRecorded, SampleCollected
from shared.workdays import CHINA

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def form(field: str, cell: Any) -> Any:
    """A cell of a sampling form."""
    return value_of(SampleCollected, field, cell)


@given(day=DAYS)
def test_day_reads_the_same_however_it_is_written(day: date) -> None:
    """A day in figures, with strokes, in Chinese, or as a spreadsheet counts it is the same day."""
    written = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        datetime(day.year, day.month, day.day, tzinfo=CHINA),
        to_excel(day),  # type: ignore[no-untyped-call]
    )
    assert [day] * len(written) == [form("production_date", cell) for cell in written]


@given(day=DAYS, minutes=st.integers(0, 24 * 60 - 1))
def test_time_without_an_offset_is_in_china(day: date, minutes: int) -> None:
    """A point in time that a person writes without an offset is China's, in each way of writing it."""
    moment = datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(minutes=minutes)
    clock = f"{moment.hour}:{moment.minute:02}"
    written = (
        f"{day.isoformat()} {clock}",
        f"{day.year}年{day.month}月{day.day}日 {moment.hour}时{moment.minute}分",
        moment.replace(tzinfo=None),
        moment.isoformat(),
    )
    assert [moment] * len(written) == [form("sampled_at", cell) for cell in written]


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("samplers", "S01、S02", ["S01", "S02"]),
        ("samplers", "S01, S02", ["S01", "S02"]),
        ("place_kind", "农贸市场", "wet_market"),
        ("chain_stage", "流通环节", "circulation"),
        ("sterile", "无菌抽样", "true"),
        ("consigned_production", "否", False),
        ("producer_region", 210283, "21.02.83"),
        ("quantity", 2.0, 2),
        ("quantity", 2.4, Decimal("2.4")),
        ("barcode", 6901234567892, "6901234567892"),
        ("product", "  草鱼 ", "草鱼"),
        ("brand", "/", None),
        ("brand", "无", None),
        ("quantity", "两公斤", "两公斤"),
        ("production_date", "昨天", "昨天"),
        ("production_date", "2026-02-30", "2026-02-30"),
    ],
)
def test_cell_becomes_the_contracts_value(field: str, cell: Any, expected: Any) -> None:
    """What is understood takes the contract's form; what says nothing is none; the rest is left for the contract."""
    assert expected == form(field, cell)


@pytest.mark.parametrize(
    ("field", "cell", "words"),
    [
        ("batch_no", datetime(2026, 3, 1, tzinfo=CHINA), "made a day"),
        ("licence_no", 91210283123456789.0, "keeps 15 figures"),
        ("quantity", date(2026, 3, 1), "made a day of a number"),
        ("sampled_at", "2026-11-24", "the time of day is missing"),
    ],
)
def test_spoilt_cell_is_refused(field: str, cell: Any, words: str) -> None:
    """What a spreadsheet has changed is never guessed."""
    with pytest.raises(SpoiltError, match=words):
        form(field, cell)


def test_spoilt_cell_is_named_with_its_place() -> None:
    """A spoilt cell becomes a fault at its place, and the other fields are read."""
    cells = {"barcode": 1e16, "product": "草鱼"}
    values, (fault,) = values_of(
        SampleCollected, cells, {"barcode": "row 2, column 条形码", "product": "row 2"}.__getitem__
    )
    assert ({"product": "草鱼"}, "row 2, column 条形码") == (values, fault.where)


@given(produced=DAYS, months=st.integers(1, 60))
def test_shelf_life_in_months_ends_on_the_same_day_or_the_months_last(produced: date, months: int) -> None:
    """A shelf life in months counts to the same day of a later month, or to its last where it is shorter."""
    days = days_of_shelf_life(f"{months}个月", produced)
    assert days is not None
    end = produced + timedelta(days=days)
    assert (produced.year * 12 + produced.month + months) == end.year * 12 + end.month
    assert end.day == produced.day or (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("said", "expected"), [("180天", 180), ("7日", 7), ("1年", 365), ("见包装", None), ("", None), (7, None)]
)
def test_shelf_life_in_days_and_years(said: Any, expected: int | None) -> None:
    """Days stand as they are, a year is counted, and what is no length is left alone."""
    assert expected == days_of_shelf_life(said, date(2026, 1, 1))


def test_shelf_life_in_months_needs_the_day_of_production() -> None:
    """Months from an unknown day are no number of days."""
    assert days_of_shelf_life("12个月", None) is None


def test_words_are_those_of_the_field() -> None:
    """A word is understood in its own field, and left alone in another."""
    assert ("true", "阳性") == (
        value_of(RapidTestRecorded, "positive", "阳性"),
        value_of(RapidTestRecorded, "analyte", "阳性"),
    )
