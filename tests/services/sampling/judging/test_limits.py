"""The catalogue: which row decides."""

import csv
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging import foods
from services.sampling.judging.kinds_of_limit import Banned, Plan
from services.sampling.judging.limit_rows import Row, row_of
from services.sampling.judging.limits import Catalogue, Found, load
from shared.failure import CannotStartError
from tests.services.sampling.judging.made import row, two_editions

FLIP = date(2023, 6, 30)
LEEK = (date(2020, 2, 14), date(2020, 2, 15), date(2021, 9, 2), date(2021, 9, 3))


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
    assert answer.edition_open
    assert not answer.ambiguous
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
    """Of an unknown aquatic product nobody knows that it is no fish: the row informs (made row)."""
    other_than_fish = row("r", "≤1mg/kg", terms="水产品", exceptions="鱼类", begin=date(2020, 1, 1))
    answer = Catalogue((other_than_fish,)).find("镉", "没有的鱼", "食用农产品", "生鲜（冻）水产品", FLIP)
    assert Found(informs=(other_than_fish,), ambiguous=True) == answer


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


@given(st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=2, max_size=8, unique=True), st.data())
def test_editions_that_follow_each_other_leave_no_day_and_share_none(days: list[date], data: st.DataObject) -> None:
    """Each edition decides from its first day to the day before the next one's, in any order of the rows (made)."""
    begins = sorted(days)
    ends = [begin - timedelta(days=1) for begin in begins[1:]] + [None]
    rows = [
        row(f"{number}", f"≤{number + 1}mg/kg", begin=begin, end=end)
        for number, (begin, end) in enumerate(zip(begins, ends, strict=True))
    ]
    catalogue = Catalogue(data.draw(st.permutations(rows)))
    assert found(catalogue, begins[0] - timedelta(days=1)) == Found()
    for each, begin, end in zip(rows, begins, ends, strict=True):
        last = end or data.draw(st.dates(begin, date(2031, 1, 1)))
        assert [each, each] == [found(catalogue, day).decides for day in (begin, last)]


@given(st.permutations(load().rows), st.sampled_from(["皮皮虾", "海水虾", "草鱼", "大米", "韭菜"]))
def test_the_order_of_the_rows_does_not_matter(rows: list[Row], product: str) -> None:
    """A catalogue answers the same however its files were sorted."""
    answers = [
        catalogue.find("镉", product, "", "", day) for catalogue in (load(), Catalogue(rows)) for day in (FLIP, None)
    ]
    assert answers[:2] == answers[2:]


def test_imported_rows_join_those_of_the_package(tmp_path: Path) -> None:
    """A folder's rows are found, and one with a number of the package takes that row's place (made figures)."""
    header, *lines = (resources.files("services.sampling") / "data" / "limits.csv").read_text("utf-8").splitlines()
    leek = next(line for line in lines if line.startswith("L050,"))
    dated = leek.replace("GB 2763-2016/2019,,2021-09-02", "GB 2763-2019,2020-02-15,2021-09-02")
    more = leek.replace("L050,", "X1,").replace("0.2,mg/kg", "5,mg/kg").replace(",,2021-09-02", ",2021-09-03,")
    (tmp_path / "more.csv").write_text(f"{header}\n{dated}\n{more}", encoding="utf-8")
    answers = [load(tmp_path).find("腐霉利", "韭菜", "食用农产品", "", day).decides for day in LEEK]
    assert [None, "L050", "L050", "X1"] == [answer.row_id if answer else None for answer in answers]
    assert len(load(tmp_path).rows) == len(load().rows) + 1
    assert load(tmp_path / "absent").rows == load().rows


def test_a_file_that_is_no_catalogue_stops_the_start(tmp_path: Path) -> None:
    """The sentence names the file, the row and what to do."""
    (tmp_path / "broken.csv").write_text("row_id,substance\nX1,镉\n", encoding="utf-8")
    with pytest.raises(CannotStartError, match=r"broken\.csv, row 2, is no limit .* remove the file"):
        load(tmp_path)


def test_all_rows_that_may_hold_for_a_food_are_listed() -> None:
    """The editions of a food are those of its own rows and of its groups', by their first day."""
    rows = load().of("镉", foods.place_of("皮皮虾", "食用农产品", ""))
    assert ["L088", "L089"] == [each.row_id for each in rows]
    assert load().of("没有", ("虾蛄",)) == ()
