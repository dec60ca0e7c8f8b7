"""The stories of a failed sample that does not stay one: re-inspected, corrected, withdrawn, out of scope, waiting."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.trace import trace
from shared.contracts import (
    AlertCancelled,
    AlertRaised,
    CaseOpened,
    CaseReferred,
    CaseWithdrawn,
    Determination,
    FailureNotified,
    Hazard,
    InsurerNotified,
    NoticeNotDue,
    NoticeRetracted,
    NoticeServed,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionOpened,
    PolicyBound,
    ReferralWithdrawn,
    ReinspectionAccepted,
    ReinspectionAssigned,
    ReinspectionConcluded,
    ReinspectionReported,
    ReinspectionRequested,
    ResultCorrected,
    ResultWithdrawn,
    SampleFailed,
    SampleOverturned,
    SamplePassed,
    SampleReceived,
    ScopeItem,
)
from shared.contracts.alert import AlertTold
from shared.contracts.case import CaseTold
from shared.settings import Settings
from shared.workdays import day_in_china
from tests.county import prepared, say
from tests.examples import accreditation, form, malachite_green_in_carp
from tests.listening import heard_by
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.services.sampling.told import kinds, rejections, told
from tests.speaking import record, until

THIS_YEAR = PolicyBound(policy_no="POL-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))
NOT_FOUND = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),)
FOUND_LESS = (Determination(analyte="孔雀石绿", result="1.20μg/kg", limit="不得检出"),)
FAILED = malachite_green_in_carp("1")


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


@asynccontextmanager
async def failed(server: NatsServer, settings: Settings, operator: Client) -> AsyncIterator[None]:
    """All services run, and a sample that failed: alerted, referred, and its insurer notified."""
    await prepared(server, FAILED)
    async with running_services(settings):
        await say(server, "insurer.I007", THIS_YEAR)
        await until(lambda: is_quiet(operator))
        await say(server, "lab.L0142", FAILED)
        await until(lambda: is_quiet(operator))
        yield


async def everything(operator: Client) -> list[Any]:
    """Every event of the record but the receipts."""
    return [envelope.data for envelope in await record(operator, "FOOD", "CASES", "NOTICES")]


async def decisions(operator: Client) -> list[type[Any]]:
    """The kinds of what alerts, enforcement and insurance told, in this order."""
    told_by_them = AlertTold, CaseTold, InsurerNotified, NoticeNotDue, NoticeRetracted
    return [type(event) for event in await everything(operator) if isinstance(event, told_by_them)]


async def assert_undone(server: NatsServer, operator: Client) -> None:
    """The alert is cancelled, the referral withdrawn, the notice retracted; each with the numbers of the first."""
    events = await everything(operator)

    def one(kind: type[Any]) -> Any:
        (found,) = [event for event in events if type(event) is kind]
        return found

    assert one(AlertRaised).alert_no == one(AlertCancelled).alert_no
    assert one(CaseOpened).case_no == one(CaseReferred).case_no == one(ReferralWithdrawn).case_no
    assert one(CaseOpened).case_no == one(CaseWithdrawn).case_no
    assert one(InsurerNotified).notice_no == one(NoticeRetracted).notice_no
    police = [CaseReferred, ReferralWithdrawn]
    procuratorate = [CaseOpened, CaseReferred, ReferralWithdrawn, CaseWithdrawn]
    for authority, hears in (("police-210283", police), ("procuratorate-210283", procuratorate)):
        assert hears == [type(envelope.data) for envelope in await heard_by(server, authority, "CASES")]
    notices = [type(envelope.data) for envelope in await heard_by(server, "insurer-I007", "NOTICES")]
    assert [InsurerNotified, NoticeRetracted] == notices


async def reinspected(server: NatsServer, operator: Client, result: Sequence[Determination]) -> str:
    """Notice served, re-inspection requested, laboratory drawn, reserve handed over, result reported; who reported."""
    now = datetime.now(UTC)
    today = day_in_china(now)
    await say(server, "officer.O001", NoticeServed(sample_no="S-1", to="operator", served_on=today))
    await say(server, "officer.O001", ReinspectionRequested(sample_no="S-1", by="operator", requested_on=today))
    await until(lambda: is_quiet(operator))
    (notified,) = await told(operator, FailureNotified)
    assert (notified.reference, notified.served_on) == ("V0001", today)
    (accepted,) = await told(operator, ReinspectionAccepted)
    assert accepted.candidates == ("L0200", "L0300")
    assigned = [envelope.data for envelope in await heard_by(server, f"lab-{accepted.laboratory}", "RECEIPTS")]
    assert [ReinspectionAssigned] == [type(event) for event in assigned]

    received = SampleReceived(sample_no="S-1", portion="reserve", received_at=now, seal_no="F-S-1")
    concluded = ReinspectionReported(
        reinspection_no=accepted.reinspection_no,
        sample_no="S-1",
        report_no="RR-1",
        concluded_on=today,
        determinations=tuple(result),
    )
    await say(server, f"lab.{accepted.laboratory}", received, concluded)
    await until(lambda: is_quiet(operator))
    return f"lab.{accepted.laboratory}"


async def objected(server: NatsServer, operator: Client, *, sustained: bool) -> None:
    """The producer says that the goods are not its own, and an officer decides."""
    filed_on = day_in_china(datetime.now(UTC))
    objection = ObjectionFiled(
        sample_no="S-1", by="producer", ground="authenticity", filed_on=filed_on, why="The goods are not ours."
    )
    await say(server, "officer.O001", objection)
    await until(lambda: is_quiet(operator))
    (opened,) = await told(operator, ObjectionOpened)
    decided = ObjectionDecided(
        sample_no="S-1", objection_no=opened.objection_no, sustained=sustained, why="The label was compared."
    )
    await say(server, "officer.O001", decided)
    await until(lambda: is_quiet(operator))


async def test_reinspection_that_passes_undoes_everything(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Re-inspected and found clean: the sample is overturned, and whoever was told of it is told so."""
    async with failed(server, settings, operator):
        laboratory = await reinspected(server, operator, NOT_FOUND)
    (conclusion,) = await told(operator, ReinspectionConcluded)
    assert (conclusion.outcome, conclusion.report_no, conclusion.on_time) == ("overturned", "R-1", True)
    (overturned,) = await told(operator, SampleOverturned)
    assert (overturned.by, overturned.reason.value) == (laboratory, "reinspection_passed")
    await assert_undone(server, operator)
    sentences = " ".join(step.sentence for step in await trace(settings, "S-1"))
    for word in ("failed", "referred", "Re-inspection", "overturned", "withdrawn", "retracted"):
        assert word in sentences


