"""An exchange that the first version served is upgraded, bus and databases, with all that is on it and in them."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerConfig

from services.trace import trace
from shared.contracts import (
    AlertCancelled,
    CaseReferred,
    CaseWithdrawn,
    ClockCorrected,
    Determination,
    DisposalClosed,
    Event,
    InsurerNotified,
    NoticeRetracted,
    NoticeServed,
    ObjectionFiled,
    ReceiptRefusal,
    ReferralWithdrawn,
    ReinspectionRequested,
    RequestAccepted,
    RequestRefused,
    ResultCorrected,
    ResultSettled,
    ResultWithdrawn,
    SampleFailed,
    SampleHandedOver,
    SampleOverturned,
    SamplePassed,
    SampleReceived,
    SampleRefused,
)
from shared.contracts.catalogue import SERVICES, ServiceName
from shared.database import Database
from shared.migrations import upgrade
from shared.permissions import OPERATOR, RECORDS, STEWARD
from shared.record import read_record
from shared.settings import Settings
from shared.streams import compare, consumers_for, consumers_of
from shared.workdays import day_in_china
from tests.county import prepared, say
from tests.examples import form
from tests.first_version import old_report, rows_of, taken, write_bus, write_databases
from tests.listening import heard_by
from tests.replicas import Replica
from tests.running import is_quiet, running_services
from tests.servers.nats import PARTNERS, NatsServer
from tests.services.sampling.told import rejections, told
from tests.speaking import record, until

NOT_FOUND = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


@pytest.fixture
async def operator(server: NatsServer, settings: Settings) -> AsyncIterator[Client]:
    """The operator's connection to an exchange of the first version that was upgraded; no service runs yet."""
    await write_databases(settings)
    await write_bus(server)
    await server.provision(settings)
    for service in SERVICES:
        database = Database(settings.database_of(service))
        await upgrade(database, service)
        await database.close()
    client = await server.connect("operator")
    yield client
    await client.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_bus_is_widened_and_loses_nothing(server: NatsServer, settings: Settings) -> None:
    """Streams and durables become this version's; each message and each place stays, and whatever waited waits."""
    await write_bus(server)
    steward = await server.connect(STEWARD)
    jetstream = steward.jetstream()
    old = [(one["stream"], one["config"]["durable_name"]) for one in taken()["consumers"]]

    async def places() -> list[Any]:
        streams = [(await jetstream.stream_info(stream)) for stream in RECORDS]
        durables = [await jetstream.consumer_info(*one) for one in old]
        return [
            *((info.created, info.state.messages, info.state.last_seq) for info in streams),
            *((info.created, info.num_ack_pending, info.ack_floor) for info in durables),
        ]

    async def waiting() -> list[int]:
        return [int((await jetstream.consumer_info(*one)).num_pending or 0) for one in old]

    before, waited = await places(), await waiting()
    await server.provision(settings)
    assert before == await places()
    assert all(more >= some for more, some in zip(await waiting(), waited, strict=True))
    durables = [one for service in SERVICES for one in consumers_of(service)]
    await compare(jetstream, [*durables, *(one for partner in PARTNERS for one in consumers_for(partner))], settings)
    configs: list[ConsumerConfig] = [(await jetstream.consumer_info(*one)).config for one in old]
    assert any(
        set(config.filter_subjects or ()) > set(one["config"]["filter_subjects"])
        for config, one in zip(configs, taken()["consumers"], strict=True)
    )
    await steward.close()
    notified = [envelope.data for envelope in await heard_by(server, "insurer-I012", "NOTICES")]
    assert [InsurerNotified] == [type(event) for event in notified]


async def test_start_upgrades_when_it_is_asked_to(server: NatsServer, settings: Settings, tmp_path: Path) -> None:
    """Of two replicas that start at once on an older database both refuse; asked to upgrade, both come to work."""
    await write_databases(settings)
    await server.provision(settings)
    refusing = [Replica("enforcement", settings, tmp_path) for _ in range(2)]
    for outcome in await asyncio.gather(*(replica.start() for replica in refusing), return_exceptions=True):
        assert isinstance(outcome, AssertionError)
        assert "or start once with SHIAN_UPGRADE=true." in str(outcome)
    asked = settings.model_copy(update={"upgrade": True})
    upgrading = [Replica("enforcement", asked, tmp_path) for _ in range(2)]
    try:
        await asyncio.gather(*(replica.start() for replica in upgrading))
    finally:
        await asyncio.gather(*(replica.end(signal.SIGTERM) for replica in upgrading))


