"""Days as tables and people write them."""

from datetime import date

import pytest

from services.sampling.judging.days import read_day


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01",
        "2024-5-1",
        "2024/5/1",
        "2024.05.01",
        "2024年5月1日",
        "２０２４－５－１",
        "2024-05-01 00:00:00",
        "20240501",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    """Strokes, points, characters and full width all give the same day."""
    assert date(2024, 5, 1) == read_day(text)


@pytest.mark.parametrize("text", ["", " ", "/", "—"])
def test_a_struck_out_day_is_unknown(text: str) -> None:
    """An empty cell is no fault."""
    assert read_day(text) is None


@pytest.mark.parametrize("text", ["2024-02-30", "去年", "43490", "2024-05-01 13:00"])
def test_what_is_no_day_is_a_fault(text: str) -> None:
    """A day that never was, a word and a spreadsheet's number are refused."""
    with pytest.raises(ValueError, match=r".+"):
        read_day(text)
