"""Two versions of one event side by side: both are heard and answered, and who knows the first is not disturbed."""

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.provision import make_streams
from shared.contracts import (
    AlertRaised,
    AlertUpdated,
    CaseJoined,
    CaseOpened,
    CaseReferred,
    Event,
    InsurerNotified,
    NoticeNotDue,
    ReferralDeclined,
    ResultReported,
    ResultsAccepted,
    SampleFailed,
)
from shared.failure import CannotStartError
from shared.settings import Settings
from tests.county import prepared, say
from tests.examples import failed_sample, malachite_green_in_carp, report
from tests.next_version import ResultReportedV2, SampleFailedV2, next_version
from tests.replicas import Replica
from tests.running import is_quiet, running_services
from tests.servers.nats import PARTNERS, NatsServer
from tests.services.sampling.told import rejections
from tests.speaking import publish, record, until

ALERTS, CASES = (AlertRaised, AlertUpdated), (CaseOpened, CaseJoined)
REFERRALS, NOTICES = (CaseReferred, ReferralDeclined), (InsurerNotified, NoticeNotDue)
NEXT = ("-m", "tests.next_version")


def second(reported: ResultReported) -> ResultReportedV2:
    """A report as a laboratory of the second version sends it."""
    return ResultReportedV2(**reported.model_dump() | {"concluded_on": date(2026, 3, 2)})


def failed_in_second(number: str) -> SampleFailedV2:
    """A failed sample as sampling of the next version tells it."""
    return SampleFailedV2(**failed_sample(number).model_dump(), edition="2026")


async def decided(operator: Client, *kinds: type[Event]) -> list[str]:
    """The samples on which decisions of these kinds were told, each as often as it was."""
    events = [envelope.data for envelope in await record(operator, "FOOD", "CASES", "NOTICES")]
    return sorted(event.trace for event in events if isinstance(event, kinds))


async def assert_decided_once(operator: Client, samples: Sequence[str]) -> None:
    """On each of these failed samples, and on no other, each service decided once; nothing is a dead letter."""
    for kinds in (ALERTS, CASES, REFERRALS, NOTICES):
        assert sorted(samples) == await decided(operator, *kinds)
    assert 0 == await dead(operator)


async def dead(operator: Client) -> int:
    """How many dead letters there are."""
    return int((await operator.jetstream().stream_info("DEAD")).state.messages)


async def test_partners_of_both_versions_are_answered(server: NatsServer, settings: Settings, operator: Client) -> None:
    """After an upgrade what waited in the first version, and reports in both, lead to one decision of each kind."""
    fails = [malachite_green_in_carp(str(n)) for n in range(4)]
    passes = [report(str(n)) for n in range(4, 6)]
    await prepared(server, *fails, *passes)
    async with running_services(settings, "sampling"):
        await say(server, "lab.L0142", fails[0])
        await until(lambda: _has(operator, SampleFailed, 1))
    made = (await operator.jetstream().consumer_info("FOOD", "alerts")).created
    with next_version():
        server.reload()
        await server.provision(settings)
        async with running_services(settings):
            await say(server, "lab.L0142", fails[1], passes[0])
            await say(server, "lab.L0200", second(fails[2]), second(passes[1]))
            await say(server, "lab.L0142", second(fails[3]), fails[3])
            await until(lambda: is_quiet(operator))
        await assert_decided_once(operator, ["S-0", "S-1", "S-2", "S-3"])
        told = [type(envelope.data) for envelope in await record(operator, "FOOD")]
        assert (1, 3) == (told.count(SampleFailed), told.count(SampleFailedV2))
        receipts = [one.data for one in await record(operator, "RECEIPTS") if isinstance(one.data, ResultsAccepted)]
        accepted = Counter((one.laboratory, receipt.sample_no) for one in receipts for receipt in one.receipts)
        mine, theirs = ("S-0", "S-1", "S-3", "S-4"), ("S-2", "S-5")
        assert {**{("L0142", one): 1 for one in mine}, **{("L0200", one): 1 for one in theirs}} == accepted
        assert [("R-3", "changed", "data.report_no")] == await rejections(operator)
    assert made == (await operator.jetstream().consumer_info("FOOD", "alerts")).created


async def _has(operator: Client, kind: type[Event], count: int) -> bool:
    return len([one for one in await record(operator, "FOOD") if isinstance(one.data, kind)]) == count


