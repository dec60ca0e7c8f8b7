"""The story: a failed sample's path from laboratory to police, procuratorate and insurer, over all four services."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client

from services.trace import trace
from shared.contracts import (
    AlertRaised,
    AlertUpdated,
    CaseJoined,
    CaseOpened,
    CaseReferred,
    ClockApproaching,
    ClockMissed,
    DeclineReason,
    Event,
    InsurerNotified,
    NotDueReason,
    NoticeNotDue,
    PolicyBound,
    ReferralDeclined,
    ResultReported,
    ResultsAccepted,
    SampleCollected,
    SampleFailed,
    SamplePassed,
    SampleRegistered,
    SampleUnclear,
)
from shared.contracts.catalogue import SERVICES
from shared.envelope import open_envelope
from shared.settings import Settings
from tests.county import collected, prepared, today
from tests.examples import form, malachite_green_in_carp, procymidone_in_leek, report, without_values
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until

LONG_AGO = date(2026, 3, 2)
THIS_YEAR = PolicyBound(policy_no="POL-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(milliseconds=100)})


@pytest.fixture
async def laboratory(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The laboratory's connection."""
    del operator
    await prepared(server)
    client = await server.connect("lab-L0142")
    yield client
    await client.close()


def sampled_now(reported: ResultReported) -> SampleCollected:
    """The form of a sample that was taken a moment ago, so that nothing about it is late."""
    return form(reported, sampled_at=datetime.now(UTC))


async def heard_by(server: NatsServer, user: str, stream: str, count: int) -> list[Event]:
    """What a partner reads through its own durable."""
    client = await server.connect(user)
    subscription = await client.jetstream().pull_subscribe_bind(user, stream, inbox_prefix=f"_INBOX_{user}.".encode())
    events = []
    for _ in range(count):
        (message,) = await subscription.fetch(1, timeout=10)
        events.append(open_envelope(message.subject, message.data)[1].data)
        await message.ack()
    with pytest.raises(TimeoutError):
        await subscription.fetch(1, timeout=0.2)
    await client.close()
    return events


async def test_failed_sample_path(server: NatsServer, settings: Settings, operator: Client, laboratory: Client) -> None:
    """A detection is judged, alerted, referred and notified; each step says why, each partner hears its own."""
    insurer = await server.connect("insurer-I007")
    reported = malachite_green_in_carp("1", concluded_on=today())
    others = malachite_green_in_carp("2"), procymidone_in_leek("3", producer="P0009"), report("4"), without_values("5")
    await collected(server, *(sampled_now(one) for one in (reported, *others)))
    async with running_services(settings):
        await publish(insurer, "insurer.I007", THIS_YEAR, event_id="p1")
        await until(lambda: is_quiet(operator))
        for number, one in enumerate((reported, *others), start=1):
            await publish(laboratory, "lab.L0142", one, event_id=str(number))
        await until(lambda: is_quiet(operator))
        steps = await trace(settings, "S-1")
    await insurer.close()

    events = [envelope.data for envelope in await record(operator, "FOOD", "CASES", "NOTICES")]
    by_sample = {number: [event for event in events if event.trace == f"S-{number}"] for number in range(1, 6)}
    assert [type(event) for event in by_sample[1]] == [
        SampleRegistered, SampleFailed, AlertRaised, CaseOpened, CaseReferred, InsurerNotified,
    ]  # fmt: skip
    assert [type(event) for event in by_sample[2]] == [
        SampleRegistered, SampleFailed, AlertUpdated, CaseOpened, CaseReferred, InsurerNotified,
    ]  # fmt: skip
    assert [type(event) for event in by_sample[3]] == [
        SampleRegistered, SampleFailed, AlertRaised, CaseOpened, ReferralDeclined, NoticeNotDue,
    ]  # fmt: skip
    assert [type(event) for event in by_sample[4]] == [SampleRegistered, SamplePassed]
    assert [type(event) for event in by_sample[5]] == [SampleRegistered, SampleUnclear]

    referred = by_sample[1][4]
    assert isinstance(referred, CaseReferred)
    assert referred.standing == "information, not a transfer; starts no clock"
    assert "Art 144" in referred.reasons[0].citation
    declined = by_sample[3][4]
    assert isinstance(declined, ReferralDeclined)
    assert declined.reason is DeclineReason.NOT_ON_A_LIST
    not_due = by_sample[3][5]
    assert isinstance(not_due, NoticeNotDue)
    assert not_due.reason is NotDueReason.NO_POLICY

    assert [event.trace for event in await heard_by(server, "police-210283", "CASES", 2)] == ["S-1", "S-2"]
    of_the_region = [event.trace for event in await heard_by(server, "procuratorate-210283", "CASES", 6)]
    assert ["S-1", "S-1", "S-2", "S-2", "S-3", "S-3"] == sorted(str(trace) for trace in of_the_region)
    assert [event.trace for event in await heard_by(server, "insurer-I007", "NOTICES", 2)] == ["S-1", "S-2"]
    accepted = [envelope.data for envelope in await record(operator, "RECEIPTS")]
    verdicts = [
        (receipt.report_no, receipt.verdict)
        for event in accepted
        if isinstance(event, ResultsAccepted)
        for receipt in event.receipts
    ]
    assert verdicts == [("R-1", "fail"), ("R-2", "fail"), ("R-3", "fail"), ("R-4", "pass"), ("R-5", "unclear")]
    assert {step.teller for step in steps} == set(SERVICES)
    assert "stopped in time" in steps[0].sentence