async def test_withdrawal_of_an_old_failure_undoes_everything(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The alert is cancelled, the referral withdrawn and the notice retracted, each under its old number."""
    withdrawal = ResultWithdrawn(report_no="R-1", sample_no="S-1", why="Mixed up.")
    async with running_services(settings):
        await say(server, "lab.L0142", withdrawal)
        await until(lambda: is_quiet(operator))
    (overturned,) = await told(operator, SampleOverturned)
    assert ("R-1", "report_withdrawn") == (overturned.report_no, overturned.reason.value)
    (cancelled,) = await told(operator, AlertCancelled)
    assert cancelled.alert_no == _of_report(1, "alerts", "alert_sample")["alert_no"]
    case_no = _of_report(1, "enforcement", "case_sample")["case_no"]
    assert [case_no] == [one.case_no for one in await told(operator, ReferralWithdrawn, "CASES")]
    assert [case_no] == [one.case_no for one in await told(operator, CaseWithdrawn, "CASES")]
    police = [type(envelope.data) for envelope in await heard_by(server, "police-210283", "CASES")]
    assert [CaseReferred, CaseReferred, ReferralWithdrawn] == police
    notified, retracted = [envelope.data for envelope in await heard_by(server, "insurer-I007", "NOTICES")]
    assert isinstance(retracted, NoticeRetracted)
    assert (notified.about, "POL-1") == (retracted.notice_no, retracted.policy_no)
    sentences = " ".join(step.sentence for step in await trace(settings, "S-1"))
    for word in ("fail", "referred", "overturned", "withdrawn", "retracted"):
        assert word in sentences


def _of_report(number: int, service: ServiceName, table: str) -> dict[str, Any]:
    (found,) = [row for row in rows_of(service)[table] if row["report_no"] == f"R-{number}"]
    return found


async def test_old_report_is_repeated_and_not_changed(server: NatsServer, settings: Settings, operator: Client) -> None:
    """An old report that is sent again is answered as repeated, and as changed where it says something else."""
    changed = old_report(4).model_copy(update={"producer": "P0011"})
    async with running_services(settings):
        await say(server, "lab.L0142", *(old_report(number) for number in range(1, 6)), changed)
        await until(lambda: is_quiet(operator))
    assert [*((f"R-{n}", "repeated", "data.report_no") for n in range(1, 6)), ("R-4", "changed", "data.report_no")] == (
        await rejections(operator)
    )


async def test_old_failure_is_corrected(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A correction to a pass takes an old failure's place, once the laboratory is accredited and the form was sent."""
    old = old_report(2)
    facts = old.model_dump() | {"report_no": "R-2a", "corrects": "R-2", "why": "Read from another sample."}
    correction = ResultCorrected.model_validate(facts | {"determinations": NOT_FOUND})
    await prepared(server, old)
    async with running_services(settings):
        await until(lambda: is_quiet(operator))
        await say(server, "lab.L0142", correction)
        await until(lambda: is_quiet(operator))
    assert [("R-2", "report_corrected")] == [
        (one.report_no, one.reason.value) for one in await told(operator, SampleOverturned)
    ]
    assert "R-2" in [one.supersedes for one in await told(operator, SamplePassed)]


async def test_old_unclear_result_is_settled(server: NatsServer, settings: Settings, operator: Client) -> None:
    """An officer settles a result that the first version could not decide: it fails, and is alerted and referred."""
    settled = ResultSettled(
        sample_no="S-5", laboratory="L0142", report_no="R-5", verdict="fail", why="It was looked at."
    )
    async with running_services(settings):
        await say(server, "officer.O001", settled)
        await until(lambda: is_quiet(operator))
    assert ["officer.O001"] == [one.settled_by for one in await told(operator, SampleFailed) if one.sample_no == "S-5"]


async def test_whatever_is_asked_about_an_old_failure_is_answered(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """An old failure has no form: what officers, samplers and laboratories ask about it gets a receipt all the same."""
    now = datetime.now(UTC)
    today = day_in_china(now)
    await prepared(server)
    officer: Sequence[Event] = (
        NoticeServed(sample_no="S-3", to="operator", served_on=today),
        NoticeServed(sample_no="S-3", to="producer", served_on=today),
        ReinspectionRequested(sample_no="S-3", by="operator", requested_on=today),
        ObjectionFiled(sample_no="S-3", by="producer", ground="authenticity", filed_on=today, why="Not ours."),
        ObjectionFiled(sample_no="S-3", by="operator", ground="sampling", filed_on=today, why="Wrongly taken."),
        ClockCorrected(clock="SMP-04:L0142:R-3", due=now + timedelta(days=9), why="A holiday."),
        DisposalClosed(sample_no="S-3", closed_at=now, why="The goods were destroyed."),
    )
    laboratory: Sequence[Event] = (
        SampleReceived(sample_no="S-3", portion="test", received_at=now, seal_no="F-1"),
        SampleReceived(sample_no="S-3", portion="reserve", received_at=now, seal_no="F-1"),
        SampleRefused(sample_no="S-3", refused_at=now, ground=ReceiptRefusal.SEAL_BROKEN, why="The seal was broken."),
    )
    sampler: Sequence[Event] = (
        SampleHandedOver(sample_no="S-3", handed_at=now, to="lab.L0142", seal_no="F-1", seal_intact=True),
        form(old_report(3)),
    )
    async with running_services(settings):
        await say(server, "officer.O001", *officer)
        await until(lambda: is_quiet(operator))
        await say(server, "lab.L0142", *laboratory)
        await say(server, "sampler.S01", *sampler)
        await until(lambda: is_quiet(operator))
        await say(server, "officer.O001", *officer)
        await until(lambda: is_quiet(operator))
    assert [] == [letter.headers async for letter in read_record(operator, "DEAD", name=OPERATOR)]
    receipts = Counter(
        (one.party, one.request)
        for envelope in await record(operator, "RECEIPTS")
        if isinstance(one := envelope.data, RequestAccepted | RequestRefused)
    )
    said = (("officer.O001", (*officer, *officer)), ("lab.L0142", laboratory), ("sampler.S01", sampler))
    asked = Counter((party, one.TYPE) for party, events in said for one in events)
    assert asked == {key: count for key, count in receipts.items() if key in asked}
