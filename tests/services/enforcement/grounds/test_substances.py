"""Names lead to lists whole and exactly, whatever their width, brackets and basis."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.grounds.substances import LegalClass, load, spelling

LISTS = load()


def substances(name: str) -> set[str]:
    """The listed substances that a name leads to."""
    return {listing.substance for listing in LISTS.of(name)}


def test_every_row_of_the_lists_is_there() -> None:
    """The current lists have 141 rows; the list that announcement 250 replaced has 19 of the same substances."""
    count = Counter(listing.list for listing in LISTS.listings)
    assert count.pop("农业部公告第193号") == 19
    assert count["食品中可能违法添加的非食用物质名单"] == 47
    assert count["农业农村部公告第250号"] == 21
    assert count.total() == 141


def test_only_prohibited_rows_of_the_47_are_marked_verified() -> None:
    """The mark follows the evidence of the row."""
    assert {listing.evidence.startswith("verified") for listing in LISTS.listings if listing.verified} == {True}
    assert sum(listing.verified for listing in LISTS.listings) == 47


@pytest.mark.parametrize(
    ("printed", "substance"),
    [
        ("呋喃唑酮代谢物", "硝基呋喃类"),
        ("呋喃唑酮", "硝基呋喃类"),
        ("呋喃唑酮代谢物（AOZ）", "硝基呋喃类"),
        ("呋喃西林代谢物(以SEM计)", "硝基呋喃类"),
        ("3-氨基-2-噁唑烷基酮（AOZ）", "硝基呋喃类"),
        ("ＡＯＺ", "硝基呋喃类"),
        ("克伦特罗", "β-兴奋剂类"),
        ("盐酸克伦特罗", "β-兴奋剂类"),
        ("莱克多巴胺", "β-兴奋剂类"),
        ("隐色孔雀石绿", "孔雀石绿"),
        ("孔雀石绿（孔雀石绿与隐色孔雀石绿之和）", "孔雀石绿"),
        ("孔雀石绿（以孔雀石绿和隐色孔雀石绿之和计）", "孔雀石绿"),
        ("氯霉素(chloramphenicol)", "氯霉素"),
        ("氯霉素（μg/kg）", "氯霉素"),
        ("五氯酚酸钠（以五氯酚计）", "五氯酚酸钠"),
        ("五氯酚", "五氯酚酸钠"),
        ("呋喃丹（克百威）", "克百威"),
        ("酸性橙II", "酸性橙Ⅱ"),
        ("罗丹明B", "玫瑰红B"),
        ("地西泮(安定)", "地西泮"),
        ("二甲硝咪唑", "地美硝唑"),
    ],
)
def test_a_name_leads_to_what_is_listed(printed: str, substance: str) -> None:
    """Metabolites, salts, members and other spellings lead to the listed substance."""
    assert {substance} == substances(printed)


@pytest.mark.parametrize(
    "printed",
    [
        "铅",
        "铅（以Pb计）",
        "铅(Pb)",
        "总汞",
        "总砷（以As计）",
        "玉米赤霉烯酮",
        "硝基咪唑类",
        "恩诺沙星",
        "磺胺类（总量）",
        "甲基毒死蜱",
        "2,4-滴",
        "溴酸盐",
        "二氧化硫残留量",
        "结晶紫",
        "氟苯尼考",
        "甲砜霉素",
        "氯霉素眼药水",
        "氯霉素（甲砜霉素）",
        "孔雀石",
        "",
    ],
)
def test_a_name_that_only_resembles_a_listed_one_leads_nowhere(printed: str) -> None:
    """Nothing is matched by a part of its name, and a class does not stand for its permitted members."""
    assert substances(printed) == set()


def test_treatment_only_drugs_are_on_no_prohibited_list() -> None:
    """No treatment-only or discontinued drug also leads to a prohibited row through a class."""
    others = [listing for listing in LISTS.listings if listing.legal_class is not LegalClass.PROHIBITED]
    for listing in others:
        assert {listing.legal_class} == {found.legal_class for found in LISTS.of(listing.listed_as)}


def test_all_periods_are_in_order() -> None:
    """No row ends before it begins."""
    for listing in LISTS.listings:
        assert listing.in_force_to is None or listing.in_force_from <= listing.in_force_to


def test_names_given_together_lead_to_each_list_once() -> None:
    """The printed analyte and the reviewed name may both be known; a listing comes once, in the table's order."""
    assert LISTS.of("呋喃唑酮代谢物") == LISTS.of("呋喃唑酮", "呋喃唑酮代谢物") == LISTS.of("硝基呋喃类")


@given(st.sampled_from(sorted(LISTS.aliases)), st.sampled_from(["", " ", "\u3000"]))
def test_spelling_is_stable(alias: str, space: str) -> None:
    """A spelling is its own spelling, and spaces do not change it."""
    assert alias == spelling(alias) == spelling(space.join(alias))


@given(st.text(max_size=30))
def test_any_text_can_be_looked_up(name: str) -> None:
    """No printed name breaks the look-up."""
    assert LISTS.of(name) == LISTS.of(name, name)
