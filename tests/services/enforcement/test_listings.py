"""Entries of operators in lists: after a penalty, for a term, repaired not before a year, annulled with their case."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import (
    CaseClockCorrected,
    ClockDue,
    ListingDecided,
    Moment,
    OperatorListed,
    OperatorRelisted,
    PenaltyDecided,
    RepairGranted,
    RequestAccepted,
    RequestRefused,
)
from tests.services.enforcement.desk import Desk, desk_with_a_case, of_the_lot
from tests.services.enforcement.ways import OFFICER, WHY
from tests.undoing import overturned

WARNED: dict[str, Any] = {
    "penalty_no": "FINE-1",
    "operator": "P0001",
    "kinds": ("warning",),
    "law": "食品安全法 Art 126",
}
ENTRY: dict[str, Any] = {"operator": "P0001", "name_of_list": "serious_violation", **WHY}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with one case, in which a penalty was decided."""
    async with desk_with_a_case(tmp_path) as desk:
        assert isinstance(await desk.take(OFFICER, PenaltyDecided, **WARNED), RequestAccepted)
        yield desk


async def listed(desk: Desk) -> OperatorListed:
    """The operator's entry."""
    assert isinstance(await desk.take(OFFICER, ListingDecided, **ENTRY), RequestAccepted)
    return desk.told_of(OperatorListed)[-1]


async def repair(desk: Desk, **changes: Any) -> RequestAccepted | RequestRefused:
    """Grant the repair of the entry today; the receipt."""
    entry = desk.told_of(OperatorListed)[-1]
    facts = {"entry_no": entry.entry_no, "granted_on": desk.now.date(), **WHY} | changes
    region = facts.pop("region", "21.02.83")
    told = await desk.hear(OFFICER, RepairGranted(**facts), region=region)
    (receipt,) = (one for one in told if isinstance(one, RequestAccepted | RequestRefused))
    return receipt


async def test_entry_stands_for_three_years(desk: Desk) -> None:
    """It says why, by whom, until when, from when it can be repaired, and that the source was not checked."""
    entry = await listed(desk)
    assert (date(2026, 3, 4), date(2029, 3, 4), date(2027, 3, 5)) == (entry.listed_on, entry.until, entry.repair_from)
    assert (OFFICER, False) == (entry.by, entry.verified)
    twice = await desk.take(OFFICER, ListingDecided, **ENTRY)
    assert isinstance(twice, RequestRefused)
    assert "already_done" == twice.reason


async def test_no_entry_without_a_penalty(tmp_path: Path) -> None:
    """A case in which nothing was decided leads to no entry."""
    async with desk_with_a_case(tmp_path) as desk:
        receipt = await desk.take(OFFICER, ListingDecided, **ENTRY)
        assert isinstance(receipt, RequestRefused)
        assert "barred" == receipt.reason
        assert [] == desk.told_of(OperatorListed)


async def test_repair_waits_a_year(desk: Desk) -> None:
    """A day too early is refused with the day from which it is possible; after that the entry ends, once."""
    entry = await listed(desk)
    desk.pass_time(days=365)
    early = await repair(desk)
    assert isinstance(early, RequestRefused)
    assert ("barred", True) == (early.reason, "2027-03-05" in early.explanation)
    desk.pass_time(days=1)
    assert isinstance(await repair(desk), RequestAccepted)
    (told,) = desk.told_of(OperatorRelisted)
    assert ("repaired", OFFICER, entry.entry_no) == (told.standing, told.by, told.entry_no)
    again = await repair(desk)
    assert isinstance(again, RequestRefused)
    assert "already_done" == again.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"entry_no": "L-AAAAAAAAAAAA"}, "unknown_case"),
        ({"region": "21.02.02"}, "not_yours"),
        ({"granted_on": date(2099, 1, 1)}, "wrong_dates"),
    ],
)
async def test_repair_that_cannot_be_is_refused(desk: Desk, changes: dict[str, Any], reason: str) -> None:
    """An unknown entry, another region's, a day to come: each with its reason."""
    await listed(desk)
    receipt = await repair(desk, **changes)
    assert isinstance(receipt, RequestRefused)
    assert reason == receipt.reason
    assert [] == desk.told_of(OperatorRelisted)


async def test_entry_ends_with_its_term(desk: Desk) -> None:
    """The clock of the term ends it; that it approaches is not told, and a repetition ends nothing twice."""
    entry = await listed(desk)
    clock = f"LST-01:{entry.entry_no}"
    row = (await desk.clocks())["LST-01"]
    desk.now = row.due - timedelta(hours=1)
    assert [] == await desk.hear("enforcement", ClockDue(clock=clock, moment=Moment.APPROACHING, revision=1))
    desk.now = row.due
    (told,) = await desk.hear("enforcement", ClockDue(clock=clock, moment=Moment.MISSED, revision=1))
    assert isinstance(told, OperatorRelisted)
    assert "expired" == told.standing
    assert [] == await desk.hear("enforcement", ClockDue(clock=clock, moment=Moment.MISSED, revision=1))


async def test_entry_falls_with_its_case(desk: Desk) -> None:
    """The failure is overturned: nobody stays in a list because of it."""
    await listed(desk)
    await desk.hear("sampling", overturned(of_the_lot(1)))
    (told,) = desk.told_of(OperatorRelisted)
    assert "annulled" == told.standing
    assert (await desk.clocks())["LST-01"].stopped is not None


async def test_only_who_was_penalised_is_listed(desk: Desk) -> None:
    """Another operator than the one on whom the penalty was decided cannot be entered."""
    receipt = await desk.take(OFFICER, ListingDecided, **ENTRY | {"operator": "P9999"})
    assert isinstance(receipt, RequestRefused)
    assert ("barred", []) == (receipt.reason, desk.told_of(OperatorListed))


async def test_term_of_an_entry_is_not_corrected(desk: Desk) -> None:
    """Another end of the clock would be a repair before its time."""
    entry = await listed(desk)
    soon = desk.now + timedelta(days=2)
    correction = CaseClockCorrected(clock=f"LST-01:{entry.entry_no}", due=soon, why="It should end.")
    (receipt,) = await desk.hear(OFFICER, correction)
    assert isinstance(receipt, RequestRefused)
    assert "barred" == receipt.reason
