"""Corrections, withdrawals and decisions of officers: the first result is kept, and what stands is told."""

from datetime import timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    Determination,
    OverturnReason,
    ResultCorrected,
    ResultsAccepted,
    ResultSettled,
    ResultWithdrawn,
    SampleFailed,
    SampleOverturned,
    SamplePassed,
    VerdictDisagreed,
)
from shared.contracts.result import Report
from shared.settings import Settings
from tests.county import prepared, say
from tests.examples import malachite_green_in_carp, report, without_values
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.services.sampling.told import acceptances, kinds, refusals, rejections, told, verdicts
from tests.speaking import until

NOT_FOUND = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


def corrected(first: Report, number: str, **changes: Any) -> ResultCorrected:
    """A correction of a report."""
    facts = first.model_dump() | {"report_no": number, "corrects": first.report_no, "why": "Read from another sample."}
    return ResultCorrected.model_validate(facts | changes)


def withdrawn(first: Report, **changes: Any) -> ResultWithdrawn:
    """A withdrawal of a report."""
    facts = {"report_no": first.report_no, "sample_no": first.sample_no, "why": "Mixed up in the laboratory."}
    return ResultWithdrawn(**(facts | changes))


def settled(number: str, verdict: str, **changes: Any) -> ResultSettled:
    """An officer's decision."""
    facts = {"sample_no": f"S-{number}", "laboratory": "L0142", "report_no": f"R-{number}", "why": "Asked by letter."}
    return ResultSettled(**(facts | {"verdict": verdict} | changes))


