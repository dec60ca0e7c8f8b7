"""Rules R1 and R2: which failed samples go to the police and the procuratorate, and why the others do not."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.enforcement.grounds.exceedance import Threshold
from services.enforcement.grounds.referral import Decline, Referral, Rules, decide, load
from shared.contracts import DeclineReason, Hazard, JudgementReason, SampleFailed, Verdict
from tests.services.enforcement.failed import failed, finding, pesticide
from tests.services.enforcement.grounds.published import Published, published_failures

REGION = "21.02.83"
RULES = load()
MADE = Threshold("21", None, Decimal(3), date(2019, 1, 1), None, "a made rule", verified=False)


def with_threshold(*rows: Threshold) -> Rules:
    """The rules with made thresholds of severe exceedance."""
    return replace(RULES, thresholds=rows)


def declined(sample: SampleFailed, rules: Rules = RULES) -> Decline:
    """The decision on a sample that must not be referred."""
    decision = decide(sample, rules, REGION)
    assert isinstance(decision, Decline)
    return decision


def referred(sample: SampleFailed, rules: Rules = RULES) -> Referral:
    """The decision on a sample that must be referred."""
    decision = decide(sample, rules, REGION)
    assert isinstance(decision, Referral)
    return decision


@pytest.mark.parametrize("row", published_failures(), ids=lambda row: row.row_id)
def test_exactly_the_banned_rows_are_referred(row: Published) -> None:
    """As shipped, a real failure is referred just where its substance is on the prohibited list."""
    decision = decide(row.sample, RULES, REGION)
    assert isinstance(decision, Referral) == (row.group == "banned_list")
    assert decision.reasons
    assert all(reason.text and reason.citation for reason in decision.reasons)


def test_what_becomes_of_the_published_failures() -> None:
    """12 of the 146 readable failures are referred; the other 134 say why not."""
    decisions = [decide(row.sample, RULES, REGION) for row in published_failures()]
    outcomes = Counter(decision.reason if isinstance(decision, Decline) else None for decision in decisions)
    expected = {
        None: 12,
        DeclineReason.NOT_ON_A_LIST: 125,
        DeclineReason.TREATMENT_ONLY: 3,
        DeclineReason.DISCONTINUED: 2,
        DeclineReason.CROP_RESTRICTED: 3,
        DeclineReason.BEFORE_LISTING: 1,
    }
    assert expected == outcomes


@pytest.mark.parametrize(
    ("analyte", "reason"),
    [
        ("地西泮", DeclineReason.TREATMENT_ONLY),
        ("甲硝唑", DeclineReason.TREATMENT_ONLY),
        ("地美硝唑", DeclineReason.TREATMENT_ONLY),
        ("氧氟沙星", DeclineReason.DISCONTINUED),
        ("诺氟沙星", DeclineReason.DISCONTINUED),
        ("毒死蜱", DeclineReason.CROP_RESTRICTED),
        ("氟虫腈", DeclineReason.CROP_RESTRICTED),
        ("克百威", DeclineReason.BEFORE_LISTING),
        ("腐霉利", DeclineReason.NOT_ON_A_LIST),
        ("恩诺沙星", DeclineReason.NOT_ON_A_LIST),
        ("镉(以Cd计)", DeclineReason.NOT_ON_A_LIST),
        ("单增李斯特菌", DeclineReason.NOT_ON_A_LIST),
    ],
)
def test_each_kind_of_published_failure_has_its_own_reason(analyte: str, reason: DeclineReason) -> None:
    """What is not prohibited is told apart: treatment only, discontinued, restricted on crops, or on no list."""
    rows = [row for row in published_failures() if row.sample.findings[0].analyte == analyte]
    assert rows
    assert {reason} == {declined(row.sample).reason for row in rows}


@pytest.mark.parametrize(("threshold", "expected"), [(2, 44), (3, 32), (5, 21), (10, 7)])
def test_a_made_threshold_refers_exceedances_by_rule_r2(threshold: int, expected: int) -> None:
    """With a made threshold, residues, metals and toxins at or above it are referred beside the banned rows."""
    rules = with_threshold(replace(MADE, ratio=Decimal(threshold)))
    decisions = [decide(row.sample, rules, REGION) for row in published_failures()]
    used = Counter(decision.reasons[0].rule for decision in decisions if isinstance(decision, Referral))
    assert {"R1": 12, "R2": expected} == used


def test_a_referral_cites_law_and_list() -> None:
    """A reason names the offence, the list and its mark, the day and the facts."""
    (reason,) = referred(failed(finding("孔雀石绿"))).reasons
    assert reason.rule == "R1"
    assert reason.citation.startswith("刑法 Art 144; 法释〔2021〕24号 Art 9(2), 11; 食品中可能违法添加的非食用物质名单")
    assert reason.verified
    assert reason.facts["conclusion date"] == "2026-03-02"
    assert reason.facts["also on"] == "农业农村部公告第250号"


def test_an_unchecked_list_is_marked() -> None:
    """Where only an unchecked list holds the substance the reason says that it is unchecked."""
    (reason,) = referred(failed(finding("己烯雌酚"))).reasons
    assert reason.facts["list"] == "农业农村部公告第250号"
    assert not reason.verified


@pytest.mark.parametrize(
    ("substance", "day"),
    [
        ("甲拌磷", date(2024, 9, 1)),
        ("水胺硫磷", date(2024, 9, 1)),
        ("克百威", date(2026, 6, 1)),
        ("氧乐果", date(2026, 6, 1)),
    ],
)
def test_a_use_ban_counts_from_its_first_day(substance: str, day: date) -> None:
    """Announcements 536 and 736 reach a crop that was produced on their first day, and none of the day before."""
    for_day = failed(pesticide(substance), product="韭菜", production_date=day)
    day_before = for_day.model_copy(update={"production_date": day - timedelta(days=1)})
    assert referred(for_day).reasons[0].facts["production date"] == day.isoformat()
    assert declined(day_before).reason is DeclineReason.BEFORE_LISTING


def test_the_production_date_goes_before_the_conclusion() -> None:
    """Produced before the ban and tested after it: the ban does not reach it; without a production date it does."""
    tested_later = failed(pesticide("克百威"), product="韭菜", concluded_on=date(2026, 7, 1))
    old_stock = tested_later.model_copy(update={"production_date": date(2026, 5, 31)})
    assert declined(old_stock).reason is DeclineReason.BEFORE_LISTING
    assert referred(tested_later).reasons[0].facts["conclusion date"] == "2026-07-01"


def test_the_list_of_2002_reached_until_it_was_replaced() -> None:
    """A substance that is on announcement 250 was on announcement 193 before."""
    sample = failed(finding("己烯雌酚"), production_date=date(2019, 12, 26))
    next_day = sample.model_copy(update={"production_date": date(2019, 12, 27)})
    assert referred(sample).reasons[0].facts["list"] == "农业部公告第193号"
    assert referred(next_day).reasons[0].facts["list"] == "农业农村部公告第250号"


def test_carbofuran_is_prohibited_in_animals_but_not_yet_in_leek() -> None:
    """Announcement 250 reaches food of animal origin only; the reasons for leek name both lists."""
    assert referred(failed(pesticide("克百威"), product="牛肉")).reasons[0].facts["list"] == "农业农村部公告第250号"
    leek = declined(failed(pesticide("克百威"), product="韭菜"))
    lists = [reason.facts["list"] for reason in leek.reasons]
    assert ["农业农村部公告第736号 禁用农药", "农业农村部公告第250号"] == lists
    assert declined(failed(pesticide("克百威"), product="某某")).reason is DeclineReason.BEFORE_LISTING


def test_a_drug_for_animals_in_an_unknown_food_is_referred_with_a_warning() -> None:
    """A word that the origin table lacks does not hide chloramphenicol; a person is told to look."""
    (reason,) = referred(failed(finding("氯霉素"), product="某某")).reasons
    assert "a person must look" in reason.text
    assert reason.facts["origin"] == "unknown"


def test_semicarbazide_in_bread_is_not_nitrofurazone() -> None:
    """A list for food of animal origin does not reach food of plants."""
    bread = failed(finding("呋喃西林代谢物"), product="面包", category="糕点")
    assert declined(bread).reason is DeclineReason.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("substance", "category", "reason"),
    [
        ("磺胺二甲嘧啶", "食用农产品", DeclineReason.OUT_OF_SCOPE),
        ("喹诺酮类", "食用农产品", DeclineReason.OUT_OF_SCOPE),
        ("敌百虫", "食用农产品", DeclineReason.OUT_OF_SCOPE),
        ("恩诺沙星", "食用农产品", DeclineReason.NOT_ON_A_LIST),
        ("恩诺沙星（以恩诺沙星与环丙沙星之和计）", "食用农产品", DeclineReason.NOT_ON_A_LIST),
        ("磺胺类（总量）", "食用农产品", DeclineReason.NOT_ON_A_LIST),
    ],
)
def test_a_residue_of_a_permitted_drug_is_no_addition(substance: str, category: str, reason: DeclineReason) -> None:
    """The 47-list means additions to food that is made, not residues in farm produce."""
    assert declined(failed(finding(substance), product="鸡蛋", category=category)).reason is reason


def test_an_addition_to_made_food_is_referred_when_barely_detected() -> None:
    """Trichlorfon in salted fish must not be there at all; above a residue limit it is a residue."""
    salted = failed(finding("敌百虫"), product="咸鱼", category="水产制品")
    exceeded = failed(pesticide("敌百虫"), product="咸鱼", category="水产制品")
    assert referred(salted).reasons[0].facts["list"] == "食品中可能违法添加的非食用物质名单"
    assert declined(exceeded).reason is DeclineReason.NOT_DETECTED


def test_tableware_is_no_food() -> None:
    """Melamine that leaves a bowl is no addition to food; in milk powder above its limit it is referred."""
    melamine = finding("三聚氰胺", hazard=Hazard.NON_FOOD, reason=JudgementReason.ABOVE_MAXIMUM)
    bowl = failed(melamine, product="小碗", category="食品相关产品")
    assert declined(bowl).reason is DeclineReason.OUT_OF_SCOPE
    referred(failed(melamine, product="奶粉", category="乳制品"))


def test_a_failure_that_is_no_detection_is_not_referred() -> None:
    """Too little of a listed substance is no detection of it."""
    sample = failed(finding("硼酸", hazard=Hazard.NON_FOOD, reason=JudgementReason.BELOW_MINIMUM))
    assert declined(sample).reason is DeclineReason.NOT_DETECTED


def test_one_listed_finding_is_enough_and_alone_is_told() -> None:
    """A sample with several findings is referred for the listed one; passing findings say nothing."""
    passing = finding("氯霉素", verdict=Verdict.PASS, reason=JudgementReason.NOT_DETECTED)
    sample = failed(finding("恩诺沙星"), passing, finding("孔雀石绿"))
    assert ["孔雀石绿"] == [reason.facts["analyte"] for reason in referred(sample).reasons]
    assert declined(failed(finding("恩诺沙星"), passing)).reason is DeclineReason.NOT_ON_A_LIST


def test_every_failing_finding_says_why_and_the_nearest_leads() -> None:
    """The leading reason is the one nearest to a referral, and each finding has its own."""
    decision = declined(failed(finding("恩诺沙星"), finding("地西泮")))
    assert decision.reason is DeclineReason.TREATMENT_ONLY
    assert ["地西泮", "恩诺沙星"] == [reason.facts["analyte"] for reason in decision.reasons]
    assert "地西泮" in decision.reasons[0].text


def test_a_threshold_is_for_its_province_and_days_only() -> None:
    """Another province's threshold, or one that is over, refers nothing."""
    sample = failed(pesticide("腐霉利"), product="韭菜")
    assert isinstance(decide(sample, with_threshold(MADE), "21.02.83"), Referral)
    assert isinstance(decide(sample, with_threshold(MADE), "35.01.02"), Decline)
    over = replace(MADE, in_force_to=date(2026, 3, 1))
    assert isinstance(decide(sample, with_threshold(over), "21.02.83"), Decline)


