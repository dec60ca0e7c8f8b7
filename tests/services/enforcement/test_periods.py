"""Every period of a case at its edge: done a second before its end it was in time, a second after it is missed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.enforcement.deadlines import deadlines
from services.enforcement.steps import steps
from shared.clocks import kind_of
from shared.contracts import (
    CaseClockApproaching,
    CaseClockCorrected,
    CaseClockMissed,
    CaseClockRevised,
    ClockDue,
    GoodsHandedOver,
    GoodsReleased,
    GoodsSeized,
    HeadApproved,
    Moment,
    PenaltyDecided,
    PenaltyPublished,
    PoliceDeclined,
    PoliceExplained,
    PoliceFiled,
    PoliceRedirected,
    PoliceTookLonger,
    PoliceUpheld,
    ReconsiderationRequested,
    RequestAccepted,
    RequestRefused,
    SupervisionSuggested,
    TransferSent,
)
from shared.contracts.case_step import CaseStep
from tests.services.enforcement.desk import Desk, desk_with_a_case
from tests.services.enforcement.ways import HEAD, OFFICER, POLICE, WHY, filled_in, lead

WARNING: dict[str, Any] = {"penalty_no": "F-1", "operator": "P0001", "kinds": ("warning",), "law": "食品安全法 Art 126"}
SECOND = timedelta(seconds=1)
Duty = tuple[str, str, type[CaseStep], dict[str, Any]]
DUTIES: dict[str, Duty] = {
    "REF-01": ("signed", HEAD, HeadApproved, {}),
    "REF-02": ("approved", OFFICER, TransferSent, {}),
    "REF-04": ("received", POLICE, PoliceFiled, {}),
    "REF-05": ("received", POLICE, PoliceDeclined, WHY),
    "REF-06": ("complex", POLICE, PoliceFiled, {}),
    "REF-08": ("declined", OFFICER, ReconsiderationRequested, WHY),
    "REF-09": ("reconsidering", POLICE, PoliceUpheld, WHY),
    "REF-10": ("upheld", OFFICER, SupervisionSuggested, WHY),
    "REF-11": ("filed", OFFICER, GoodsHandedOver, {"receipt": "0" * 64}),
    "PRO-01": ("reasons_demanded", POLICE, PoliceExplained, WHY),
    "PRO-02": ("filing_ordered", POLICE, PoliceFiled, {}),
    "ENF-01": ("seized", OFFICER, GoodsReleased, {"outcome": "given_back"}),
    "ENF-02": ("open", OFFICER, PenaltyDecided, WARNING),
    "DSP-03": ("penalised", OFFICER, PenaltyPublished, {"penalty_no": "F-1"}),
}
"""The state in which each period runs, and the step that does its duty."""
FURTHER: dict[str, Duty] = {
    "complex": ("received", POLICE, PoliceTookLonger, WHY),
    "seized": ("open", OFFICER, GoodsSeized, {"papers": "0" * 64}),
    "penalised": ("open", OFFICER, PenaltyDecided, WARNING),
}
MEASURED = {"REF-03", "REF-07"}
"""Over when the step is taken: whether in time is known at once."""
OF_ENTRIES = {"LST-01", "LST-02"}
EVERY = pytest.mark.parametrize("kind", DUTIES)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with one open, referred case."""
    async with desk_with_a_case(tmp_path) as desk:
        yield desk


async def run_up_to(desk: Desk, state: str) -> None:
    """Lead the case to where the period runs."""
    if state not in FURTHER:
        await lead(desk, state)
        return
    before, teller, kind, said = FURTHER[state]
    await lead(desk, before)
    assert isinstance(await desk.take(teller, kind, **said), RequestAccepted)


async def due(desk: Desk, kind: str, moment: Moment, revision: int = 1) -> list[Any]:
    """Let the clock fall due as the poll does; what is told."""
    row = (await desk.clocks())[kind]
    return list(await desk.hear("enforcement", ClockDue(clock=row.clock, moment=moment, revision=revision)))


