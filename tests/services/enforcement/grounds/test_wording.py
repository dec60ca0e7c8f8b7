"""What a decision on a listed substance says to people."""

from datetime import date

from services.enforcement.grounds import substances, wording
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.origin import Origin
from shared.contracts import DeclineReason
from tests.services.enforcement.failed import failed, finding, pesticide


def test_before_the_listing_both_days_are_named() -> None:
    """The sentence lets a reader check the comparison."""
    carbofuran = pesticide("克百威")
    matter = Matter(carbofuran, failed(carbofuran, product="韭菜", production_date=date(2026, 5, 31)), Origin.CROP)
    listing = next(found for found in substances.load().of("克百威") if "736" in found.list)
    expected = "克百威 is on 农业农村部公告第736号 禁用农药 from 2026-06-01; this food is of 2026-05-31."
    assert expected == wording.declined(DeclineReason.BEFORE_LISTING, listing, matter)


def test_a_referral_names_result_list_and_listed_name() -> None:
    """The sentence says what was found, where, and which entry of which list it is."""
    found = finding("呋喃唑酮代谢物")
    listing = substances.load().of("呋喃唑酮代谢物")[0]
    expected = "呋喃唑酮代谢物 was detected in 草鱼 (2.5μg/kg): 硝基呋喃类 is on 食品中可能违法添加的非食用物质名单."
    assert expected == wording.referred(listing, Matter(found, failed(found), Origin.ANIMAL))


def test_every_reason_to_decline_a_listed_substance_has_words() -> None:
    """No reason comes out without a sentence, and none leaves a gap open."""
    found = finding("氯霉素")
    listing = substances.load().of("氯霉素")[0]
    for why in set(DeclineReason) - {DeclineReason.NOT_ON_A_LIST}:
        text = wording.declined(why, listing, Matter(found, failed(found), Origin.UNKNOWN))
        assert text
        assert "{" not in text