async def test_correction_takes_the_place_of_a_failure(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A failure that is corrected to a pass is overturned, the pass names what it supersedes, the duties end."""
    first = malachite_green_in_carp("1")
    await prepared(server, first)
    await say(server, "lab.L0142", first, corrected(first, "R-1a", determinations=NOT_FOUND))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert ["SampleRegistered", "SampleFailed", "SampleOverturned", "SamplePassed"] == await kinds(operator, "S-1")
    (overturned,) = await told(operator, SampleOverturned)
    assert (overturned.report_no, overturned.reason) == ("R-1", OverturnReason.REPORT_CORRECTED)
    assert (overturned.by, "Read from another sample." in overturned.explanation) == ("lab.L0142", True)
    (passed,) = await told(operator, SamplePassed)
    assert ("R-1a", "R-1") == (passed.report_no, passed.supersedes)
    assert [("R-1", "fail"), ("R-1a", "pass")] == await verdicts(operator)
    told_of = [one for event in await told(operator, ResultsAccepted, "RECEIPTS") for one in event.receipts]
    assert [("R-1", ""), ("R-1a", "R-1")] == [(one.report_no, one.supersedes) for one in told_of]
    kept = await clocks(settings)
    assert all(kept[f"{kind}:L0142:R-1"].stopped for kind in ("DSP-02", "SMP-09"))


async def test_correction_to_another_failure_is_told_anew(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A failure that is corrected and still fails is overturned and told again, with clocks of its own."""
    first = malachite_green_in_carp("1")
    await prepared(server, first)
    found = (Determination(analyte="孔雀石绿", result="1.20μg/kg", limit="不得检出"),)
    await say(server, "lab.L0142", first, corrected(first, "R-1a", determinations=found))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert ["R-1", "R-1a"] == [failed.report_no for failed in await told(operator, SampleFailed)]
    assert 1 == len(await told(operator, SampleOverturned))
    kept = await clocks(settings)
    assert kept["DSP-02:L0142:R-1a"].stopped is None


async def test_correction_of_a_waiting_report_waits(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A report that waits may be corrected; when the form comes, only the correction is judged."""
    first = malachite_green_in_carp("1")
    await prepared(server)
    await say(server, "lab.L0142", first, corrected(first, "R-1a", determinations=NOT_FOUND))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await prepared(server, first, laboratories=())
        await until(lambda: is_idle(operator, "sampling"))
    assert ["ResultWaiting", "ResultWaiting", "SampleRegistered", "SamplePassed"] == await kinds(operator, "S-1")
    assert [("R-1", "waiting"), ("R-1a", "waiting"), ("R-1a", "pass")] == await verdicts(operator)


async def test_withdrawal_overturns_a_failure_and_leaves_a_pass(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A withdrawn failure is overturned; a withdrawn pass or unclear result just no longer stands."""
    reports = malachite_green_in_carp("1"), report("2"), without_values("3")
    await prepared(server, *reports)
    await say(server, "lab.L0142", *reports, *(withdrawn(one) for one in reports))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (overturned,) = await told(operator, SampleOverturned)
    assert ("S-1", OverturnReason.REPORT_WITHDRAWN) == (overturned.sample_no, overturned.reason)
    assert [("R-1", "withdrawn"), ("R-2", "withdrawn"), ("R-3", "withdrawn")] == (await verdicts(operator))[3:]


async def test_what_does_not_stand_cannot_be_changed(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Unknown, foreign, corrected and withdrawn reports are refused by field, and nothing is told of the sample."""
    first = report("1")
    await prepared(server, first, report("2"))
    await say(server, "lab.L0142", first, report("2"))
    await say(server, "lab.L0200", withdrawn(first))
    await say(
        server,
        "lab.L0142",
        corrected(first, "R-1a"),
        corrected(first, "R-1b", product="大米 "),
        withdrawn(first),
        withdrawn(report("2"), sample_no="S-1"),
        corrected(report("9"), "R-9a", sample_no="S-2"),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert sorted(await rejections(operator)) == [
        ("R-1", "changed", "data.report_no"),
        ("R-1", "not_reported", "data.report_no"),
        ("R-1b", "changed", "data.corrects"),
        ("R-2", "not_reported", "data.sample_no"),
        ("R-9a", "not_reported", "data.corrects"),
    ]
    assert [] == await told(operator, SampleOverturned)


async def test_officer_settles_an_unclear_result(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A decision is told as a failure or a pass with who and why, and the exchange's own finding is kept in it."""
    reports = without_values("1"), without_values("2")
    await prepared(server, *reports)
    await say(server, "lab.L0142", *reports)
    await say(server, "officer.O001", settled("1", "fail"), settled("2", "pass"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert ["SampleRegistered", "SampleUnclear", "SampleFailed"] == await kinds(operator, "S-1")
    assert ["SampleRegistered", "SampleUnclear", "SamplePassed"] == await kinds(operator, "S-2")
    (failed,) = await told(operator, SampleFailed)
    (finding,) = failed.decisive
    assert ("officer.O001", "person_decided") == (failed.settled_by, finding.reason)
    assert "no_result" in finding.explanation
    assert [("R-1", "unclear"), ("R-2", "unclear"), ("R-1", "fail"), ("R-2", "pass")] == await verdicts(operator)
    kept = await clocks(settings)
    assert {"DSP-02:L0142:R-1", "SMP-09:L0142:R-1"} <= set(kept)
    assert {"S-1", "S-2"} <= {number for number, _ in await acceptances(operator)}


async def test_only_an_unclear_result_can_be_settled(server: NatsServer, settings: Settings, operator: Client) -> None:
    """An unknown report, a clear one, a decided one and one of another region are declined by field."""
    await prepared(server, report("1"), without_values("2"))
    await say(server, "lab.L0142", report("1"), without_values("2"))
    await say(server, "officer.O001", settled("9", "pass"), settled("1", "fail"), settled("2", "pass"))
    await say(server, "officer.O001", settled("2", "fail", why="Another view."))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert sorted(await refusals(operator)) == [
        ("officer.O001", "unknown_report", "data.report_no"),
        ("officer.O001", "wrong_state", "data.report_no"),
        ("officer.O001", "wrong_state", "data.report_no"),
    ]


async def test_laboratorys_own_verdict_is_compared(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A laboratory that calls a failure a pass is told to disagree, once; the exchange's verdict stands."""
    disagreeing = malachite_green_in_carp("1", conclusion="合格样品")
    agreeing = malachite_green_in_carp("2", conclusion="不合格样品")
    unclear = without_values("3", conclusion="合格样品")
    await prepared(server, disagreeing, agreeing, unclear)
    await say(server, "lab.L0142", disagreeing, agreeing, unclear)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (disagreed,) = await told(operator, VerdictDisagreed)
    assert ("S-1", "合格样品", "fail") == (disagreed.sample_no, disagreed.stated, disagreed.judged.value)
    assert ["S-1", "S-2"] == [failed.sample_no for failed in await told(operator, SampleFailed)]