def test_every_period_is_tried() -> None:
    """All periods of the table are started, measured, or those of entries in a list; and nothing else is."""
    of_steps = {clock.kind for step in steps().values() for clock in (*step.starts, *step.measures)}
    assert set(deadlines()) == of_steps | {"ENF-02"} | OF_ENTRIES
    assert set(deadlines()) == DUTIES.keys() | MEASURED | OF_ENTRIES
    assert {kind for step in steps().values() for kind in step.stops} <= set(deadlines())


@EVERY
@pytest.mark.parametrize(("off", "next_"), [(-SECOND, None), (SECOND, "missed")], ids=["in time", "too late"])
async def test_duty_is_in_time_until_the_last_second(desk: Desk, kind: str, off: timedelta, next_: str | None) -> None:
    """The period ends with the duty; done after its end, it will be told as missed."""
    state, teller, step, said = DUTIES[kind]
    await run_up_to(desk, state)
    row = (await desk.clocks())[kind]
    assert row.due == deadlines()[kind].end(row.started)
    desk.now = row.due + off
    assert isinstance(await desk.take(teller, step, **filled_in(desk, step, said)), RequestAccepted)
    row = (await desk.clocks())[kind]
    assert (desk.now, next_) == (row.stopped, row.next)


@EVERY
async def test_end_is_told_before_and_after(desk: Desk, kind: str) -> None:
    """It approaches, it is missed: each told once, with who is bound, by which law, and whether that was checked."""
    await run_up_to(desk, DUTIES[kind][0])
    (approaching,) = await due(desk, kind, Moment.APPROACHING)
    (missed,) = await due(desk, kind, Moment.MISSED)
    law = deadlines()[kind]
    assert (CaseClockApproaching, CaseClockMissed) == (type(approaching), type(missed))
    assert (law.actor, law.duty, law.citation, law.verified) == (
        missed.actor,
        missed.duty,
        missed.citation,
        missed.verified,
    )
    assert (await desk.case()).case_no == missed.case_no
    assert [] == await due(desk, kind, Moment.MISSED)


async def test_late_hand_over_to_other_police_is_measured(desk: Desk) -> None:
    """A day to pass a case on, to the second."""
    await lead(desk, "received")
    desk.pass_time(hours=24)
    await desk.take(POLICE, PoliceRedirected, to="21.02.02", **WHY)
    assert (await desk.clocks())["REF-03"].next is None


async def test_clock_is_corrected(desk: Desk) -> None:
    """Who, when and why is told; an old due message no longer holds, and the new end is told of."""
    await run_up_to(desk, "filed")
    row = (await desk.clocks())["REF-11"]
    later = row.due + timedelta(days=2)
    told = await desk.hear(OFFICER, CaseClockCorrected(clock=row.clock, due=later, why="The cold store was closed."))
    revised = told[0]
    assert isinstance(revised, CaseClockRevised)
    assert (row.due, later, OFFICER) == (revised.before, revised.due, revised.by)
    assert [] == await due(desk, "REF-11", Moment.APPROACHING)
    (approaching,) = await due(desk, "REF-11", Moment.APPROACHING, revision=2)
    assert later == approaching.due


@pytest.mark.parametrize(
    ("changes", "region", "reason"),
    [
        ({"clock": "REF-11:C-AAAAAAAAAAAA:9"}, "21.02.83", "unknown_clock"),
        ({}, "21.02.02", "not_yours"),
        ({"due": 0}, "21.02.83", "already_done"),
        ({"due": -30}, "21.02.83", "wrong_dates"),
    ],
)
async def test_correction_that_cannot_be_is_refused(
    desk: Desk, changes: dict[str, Any], region: str, reason: str
) -> None:
    """An unknown clock, another region's officer, the same end, an end before the start."""
    await run_up_to(desk, "filed")
    row = (await desk.clocks())["REF-11"]
    end = row.due + timedelta(days=changes.pop("due", 1))
    said = {"clock": row.clock, "due": end, "why": "The cold store was closed."} | changes
    teller = OFFICER if region == "21.02.83" else "officer.O002"
    (receipt,) = await desk.hear(teller, CaseClockCorrected(**said), region=region)
    assert isinstance(receipt, RequestRefused)
    assert reason == receipt.reason
    assert kind_of(row.clock) == "REF-11"
    assert row == (await desk.clocks())["REF-11"]
