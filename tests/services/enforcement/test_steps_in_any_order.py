"""No order of steps, by whomever, leads a case where the law does not: tried with orders that nobody wrote down.

The law's own graph stands here a second time, written from the articles and not from the service's table.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.enforcement.store.samples import CaseSample
from shared.clocks import kind_of
from shared.contracts import (
    CATALOGUE,
    CaseClockCorrected,
    CaseTransferred,
    Event,
    RepairGranted,
    RequestAccepted,
    RequestRefused,
)
from shared.contracts.case_step import CaseStep
from tests.examples import REGION
from tests.services.enforcement.desk import Desk, desk_with_a_case, of_the_lot
from tests.services.enforcement.ways import HEAD, OFFICER, POLICE, PROCURATORATE, SECOND, WAYS, filled_in, lead
from tests.undoing import overturned

LAW: dict[str, set[str]] = {
    "open": {"reported", "closed"},
    "reported": {"signed", "open"},
    "signed": {"approved", "refused", "open"},
    "approved": {"transferred"},
    "refused": {"reported", "closed"},
    "transferred": {"received"},
    "received": {"transferred", "filed", "declined"},
    "declined": {"filed", "reconsidering", "supervising", "reasons_demanded", "closed"},
    "reconsidering": {"filed", "upheld"},
    "upheld": {"filed", "supervising", "reasons_demanded", "closed"},
    "supervising": {"filed", "reasons_demanded"},
    "reasons_demanded": {"filed", "reasons_given", "filing_ordered"},
    "reasons_given": {"filed", "filing_ordered", "not_filed"},
    "filing_ordered": {"filed"},
    "not_filed": {"closed"},
    "filed": {"returned", "prosecuted"},
    "returned": {"closed"},
    "prosecuted": {"judged", "returned"},
    "judged": {"closed"},
    "closed": {"reported"},
    "withdrawn": {"open"},
}
WITH_THE_POLICE = {"filed", "prosecuted", "judged"}
RUNNING_IN = {
    "REF-01": {"signed"},
    "REF-02": {"approved"},
    "REF-04": {"received"},
    "REF-05": {"received"},
    "REF-06": {"received"},
    "REF-08": {"declined"},
    "REF-09": {"reconsidering"},
    "REF-10": {"upheld"},
    "REF-11": {"filed", "prosecuted", "judged"},
    "PRO-01": {"reasons_demanded"},
    "PRO-02": {"filing_ordered"},
}
"""In which states the period of each kind may run."""
STEPS = [entry.event for entry in CATALOGUE if issubclass(entry.event, CaseStep)]
TELLERS = (OFFICER, SECOND, HEAD, "head.O001", POLICE, PROCURATORATE, "police.210202", "officer.O002")
OF_ROLE = {"officer": OFFICER, "head": HEAD, "police": POLICE, "procuratorate": PROCURATORATE}
FIELDS: dict[str, Any] = {
    "why": "The facts are as they are.",
    "concerns": "goods_hidden",
    "to": "21.02.02",
    "outcome": "convicted",
    "offence": "144",
    "penalty_no": "FINE-1",
    "operator": "P0001",
    "kinds": ("fine",),
    "fine_yuan": "100.00",
    "law": "食品安全法 Art 123",
    "sales_yuan": "60000",
    "name_of_list": "serious_violation",
    "lesson": "Look at what you buy.",
}


def said_in(desk: Desk, kind: type[CaseStep]) -> dict[str, Any]:
    """What a step of this kind says."""
    said = {name: value for name, value in FIELDS.items() if name in kind.model_fields}
    for name in ("papers", "receipt"):
        if name in kind.model_fields:
            said[name] = desk.digest
    if "items" in kind.model_fields:
        said["items"] = desk.dossier()
    if kind.__name__ == "GoodsReleased":
        said["outcome"] = "destroyed"
    return filled_in(desk, kind, said)


steps = st.tuples(st.sampled_from(STEPS), st.sampled_from(TELLERS), st.sampled_from((0, 0, 0, 0, -1, 1)))
overturning = st.just("overturn")
failing = st.just("fail")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(WAYS)), st.lists(st.one_of(steps, steps, steps, overturning, failing), max_size=14))
def test_no_order_of_steps_leaves_the_law(start: str, said: list[Any]) -> None:
    """Every change of state is one that the law knows; a refusal changes nothing; no period runs out of its state."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(follow(Path(folder), start, said))


async def follow(folder: Path, start: str, said: list[Any]) -> None:
    """Lead a case to a state, and take these steps from there."""
    async with desk_with_a_case(folder) as desk:
        await lead(desk, start)
        for number, one in enumerate(said, start=2):
            desk.pass_time(hours=7)
            await take(desk, one, number)
            await assert_lawful(desk)


async def take(desk: Desk, one: Any, number: int) -> None:
    """Take one step, or let a sample fail or be overturned; the change of state is a lawful one."""
    before = await desk.case()
    if one == "fail":
        await desk.hear("sampling", of_the_lot(number))
        assert (await desk.case()).state == ("open" if before.state == "withdrawn" else before.state)
        return
    if one == "overturn":
        await overturn_all(desk)
        with_the_police = before.state in WITH_THE_POLICE
        assert (await desk.case()).state == (before.state if with_the_police else "withdrawn")
        return
    kind, teller, off = one
    party = kind.TYPE.partition(".")[0]
    teller = (
        teller if teller.startswith(f"{party}.") else {"head": HEAD, "officer": OFFICER}.get(party, f"{party}.210283")
    )
    everything = await desk.everything()
    region = "21.02.02" if teller == "officer.O002" else REGION
    receipt = await desk.take(teller, kind, **said_in(desk, kind), region=region, version=max(before.version + off, 1))
    after = await desk.case()
    if isinstance(receipt, RequestRefused):
        assert everything == await desk.everything()
        assert receipt.explanation
        return
    assert isinstance(receipt, RequestAccepted)
    assert after.version == before.version + 1
    assert off == 0
    assert after.state == before.state or after.state in LAW[before.state]


async def overturn_all(desk: Desk) -> None:
    """Overturn every sample."""
    for row in await desk.rows(CaseSample):
        await desk.hear("sampling", overturned(of_the_lot(int(row.sample_no[2:]))))


async def assert_lawful(desk: Desk) -> None:
    """Three people stand behind every transfer, and every period runs in a state of its own."""
    case = await desk.case()
    for transferred in desk.told_of(CaseTransferred):
        people = {name.partition(".")[2] for name in (*transferred.reported_by, transferred.approved_by)}
        assert len(people) == 3
    assert desk.told_of(CaseTransferred) or not case.police
    for kind, row in (await desk.clocks()).items():
        if row.stopped is None and kind_of(row.clock) in RUNNING_IN:
            assert case.state in RUNNING_IN[kind], (kind, case.state)


def test_every_step_of_the_catalogue_is_tried() -> None:
    """The steps that are tried are all that the catalogue lets anybody take in a case."""
    heard = {entry.event for entry in CATALOGUE if entry.stream == "PARTNERS" and "enforcement" in entry.consumers}
    not_steps: set[type[Event]] = {CaseClockCorrected, RepairGranted}
    assert heard - not_steps == set(STEPS)
