"""Whether a laboratory is accredited: on the day of the test, and for each determination of its report."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from pydantic_core import to_json

from services.sampling.accreditation import refusal
from shared.contracts import Determination, Hazard, RejectionReason, ScopeItem
from tests.examples import malachite_green_in_carp, procymidone_in_leek, report

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Entry:
    """An entry of the registry."""

    scope: str
    certificate_no: str = "CMA-1"
    valid_from: date = date(2024, 1, 1)
    valid_to: date = date(2029, 12, 31)


def entry(*items: ScopeItem, **changes: Any) -> Entry:
    """An entry for these items, or for everything."""
    return Entry(to_json(items or (ScopeItem(),)).decode(), **changes)


def reason(entries: list[Entry], tested_on: date = DAY) -> RejectionReason | None:
    """Why a report on malachite green in carp is refused."""
    refused = refusal(malachite_green_in_carp("1"), entries, tested_on)
    return refused.reason if refused else None


def is_covered(item: ScopeItem, *, by: str = "") -> bool:
    """Whether an item covers malachite green in carp, tested by a method."""
    determination = Determination(analyte="孔雀石绿", result="4.1μg/kg", limit="不得检出", method=by)
    tested = malachite_green_in_carp("1").model_copy(
        update={"determinations": (determination,), "subcategory": "水产品"}
    )
    return refusal(tested, [entry(item)], DAY) is None


def test_laboratory_without_entry_is_not_accredited() -> None:
    """A laboratory that the registry does not know is told that an officer has to enter it."""
    refused = refusal(report("1"), None, DAY)
    assert refused is not None
    assert (RejectionReason.NOT_ACCREDITED, "subject") == (refused.reason, refused.where)
    assert "an officer of the agency has to enter it" in refused.explanation
    assert refused == refusal(report("1"), [], DAY)


@pytest.mark.parametrize(
    ("tested_on", "taken"),
    [(date(2023, 12, 31), False), (date(2024, 1, 1), True), (date(2029, 12, 31), True), (date(2030, 1, 1), False)],
)
def test_first_and_last_day_count(tested_on: date, *, taken: bool) -> None:
    """A test on the first and on the last day of the accreditation is taken, one before or after is not."""
    assert (None if taken else RejectionReason.NOT_ACCREDITED) == reason([entry()], tested_on)


def test_refusal_says_since_when_or_until_when() -> None:
    """The refusal names the day on which the accreditation ended, or the first on which one begins."""
    entries = [entry(valid_from=date(2024, 1, 1), valid_to=date(2025, 12, 31))]
    late, early = refusal(report("1"), entries, DAY), refusal(report("1"), entries, date(2023, 5, 1))
    assert late is not None
    assert early is not None
    assert ("data.concluded_on", "data.concluded_on") == (late.where, early.where)
    assert "ended on 2025-12-31 and the test is of 2026-03-02" in late.explanation
    assert "begins on 2024-01-01 and the test is of 2023-05-01" in early.explanation


def test_later_entry_holds_from_its_own_first_day() -> None:
    """The entry that came last speaks for tests from its first day on; an earlier test is judged by the earlier one."""
    narrowed = entry(ScopeItem(hazard=Hazard.METAL), valid_from=date(2026, 1, 1))
    entries = [entry(), narrowed]
    assert reason(entries, date(2025, 12, 31)) is None
    assert reason(entries, date(2026, 1, 1)) is RejectionReason.OUT_OF_SCOPE


def test_shortened_accreditation_does_not_fall_back() -> None:
    """After an entry that ends early, the longer one before it no longer counts."""
    entries = [entry(), entry(valid_from=date(2024, 1, 1), valid_to=date(2026, 2, 1))]
    assert reason(entries) is RejectionReason.NOT_ACCREDITED


@pytest.mark.parametrize(
    ("item", "covered"),
    [
        (ScopeItem(), True),
        (ScopeItem(category="食用农产品"), True),
        (ScopeItem(category="水产品"), True),
        (ScopeItem(category="粮食加工品"), False),
        (ScopeItem(hazard=Hazard.VETERINARY_DRUG), True),
        (ScopeItem(hazard=Hazard.METAL), False),
        (ScopeItem(substance="孔雀石绿"), True),
        (ScopeItem(substance="malachite green"), True),
        (ScopeItem(substance="镉"), False),
        (ScopeItem(category="食用农产品", hazard=Hazard.VETERINARY_DRUG, substance="孔雀石绿"), True),
        (ScopeItem(category="食用农产品", hazard=Hazard.VETERINARY_DRUG, substance="镉"), False),
    ],
)
def test_item_covers_what_it_does_not_leave_out(item: ScopeItem, *, covered: bool) -> None:
    """Category at either level, hazard and substance by any reviewed name must all fit where the item names them."""
    assert covered == is_covered(item)


@pytest.mark.parametrize(
    ("accredited", "used", "covered"),
    [
        ("GB/T 19857", "GB/T 19857-2005", True),
        ("GB/T 19857", "GB／T19857—2005 第一法", True),
        ("GB/T 19857-2005", "GB/T 19857-2005", True),
        ("GB/T 19857-2005", "GB/T 19857-2021", False),
        ("GB/T 19857", "GB/T 20361-2006", False),
        ("GB 5009.12", "GB 5009.123-2014", False),
        ("GB/T 19857", "", False),
        ("", "GB/T 20361-2006", True),
        ("企业方法 7", "企业方法7", True),
    ],
)
def test_method_is_compared_by_its_number(accredited: str, used: str, *, covered: bool) -> None:
    """A method fits by its whole number, of any year where the scope names none; one that is not named fits none."""
    assert covered == is_covered(ScopeItem(method=accredited), by=used)


def test_items_are_not_mixed() -> None:
    """The category of one item and the hazard of another do not add up to a scope."""
    items = ScopeItem(category="食用农产品", hazard=Hazard.METAL), ScopeItem(category="肉制品", hazard=Hazard.PESTICIDE)
    assert refusal(procymidone_in_leek("1"), [entry(*items)], DAY) is not None


def test_one_determination_out_of_scope_refuses_the_report() -> None:
    """The refusal names the determination that is outside, though the others are covered."""
    both = (*malachite_green_in_carp("1").determinations, *procymidone_in_leek("1").determinations)
    tested = malachite_green_in_carp("1").model_copy(update={"determinations": both})
    refused = refusal(tested, [entry(ScopeItem(hazard=Hazard.VETERINARY_DRUG))], DAY)
    assert refused is not None
    assert (RejectionReason.OUT_OF_SCOPE, "data.determinations.1.analyte") == (refused.reason, refused.where)
    assert "腐霉利 (pesticide) in 食用农产品" in refused.explanation


def test_test_that_is_still_to_be_made_needs_no_method() -> None:
    """Whom a sample is given to is asked for food and substance; the method is the laboratory's to choose."""
    entries = [entry(ScopeItem(hazard=Hazard.VETERINARY_DRUG, method="GB/T 19857"))]
    assert refusal(malachite_green_in_carp("1"), entries, DAY) is not None
    assert refusal(malachite_green_in_carp("1"), entries, DAY, by_any_method=True) is None
    assert refusal(procymidone_in_leek("1"), entries, DAY, by_any_method=True) is not None


def test_certificates_speak_side_by_side() -> None:
    """A second certificate adds to the first; a later entry of the same one takes its place from its own first day."""
    metals = entry(ScopeItem(hazard=Hazard.METAL), certificate_no="CMA-2")
    drugs = entry(ScopeItem(hazard=Hazard.VETERINARY_DRUG))
    assert reason([drugs, metals]) is None
    assert reason([metals, drugs]) is None
    narrowed = entry(ScopeItem(hazard=Hazard.METAL), valid_from=DAY)
    assert reason([drugs, narrowed]) is RejectionReason.OUT_OF_SCOPE
    assert reason([drugs, narrowed], date(2026, 3, 1)) is None


def test_entry_of_the_past_that_comes_late_cuts_nothing_off() -> None:
    """A period that was over before the present one began, entered afterwards, holds for its own days only."""
    past = entry(valid_from=date(2018, 1, 1), valid_to=date(2023, 12, 31))
    assert reason([entry(), past]) is None
    assert reason([entry(), past], date(2020, 1, 1)) is None
