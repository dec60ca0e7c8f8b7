"""Penalties in a case: money waits for the decision on the transfer, other measures do not; publication is due."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts import (
    BulletinIssued,
    BulletinPublished,
    CaseClosed,
    PenaltyDecided,
    PenaltyPublished,
    RequestAccepted,
    RequestRefused,
)
from tests.services.enforcement.desk import NOON, Desk, desk_with_a_case
from tests.services.enforcement.ways import HEAD, OFFICER, WAYS, lead

BASE: dict[str, Any] = {"penalty_no": "FINE-1", "operator": "P0001", "law": "食品安全法 Art 123"}
WARNING = BASE | {"kinds": ("warning", "licence")}
FINE = BASE | {"kinds": ("fine",), "fine_yuan": Decimal(150000)}
OF_A_PERSON = BASE | {"kinds": ("ban",), "persons": ({"person": "P1", "role": "other", "fine_yuan": Decimal(20)},)}
FINED_IN = {"open", "refused", "declined", "upheld", "not_filed", "returned", "judged"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with one open, referred case."""
    async with desk_with_a_case(tmp_path) as desk:
        yield desk


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("penalty", [FINE, OF_A_PERSON], ids=["fine", "on a person"])
async def test_no_fine_takes_the_place_of_a_transfer(desk: Desk, state: str, penalty: dict[str, Any]) -> None:
    """From the report until it is refused, declined, returned or judged, no money is taken; the article is named."""
    await lead(desk, state)
    receipt = await desk.take(OFFICER, PenaltyDecided, **penalty)
    if state in FINED_IN:
        assert isinstance(receipt, RequestAccepted)
    else:
        assert isinstance(receipt, RequestRefused)
        assert ("barred", True) == (receipt.reason, "Art 11" in receipt.explanation)


@pytest.mark.parametrize("state", WAYS)
async def test_warnings_and_licences_go_on(desk: Desk, state: str) -> None:
    """A warning and a licence decision are possible in every state that is not ended."""
    await lead(desk, state)
    assert isinstance(await desk.take(OFFICER, PenaltyDecided, **WARNING), RequestAccepted)


async def test_fine_in_a_referred_case_is_warned_of(desk: Desk) -> None:
    """Nobody decided on the transfer yet: the fine is taken, with the article that a person should look at."""
    receipt = await desk.take(OFFICER, PenaltyDecided, **FINE)
    assert isinstance(receipt, RequestAccepted)
    assert ["penalty_before_decision"] == [warning.rule for warning in receipt.warnings]


async def test_penalty_is_due_and_then_its_publication(desk: Desk) -> None:
    """The ninety days end with the decision; twenty working days run for the publication."""
    await desk.take(OFFICER, PenaltyDecided, **WARNING)
    clocks = await desk.clocks()
    assert clocks["ENF-02"].stopped is not None
    assert clocks["DSP-03"].stopped is None
    await desk.take(OFFICER, PenaltyPublished, penalty_no="FINE-1")
    assert (await desk.clocks())["DSP-03"].stopped is not None


async def test_typical_case_names_nobody(desk: Desk) -> None:
    """What is published has the food, the substance, the offence, the outcome and the lesson, and no number."""
    await lead(desk, "judged")
    await desk.take(OFFICER, PenaltyDecided, **WARNING)
    case = await desk.case()
    for named in (case.case_no, "P0001"):
        refused = await desk.take(HEAD, BulletinIssued, lesson=f"See what {named} did.")
        assert isinstance(refused, RequestRefused)
    await desk.take(HEAD, BulletinIssued, lesson="Buy drugs where they carry a licence.")
    (told,) = desk.told_of(BulletinPublished)
    assert ("草鱼", ("孔雀石绿",), "144", "judged") == (told.product, told.substances, told.offence, told.outcome)
    assert ("licence", "warning") == told.penalties
    text = told.model_dump_json()
    assert not [number for number in (case.case_no, "P0001", "S-1", "L0142", "O001") if number in text]


def test_confiscated_money_needs_its_kind() -> None:
    """No amount is taken under another name."""
    said = WARNING | {"confiscated_yuan": Decimal(50000), "case_no": "C-1", "version": 1, "at": NOON}
    with pytest.raises(ValidationError, match="needs the kind confiscation"):
        PenaltyDecided(**said)


async def test_only_a_decided_penalty_is_published(desk: Desk) -> None:
    """Its number is that of a decision in this case; also after the case is closed, so that the duty can be done."""
    refused = await desk.take(OFFICER, PenaltyPublished, penalty_no="NOPE-1")
    assert isinstance(refused, RequestRefused)
    await desk.take(OFFICER, PenaltyDecided, **WARNING)
    await desk.take(OFFICER, CaseClosed, why="Nothing else is open.")
    assert isinstance(await desk.take(OFFICER, PenaltyPublished, penalty_no="FINE-1"), RequestAccepted)
    assert (await desk.clocks())["DSP-03"].stopped is not None
