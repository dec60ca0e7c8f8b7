"""Stated facts: the rules are asked anew, a completed one refers the case, and nothing is taken back by itself."""

import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.enforcement.grounds.assessment import Strength, load
from services.enforcement.store.samples import CaseSample
from shared.contracts import (
    CaseFacts,
    CaseReferred,
    EvidenceAdded,
    EvidenceKind,
    Hazard,
    JudgementReason,
    ReferralDeclined,
    ReferralWithdrawn,
    RequestAccepted,
    RequestRefused,
)
from tests.services.enforcement.desk import Desk, desk_in
from tests.services.enforcement.failed import failed, finding, pesticide
from tests.services.enforcement.ways import OFFICER
from tests.undoing import overturned

LOT = date(2026, 2, 1)
LEEK = failed(pesticide("腐霉利"), product="韭菜", production_date=LOT)
SECOND = LEEK.model_copy(update={"sample_no": "S-2", "report_no": "R-2"})
ADDITIVE = failed(
    pesticide("腐霉利"),
    finding("苯甲酸", hazard=Hazard.ADDITIVE, reason=JudgementReason.ABOVE_MAXIMUM, ratio=Decimal(2)),
    product="韭菜",
    production_date=LOT,
    sample_no="S-3",
    report_no="R-3",
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with the case of a leek that was not referred."""
    async with desk_in(tmp_path) as desk:
        await desk.hear("sampling", LEEK)
        assert [ReferralDeclined] == [type(event) for event in desk.told_of(ReferralDeclined)]
        yield desk


async def state(desk: Desk, **facts: Any) -> RequestAccepted | RequestRefused:
    """State facts; the receipt."""
    return await desk.take(OFFICER, CaseFacts, **facts)


async def test_completed_rule_refers_the_case(desk: Desk) -> None:
    """Sales of 50,000 yuan make the failed lot a matter of Art 140: police and procuratorate are told at once."""
    assert isinstance(await state(desk, sales_yuan=Decimal("49999.99")), RequestAccepted)
    assert [] == desk.told_of(CaseReferred)
    await state(desk, sales_yuan=Decimal(50000))
    (told,) = desk.told_of(CaseReferred)
    assert (["R8"], "S-1", "candidate", 3) == (
        [reason.rule for reason in told.reasons],
        told.sample_no,
        told.strength,
        told.version,
    )
    (row,) = await desk.rows(CaseSample)
    assert (True, "R8") == (row.referred, row.reason)
    await state(desk, months=3)
    assert [told] == desk.told_of(CaseReferred)


async def test_fact_that_evidence_shows_makes_it_strong(desk: Desk) -> None:
    """The amount is shown by an item of the dossier: every objective element stands."""
    item = desk.item(EvidenceKind.ELECTRONIC_DATA, "BOOKS-1")
    await desk.take(OFFICER, EvidenceAdded, items=(item,))
    await state(desk, sales_yuan=Decimal(62000), evidence=(item.sha256,))
    assert ["strong"] == [told.strength for told in desk.told_of(CaseReferred)]
    case = await desk.case()
    assert {"stated": {"sales_yuan": "62000"}, "shown": ["sales_yuan"]} == json.loads(case.facts)
    (rule,) = (one for one in load(case.assessments) if one.rule == "R8")
    assert Strength.STRONG is rule.strength
    await state(desk, sales_yuan=Decimal(63000))
    assert [] == json.loads((await desk.case()).facts)["shown"]


async def test_later_fact_takes_no_referral_back(desk: Desk) -> None:
    """The amount turns out smaller: the referral stands, and who states it is warned that a person decides."""
    await state(desk, sales_yuan=Decimal(62000))
    receipt = await state(desk, sales_yuan=Decimal(100))
    assert isinstance(receipt, RequestAccepted)
    assert ["no_longer_met"] == [warning.rule for warning in receipt.warnings]
    assert [] == desk.told_of(ReferralWithdrawn)


async def test_referral_by_facts_is_withdrawn_with_its_sample(desk: Desk) -> None:
    """The failure is overturned: who got the referral is told."""
    await state(desk, sales_yuan=Decimal(62000))
    await desk.hear("sampling", overturned(LEEK))
    assert ["S-1"] == [told.sample_no for told in desk.told_of(ReferralWithdrawn)]


@pytest.mark.parametrize(("facts", "where"), [({}, "data"), ({"months": 2, "evidence": ("0" * 64,)}, "data.evidence")])
async def test_statement_that_says_nothing_or_shows_nothing_is_refused(
    desk: Desk, facts: dict[str, Any], where: str
) -> None:
    """No fact at all, or evidence that is in no dossier: refused with the field."""
    receipt = await state(desk, **facts)
    assert isinstance(receipt, RequestRefused)
    assert ("incomplete", where) == (receipt.reason, receipt.where)
    assert 1 == (await desk.case()).version


async def test_fact_that_was_stated_before_completes_a_later_sample(desk: Desk) -> None:
    """An additive joins the case in which an opinion on harm was stated: rule R6 is met with it."""
    await state(desk, can_cause_serious_harm=True)
    before = [reason.rule for told in desk.told_of(CaseReferred) for reason in told.reasons]
    await desk.hear("sampling", ADDITIVE)
    case = await desk.case()
    rules = {one.rule for one in load(case.assessments) if one.met}
    told = [reason.rule for told in desk.told_of(CaseReferred) for reason in told.reasons]
    assert "R6" not in before
    assert ("R6" in rules) == ("R6" in told)
    assert "R6" in told


async def test_rule_that_was_told_by_a_fallen_sample_is_told_by_another(desk: Desk) -> None:
    """The referral falls with its sample; the amount still completes the one that stands, and is told by it."""
    await desk.hear("sampling", SECOND)
    await state(desk, sales_yuan=Decimal(62000))
    assert ["S-1"] == [told.sample_no for told in desk.told_of(CaseReferred)]
    await desk.hear("sampling", overturned(LEEK))
    assert ["S-1"] == [told.sample_no for told in desk.told_of(ReferralWithdrawn)]
    assert ["S-1", "S-2"] == [told.sample_no for told in desk.told_of(CaseReferred)]
    assert "open" == (await desk.case()).state


async def test_same_facts_again_tell_nothing_new(desk: Desk) -> None:
    """What is stated twice refers once."""
    for _ in range(2):
        await state(desk, sales_yuan=Decimal(62000))
    assert 1 == len(desk.told_of(CaseReferred))


async def test_rule_is_told_again_when_a_fallen_case_opens_again(desk: Desk) -> None:
    """No referral by facts stands after the fall; with the next sample the amount refers the case anew."""
    await state(desk, sales_yuan=Decimal(62000))
    await desk.hear("sampling", overturned(LEEK))
    await desk.hear("sampling", SECOND)
    assert ["S-1", "S-2"] == [told.sample_no for told in desk.told_of(CaseReferred)]
