"""The catalogue: which row decides."""

import csv
from datetime import date
from importlib import resources

import pytest

from services.sampling import foods
from services.sampling.kinds_of_limit import Banned, Plan
from services.sampling.limits import Catalogue, Found, load, row_of
from tests.services.sampling.made import row, two_editions

FLIP = date(2023, 6, 30)


def found(catalogue: Catalogue, on: date | None, product: str = "皮皮虾") -> Found:
    """What a catalogue says of cadmium."""
    return catalogue.find("镉", product, "食用农产品", "", on)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2017, 9, 16), None),
        (date(2017, 9, 17), "old"),
        (date(2023, 6, 29), "old"),
        (date(2023, 6, 30), "new"),
        (date(2023, 7, 1), "new"),
    ],
)
def test_the_edition_of_the_production_date_decides(on: date, expected: str | None) -> None:
    """The day before, of and after a flip are each judged by their own edition (made dates)."""
    decides = found(two_editions(), on).decides
    assert expected == (decides.row_id if decides else None)


def test_without_a_production_date_nothing_decides() -> None:
    """A product of an unknown day is informed about all editions."""
    expected = ["old", "new"]
    answer = found(two_editions(), None)
    assert answer.decides is None
    assert answer.ambiguous
    assert expected == [row.row_id for row in answer.informs]


def test_a_row_without_a_begin_only_informs() -> None:
    """An edition whose first day is unknown informs until its last day, and then is over (made row)."""
    catalogue = Catalogue((row("open", "≤0.5mg/kg", end=date(2023, 6, 29)),))
    assert found(catalogue, date(2023, 6, 29)).decides is None
    assert [row.row_id for row in found(catalogue, date(2023, 6, 29)).informs] == ["open"]
    assert Found() == found(catalogue, FLIP)


def test_a_row_that_nobody_checked_says_so() -> None:
    """An unverified row decides and is marked."""
    decides = found(two_editions(), FLIP).decides
    assert decides is not None
    assert not decides.verified


def test_the_narrowest_group_decides() -> None:
    """A row for the product comes before a row for its group (made rows)."""
    catalogue = Catalogue(
        (
            row("wide", "≤0.5mg/kg", terms="甲壳类", begin=date(2020, 1, 1)),
            row("narrow", "≤3.0mg/kg", terms="虾蛄", begin=date(2020, 1, 1)),
        )
    )
    decides = found(catalogue, FLIP).decides
    assert decides is not None
    assert decides.row_id == "narrow"


def test_rows_as_narrow_as_each_other_decide_nothing_unless_they_agree() -> None:
    """Different limits for one group are ambiguous, equal ones are not (made rows)."""
    one, same = row("one", "≤0.5mg/kg", begin=date(2020, 1, 1)), row("same", "≤0.50mg/kg", begin=date(2020, 1, 1))
    other = row("other", "≤0.6mg/kg", begin=date(2020, 1, 1))
    assert found(Catalogue((one, same)), FLIP).decides == one
    assert found(Catalogue((one, other)), FLIP) == Found(informs=(one, other), ambiguous=True)


@pytest.mark.parametrize(
    ("product", "expected"), [("对虾", True), ("皮皮虾", False), ("海水虾", False), ("螃蟹", False)]
)
def test_an_exception_keeps_out_what_may_be_excepted(product: str, expected: bool) -> None:  # noqa: FBT001
    """A row that excepts mantis shrimp holds neither for it nor for a word that may mean it (made row)."""
    crustaceans = row("r", "≤0.5mg/kg", terms="甲壳类", exceptions="海蟹|虾蛄", begin=date(2020, 1, 1))
    assert expected == (found(Catalogue((crustaceans,)), FLIP, product).decides is not None)


def test_a_product_that_is_known_by_its_category_only_may_be_excepted() -> None:
    """Of an unknown aquatic product nobody knows that it is no fish (made row)."""
    catalogue = Catalogue((row("r", "≤1mg/kg", terms="水产", exceptions="鱼类", begin=date(2020, 1, 1)),))
    assert Found() == catalogue.find("镉", "没有的鱼", "食用农产品", "生鲜（冻）水产品", FLIP)


@pytest.mark.parametrize(
    ("substance", "product", "on", "expected"),
    [
        ("镉", "皮皮虾（海水虾）", date(2023, 6, 29), None),
        ("镉", "皮皮虾（海水虾）", date(2023, 6, 30), "L089"),
        ("恩诺沙星", "鸡蛋", date(2023, 1, 31), None),
        ("恩诺沙星", "鸡蛋", date(2023, 2, 1), "L070"),
        ("噻虫胺", "生姜", date(2021, 9, 3), "L059"),
        ("噻虫胺", "生姜", date(2021, 9, 2), None),
        ("铅", "泥鳅", date(2024, 1, 1), None),
        ("铅", "海参", date(2024, 1, 1), "L006"),
        ("没有", "泥鳅", date(2024, 1, 1), None),
    ],
)
def test_the_shipped_catalogue_decides_only_where_it_is_dated(
    substance: str, product: str, on: date, expected: str | None
) -> None:
    """Rows of the package decide from their first day to their last, and only for their food."""
    decides = load().find(substance, product, "食用农产品", "", on).decides
    assert expected == (decides.row_id if decides else None)


def test_every_shipped_row_is_whole() -> None:
    """Every row reads, its terms are reviewed words, and its edition ends after it began."""
    text = resources.files("services.sampling").joinpath("data/limits.csv").read_text(encoding="utf-8")
    rows = [row_of(cells) for cells in csv.DictReader(text.splitlines())]
    assert len(rows) == 167
    assert len({row.row_id for row in rows}) == 167
    for each in rows:
        assert all(foods.load().above(term) for term in each.terms | each.exceptions), each.row_id
        assert each.effective_from is None or each.effective_to is None or each.effective_from <= each.effective_to
    assert {Banned, Plan} < {type(row.limit) for row in rows}
    assert sum(1 for row in rows if row.verified) == 130