def test_rule_r2_reads_only_the_hazards_that_the_law_names() -> None:
    """An additive or a count of bacteria is never severe by rule R2, whatever its ratio."""
    for hazard in (Hazard.ADDITIVE, Hazard.MICROBIOLOGY, Hazard.QUALITY):
        sample = failed(pesticide("某物", hazard=hazard, ratio=Decimal(130)))
        assert isinstance(decide(sample, with_threshold(MADE), REGION), Decline)


def test_rule_r2_carries_the_thresholds_mark() -> None:
    """The law is checked, the made threshold is not: the reason counts as unchecked, and names both."""
    (reason,) = referred(failed(pesticide("腐霉利"), product="韭菜"), with_threshold(MADE)).reasons
    assert reason.rule == "R2"
    assert reason.citation == "刑法 Art 143; 法释〔2021〕24号 Art 1(1); a made rule"
    assert not reason.verified
    assert reason.facts["ratio"] == "3"


def test_below_the_threshold_the_decline_says_so() -> None:
    """With a threshold, an exceedance below it gets a reason of rule R2 behind those of rule R1."""
    sample = failed(pesticide("腐霉利", ratio=Decimal("2.999")), product="韭菜")
    assert ["R1", "R2"] == [reason.rule for reason in declined(sample, with_threshold(MADE)).reasons]