async def test_clock_of_a_failed_result_fires(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A failed result of a sample of long ago, concluded and never delivered on paper, is told as missed, once each."""
    late, passing = procymidone_in_leek("1", concluded_on=LONG_AGO), report("2")
    await collected(server, form(late), sampled_now(passing))
    async with running_services(settings):
        await publish(laboratory, "lab.L0142", late, event_id="1")
        await publish(laboratory, "lab.L0142", passing, event_id="2")

        async def are_missed() -> bool:
            return 2 == sum(isinstance(envelope.data, ClockMissed) for envelope in await record(operator, "FOOD"))

        await until(are_missed)
        await until(lambda: is_quiet(operator))
    clocks = [e.data for e in await record(operator, "FOOD") if isinstance(e.data, ClockMissed | ClockApproaching)]
    assert {type(clock) for clock in clocks} == {ClockMissed}
    assert sorted(clock.about for clock in clocks) == ["SMP-01:S-1", "SMP-04:L0142:R-1"]
    (missed,) = (clock for clock in clocks if clock.about.startswith("SMP-04"))
    assert missed.due.isoformat() == "2026-03-04T16:00:00+00:00"
    assert "Art 26" in missed.citation


async def test_same_lot_joins_the_case(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """Two failed samples of one producer, product, lot and substance share a case and an alert."""
    made = [malachite_green_in_carp(number, production_date=date(2026, 2, 1)) for number in ("1", "2", "3")]
    await collected(server, *(sampled_now(one) for one in made))
    async with running_services(settings):
        for sample in made:
            await publish(laboratory, "lab.L0142", sample, event_id=sample.report_no)
        await until(lambda: is_quiet(operator))
    events = [envelope.data for envelope in await record(operator, "FOOD", "CASES")]
    assert Counter(type(event).__name__ for event in events) == {
        "SampleRegistered": 3,
        "SampleFailed": 3, "AlertRaised": 1, "AlertUpdated": 2, "CaseOpened": 1, "CaseJoined": 2, "CaseReferred": 3,
    }  # fmt: skip
    assert len({event.case_no for event in events if isinstance(event, CaseOpened | CaseJoined)}) == 1
    assert len({event.alert_no for event in events if isinstance(event, AlertRaised | AlertUpdated)}) == 1
