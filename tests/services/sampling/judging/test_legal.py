"""What the law makes of a substance, beside any limit."""

import csv
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling import reviewed
from services.sampling.judging import foods, legal
from services.sampling.judging.measured import Sample
from services.sampling.judging.substances import substance
from shared.contracts.sample import LegalClass
from tests.services.sampling.judging.made import limit

NOT_DETECTED, AT_MOST = "不得检出", "≤0.01mg/kg"
PROHIBITED, TREATMENT = LegalClass.PROHIBITED, LegalClass.TREATMENT_ONLY
DISCONTINUED, LIMITED = LegalClass.DISCONTINUED, LegalClass.LIMITED


def law(
    analyte: str, product: str, printed: str, on: date | None = date(2024, 5, 1), category: str = "食用农产品"
) -> LegalClass | None:
    """The class of an analyte that was held against a limit."""
    sample = Sample(product, category, "", on)
    return legal.legal_class(substance(analyte), sample, limit(printed) if printed else None)


@pytest.mark.parametrize(
    ("analyte", "product", "printed", "expected"),
    [
        ("孔雀石绿", "草鱼", NOT_DETECTED, PROHIBITED),
        ("呋喃唑酮代谢物", "草鱼", NOT_DETECTED, PROHIBITED),
        ("克伦特罗", "牛肉", NOT_DETECTED, PROHIBITED),
        ("五氯酚酸钠（以五氯酚计）", "猪肉", NOT_DETECTED, PROHIBITED),
        ("地西泮", "草鱼", NOT_DETECTED, TREATMENT),
        ("地美硝唑", "鸡蛋", NOT_DETECTED, TREATMENT),
        ("氧氟沙星", "草鱼", NOT_DETECTED, DISCONTINUED),
        ("恩诺沙星", "鸡蛋", NOT_DETECTED, None),
        ("恩诺沙星", "草鱼", "≤100μg/kg", LIMITED),
        ("铅", "大米", "≤0.2mg/kg", LIMITED),
        ("铅类", "大米", AT_MOST, PROHIBITED),
        ("玉米赤霉烯酮", "玉米", "≤60μg/kg", LIMITED),
        ("菌落总数", "雪糕", "≤100CFU/g", None),
        ("蛋白质", "雪糕", "≥0.8g/100g", None),
        ("克百威", "韭菜", AT_MOST, LIMITED),
        ("克百威", "猪肉", AT_MOST, PROHIBITED),
        ("氯霉素", "韭菜", NOT_DETECTED, None),
        ("呋喃西林代谢物", "韭菜", NOT_DETECTED, None),
    ],
)
def test_a_detection_is_not_one_thing(analyte: str, product: str, printed: str, expected: LegalClass | None) -> None:
    """Prohibited, for treatment only, discontinued and limited are told apart, and a list reaches only its food."""
    assert expected == law(analyte, product, printed)


@pytest.mark.parametrize(
    ("analyte", "product", "day", "expected"),
    [
        ("甲拌磷", "韭菜", date(2024, 8, 31), LIMITED),
        ("甲拌磷", "韭菜", date(2024, 9, 1), PROHIBITED),
        ("氧乐果", "辣椒", date(2026, 5, 31), LIMITED),
        ("氧乐果", "辣椒", date(2026, 6, 1), PROHIBITED),
        ("林丹", "猪肉", date(2019, 3, 25), PROHIBITED),
        ("氧氟沙星", "草鱼", date(2016, 12, 30), LIMITED),
        ("氧氟沙星", "草鱼", date(2016, 12, 31), DISCONTINUED),
        ("克百威", "猪肉", date(2019, 12, 26), PROHIBITED),
        ("克百威", "猪肉", date(2019, 12, 27), PROHIBITED),
        ("克百威", "韭菜", date(2019, 12, 27), LIMITED),
    ],
)
def test_the_law_of_the_production_date_holds(analyte: str, product: str, day: date, expected: LegalClass) -> None:
    """A list counts from its first day on, and an old list to its last."""
    assert expected is law(analyte, product, AT_MOST, day)


def test_what_is_forbidden_to_add_may_be_a_residue() -> None:
    """In farm produce, or as an amount above a limit, a permitted drug is no addition to food."""
    assert LIMITED is law("磺胺二甲嘧啶", "猪肉", "≤100μg/kg")
    assert law("磺胺二甲嘧啶", "猪肉", NOT_DETECTED) is None
    assert PROHIBITED is law("磺胺二甲嘧啶", "火锅底料", NOT_DETECTED, category="调味品")
    assert LIMITED is law("磺胺二甲嘧啶", "火锅底料", "≤100μg/kg", category="调味品")


def test_without_any_day_no_list_is_named() -> None:
    """The day of the conclusion stands in for the production date; without both only a limit is known."""
    carp = Sample("草鱼", "食用农产品", concluded_on=date(2024, 5, 1))
    assert PROHIBITED is legal.legal_class(substance("孔雀石绿"), carp, None)
    assert law("孔雀石绿", "草鱼", NOT_DETECTED, None) is None
    assert LIMITED is law("铅", "大米", "≤0.2mg/kg", None)


@given(st.dates(date(2002, 5, 15), date(2030, 1, 1)))
def test_a_prohibition_leaves_no_gap_between_its_lists(day: date) -> None:
    """From announcement 193 on chloramphenicol in food of animals was prohibited on every day."""
    assert PROHIBITED is law("氯霉素", "猪肉", NOT_DETECTED, day)


def rows() -> Sequence[dict[str, str]]:
    """The table of the package."""
    return list(reviewed.rows("legal_classes.csv"))


def test_every_listed_substance_of_the_collection_is_there() -> None:
    """141 names of the collected lists, each with its list, citation, evidence and first day."""
    collected = [row for row in rows() if "193" not in row["list"]]
    assert len(collected) == 141
    assert all(row["citation"] and row["evidence"] and row["consequence"] for row in rows())
    assert sum(1 for row in collected if reviewed.is_verified(row["evidence"])) == 47


def test_every_listing_can_be_used() -> None:
    """Every scope is known, its groups are reviewed foods, and a list ends after it began."""
    assert {row["scope"] for row in rows()} == legal.scopes().keys()
    for scope in legal.scopes().values():
        assert all(foods.load().known(term) for term in scope.within | scope.without)
    for listings in legal.listings().values():
        for listing in listings:
            assert listing.effective_to is None or listing.effective_from <= listing.effective_to
            assert substance(listing.substance).name == listing.substance


def test_the_gravest_list_leads() -> None:
    """Of several listings that reach a food the gravest comes first."""
    order = list(LegalClass)
    sample = Sample("猪肉", "食用农产品", made_on=date(2024, 5, 1))
    for name in legal.listings():
        classes = [order.index(listing.legal_class) for listing in legal.listed(substance(name), sample)]
        assert all(one <= other for one, other in pairwise(classes))


def test_sampling_and_enforcement_name_the_same_prohibited_substances() -> None:
    """Each service has a table of its own, and no listing of one is missing in the other."""
    path = Path(legal.__file__).parents[2] / "enforcement" / "data" / "prohibited_substances.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        theirs = {(row["listed_as"], row["list"], row["in_force_from"]) for row in csv.DictReader(lines)}
    assert theirs == {(row["listed_as"], row["list"], row["effective_from"]) for row in rows()}
