"""Why a limit holds, in words."""

from datetime import date

import pytest

from services.sampling.judging.limit_explained import explained
from services.sampling.judging.limits import load
from services.sampling.judging.measured import Sample
from shared.failure import CannotStartError
from tests.services.sampling.judging.made import two_editions

BEFORE, FLIP = date(2023, 6, 29), date(2023, 6, 30)


def told(analyte: str, product: str, on: date | None, category: str = "") -> str:
    """What is explained by the shipped catalogue."""
    return "\n".join(explained(analyte, Sample(product, category, made_on=on), load()))


def test_the_row_that_decides_is_shown_whole() -> None:
    """Limit, food, standard with its days, source, whether it was checked, and its number (made rows)."""
    lines = list(explained("镉(以Cd计)", Sample("皮皮虾", "食用农产品", made_on=FLIP), two_editions()))
    assert lines == [
        "镉(以Cd计) (镉) in 皮皮虾, made on 2023-06-30",
        "Limit: ≤3 mg/kg",
        "  food      虾蛄",
        "  basis     -",
        "  class     limited: allowed up to the limit",
        "  standard  made standard new, 2023-06-30 to today",
        "  evidence  NOT verified against the official text (unverified-made)",
        "  source    -",
        "  row       new",
        "Other rows for this food:",
        "  before  ≤0.5 mg/kg for 虾蛄 (made standard old, 2017-09-17 to 2023-06-29; verified)",
    ]


def test_the_edition_of_the_day_before_names_the_next() -> None:
    """On its last day the old edition decides, and the new one lies after it (made rows)."""
    lines = list(explained("镉", Sample("皮皮虾", "食用农产品", made_on=BEFORE), two_editions()))
    assert "Limit: ≤0.5 mg/kg" in lines
    assert lines[-1].startswith("  after   ≤3 mg/kg for 虾蛄 (made standard new")


@pytest.mark.parametrize(
    ("analyte", "product", "on", "expected"),
    [
        ("镉", "海水虾", FLIP, "Ambiguous: the product may be of several foods"),
        ("镉", "皮皮虾", None, "Open: the edition goes by the production date; state it."),
        ("镉", "皮皮虾", BEFORE, "Only informs: the row states no first day of its edition; date it"),
        ("腐霉利", "苹果", FLIP, "No row of the catalogue holds; the limit that the laboratory states decides."),
        ("腐霉利", "苹果", FLIP, "It limits it in 韭菜."),
        ("总砷", "对虾", FLIP, "as a total it screens for 无机砷"),
        ("恩诺沙星", "草鱼", FLIP, "The limit is on the sum of 恩诺沙星, 环丙沙星."),
        ("铝的残留量", "粉丝", FLIP, "may be ≤200 mg/kg for 粉丝、粉条(干样品)"),
        ("酸价", "糕点", FLIP, "may be ≤5 mg/g"),
        ("氯霉素", "草鱼", FLIP, "Law: prohibited as 氯霉素及其盐、酯, 农业农村部公告第250号"),
        ("地西泮", "草鱼", FLIP, "Law: treatment only as 地西泮(安定)"),
        ("敌百虫", "火锅底料", FLIP, "only a bare detection counts"),
    ],
)
def test_what_the_catalogue_does_not_decide_is_said_in_words(
    analyte: str, product: str, on: date | None, expected: str
) -> None:
    """Ambiguous, open, undated and unknown are told apart, each with what to do."""
    category = "调味品" if product == "火锅底料" else ""
    assert expected in told(analyte, product, on, category)


@pytest.mark.parametrize(
    ("analyte", "product", "category", "sentence"),
    [
        ("孔雀石缘", "草鱼", "", "孔雀石缘 is no reviewed analyte .* Do you mean 孔雀石绿"),
        ("镉", "皮皮瞎", "", "皮皮瞎 is no reviewed food. Do you mean 皮皮虾"),
        ("镉", "皮皮虾", "罐头", "皮皮虾 is no 罐头; leave the category out"),
    ],
)
def test_unknown_words_are_answered_with_what_comes_near(
    analyte: str, product: str, category: str, sentence: str
) -> None:
    """A slip of the pen is one sentence with close matches."""
    with pytest.raises(CannotStartError, match=sentence):
        told(analyte, product, FLIP, category)


def test_every_row_of_the_catalogue_can_be_explained() -> None:
    """Each row is found under its own analyte and its own food, on its first day or on any."""
    for row in load().rows:
        for term in row.terms:
            lines = told(row.substance, term, row.effective_from)
            assert row.standard in lines, (row.row_id, term, lines)