async def test_consumer_of_the_first_version_is_not_disturbed(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """It neither gets nor buries the second version, answers the first, and is widened once it is stopped."""
    first = Replica("alerts", settings, tmp_path)
    await first.start()
    with next_version():
        server.reload()
        sampling = await server.connect("sampling")
        await publish(sampling, "sampling", failed_in_second("1"), event_id="second-1")
        await publish(sampling, "sampling", failed_sample("2"), event_id="first-2")
        await until(lambda: _has(operator, AlertRaised, 1))
        assert ["S-2"] == await decided(operator, *ALERTS)
        state = await operator.jetstream().consumer_info("FOOD", "alerts")
        assert (1, 0, 0) == (state.delivered.consumer_seq, state.num_ack_pending, await dead(operator))
        with pytest.raises(CannotStartError, match=r"would be widened: alerts of FOOD\."):
            await make_streams(settings, PARTNERS)
        await first.end(signal.SIGTERM)
        await server.provision(settings)
        await publish(sampling, "sampling", failed_in_second("3"), event_id="second-3")
        async with running_services(settings, "alerts"):
            await until(lambda: _has(operator, AlertUpdated, 1))
        assert ["S-2", "S-3"] == await decided(operator, *ALERTS)
        await sampling.close()
    assert 0 == await dead(operator)
    assert "error" not in first.said()


async def test_fact_that_is_told_in_both_versions_is_decided_once(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Who tells one failure in both versions gets one decision, and a dead letter that shows the mistake."""
    with next_version():
        server.reload()
        await server.provision(settings)
        sampling = await server.connect("sampling")
        await publish(sampling, "sampling", failed_sample("1"), event_id="first-1")
        await publish(sampling, "sampling", failed_in_second("1"), event_id="second-1")
        await sampling.close()
        async with running_services(settings, "alerts"):
            await until(lambda: _is_dead(operator))
        assert ["S-1"] == await decided(operator, *ALERTS)
    assert 1 == await dead(operator)


async def _is_dead(operator: Client) -> bool:
    return await dead(operator) > 0


async def test_teller_of_the_next_version_waits_for_its_hearers(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Sampling of the next version does not start on a bus of the first, where its failures would be passed over."""
    with next_version():
        server.reload()
        with pytest.raises(CannotStartError) as stopped:
            async with running_services(settings, "sampling"):
                pass
        for service in ("alerts", "enforcement", "insurance"):
            assert f"consumer {service} of FOOD does not hear food.sample.failed.v2.*.*.*" in str(stopped.value)
        await server.provision(settings)
        async with running_services(settings, "sampling"):
            assert 0 == await dead(operator)


async def test_service_of_the_first_version_does_not_start_beside_the_next(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """On a bus that was widened a service of the first version does not start, so that it cannot bury anything."""
    del operator
    with next_version():
        server.reload()
        await server.provision(settings)
    with pytest.raises(CannotStartError, match="consumer alerts of FOOD has filter_subjects"):
        async with running_services(settings, "alerts"):
            pass


async def test_partner_that_is_ahead_of_the_exchange_is_told(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """An exchange that knows the first version alone answers the second with a receipt, and buries nothing."""
    with next_version():
        await say(server, "lab.L0142", second(report("1")))
    async with running_services(settings, "sampling"):
        await until(lambda: is_quiet(operator))
    assert [("R-1", "unknown_type", "subject")] == await rejections(operator)
    assert 0 == await dead(operator)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_replicas_of_two_versions_work_side_by_side_once_both_hear_the_same(
    server: NatsServer, settings: Settings, operator: Client, database_url: str, tmp_path: Path
) -> None:
    """One replica tells the first version, the other the second; each failure is decided once, whoever judged it."""
    settings = settings.model_copy(update={"database_url": database_url, "batch_size": 4})
    reports = [malachite_green_in_carp(f"{n:02}", producer=f"P{n % 7:04}") for n in range(60)]
    await prepared(server, *reports)
    with next_version(tells=False):
        server.reload()
        await server.provision(settings)
        telling = Replica("sampling", settings, tmp_path, (*NEXT, "sampling"))
        async with running_services(settings):
            await telling.start()
            for start in range(0, len(reports), 6):
                await asyncio.gather(*(say(server, "lab.L0142", one) for one in reports[start : start + 6]))
            await until(lambda: is_quiet(operator), seconds=30)
            await telling.end(signal.SIGTERM)
        await assert_decided_once(operator, [one.sample_no for one in reports])
        told = Counter(type(envelope.data) for envelope in await record(operator, "FOOD"))
    assert told[SampleFailed] > 0 < told[SampleFailedV2]
    assert len(reports) == told[SampleFailed] + told[SampleFailedV2]