async def test_reinspection_that_fails_undoes_nothing(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Re-inspected and found again: alert, referral and notice stand as they were told."""
    async with failed(server, settings, operator):
        await reinspected(server, operator, FAILED.determinations)
    (conclusion,) = await told(operator, ReinspectionConcluded)
    assert conclusion.outcome == "upheld"
    assert [AlertRaised, CaseOpened, CaseReferred, InsurerNotified] == await decisions(operator)


async def test_objection_that_is_sustained_undoes_everything(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The goods are found not to be the producer's: the sample is overturned by the officer who decided so."""
    async with failed(server, settings, operator):
        await objected(server, operator, sustained=True)
    (overturned,) = await told(operator, SampleOverturned)
    assert (overturned.by, overturned.reason.value) == ("officer.O001", "objection_sustained")
    await assert_undone(server, operator)


async def test_objection_that_is_dismissed_undoes_nothing(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """An objection that an officer dismissed leaves alert, referral and notice as they were told."""
    async with failed(server, settings, operator):
        await objected(server, operator, sustained=False)
    assert [AlertRaised, CaseOpened, CaseReferred, InsurerNotified] == await decisions(operator)


def correction(result: Sequence[Determination]) -> ResultCorrected:
    """The laboratory takes its report back and puts another one in its place."""
    facts = FAILED.model_dump() | {"report_no": "R-1a", "corrects": "R-1", "why": "Read from another sample."}
    return ResultCorrected.model_validate(facts | {"determinations": tuple(result)})


async def test_correction_to_a_pass_undoes_everything(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A laboratory that corrects its report to a pass takes alert, referral and notice back with it."""
    async with failed(server, settings, operator):
        await say(server, "lab.L0142", correction(NOT_FOUND))
        await until(lambda: is_quiet(operator))
    await assert_undone(server, operator)
    (passed,) = await told(operator, SamplePassed)
    assert passed.supersedes == "R-1"


async def test_correction_to_another_failure_stands_anew(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A correction that fails too: the first is undone and the second stands; alert and case keep their numbers."""
    async with failed(server, settings, operator):
        await say(server, "lab.L0142", correction(FOUND_LESS))
        await until(lambda: is_quiet(operator))
    assert [
        AlertRaised, AlertCancelled, AlertRaised,
        CaseOpened, CaseReferred, ReferralWithdrawn, CaseWithdrawn, CaseOpened, CaseReferred,
        InsurerNotified, NoticeRetracted, InsurerNotified,
    ] == await decisions(operator)  # fmt: skip
    events = await everything(operator)
    assert len({event.about for event in events if isinstance(event, AlertTold)}) == 1
    assert len({event.about for event in events if isinstance(event, CaseTold)}) == 1
    first, retracted, second = [event.about for event in events if isinstance(event, InsurerNotified | NoticeRetracted)]
    assert first == retracted != second
    assert ["R-1", "R-1a"] == [event.report_no for event in events if isinstance(event, CaseReferred)]


async def test_withdrawal_undoes_everything(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A withdrawn report takes alert, referral and notice with it, once, and nothing stands on the sample."""
    withdrawal = ResultWithdrawn(report_no="R-1", sample_no="S-1", why="Mixed up.")
    async with failed(server, settings, operator):
        await say(server, "lab.L0142", withdrawal, withdrawal)
        await until(lambda: is_quiet(operator))
    await assert_undone(server, operator)
    assert [] == await told(operator, SamplePassed)


async def test_result_out_of_scope_reaches_nobody(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A laboratory without scope, with an expired accreditation or with none is refused, and no alert follows."""
    metals = accreditation("L0142", scope=(ScopeItem(hazard=Hazard.METAL),))
    expired = accreditation("L0200", valid_to=date(2020, 12, 31))
    await say(server, "officer.O001", metals, expired)
    await say(server, "sampler.S01", *(form(malachite_green_in_carp(number)) for number in "123"))
    for number, laboratory in enumerate(("L0142", "L0200", "L0300"), start=1):
        await say(server, f"lab.{laboratory}", malachite_green_in_carp(str(number)))
    async with running_services(settings):
        await until(lambda: is_quiet(operator))
    assert [
        ("R-1", "out_of_scope", "data.determinations.0.analyte"),
        ("R-2", "not_accredited", "data.concluded_on"),
        ("R-3", "not_accredited", "subject"),
    ] == await rejections(operator)
    assert [] == await told(operator, SampleFailed)


async def test_waiting_result_takes_the_path_when_its_form_comes(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A result without a form is seen by officers as waiting; with the form it is alerted and referred at once."""
    await prepared(server)
    async with running_services(settings):
        await say(server, "lab.L0142", FAILED)
        await until(lambda: is_quiet(operator))
        assert ["ResultWaiting"] == await kinds(operator, "S-1")
        await say(server, "sampler.S01", form(FAILED))
        await until(lambda: is_quiet(operator))
    events = [type(event) for event in await everything(operator)]
    assert {AlertRaised, CaseReferred} <= set(events)
    officer = [type(envelope.data).__name__ for envelope in await heard_by(server, "officer-O001", "FOOD")]
    assert ["ResultWaiting", "SampleFailed", "AlertRaised"] == officer
