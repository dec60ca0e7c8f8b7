"""A failure, its end, what takes its place, a second sample and a policy, in every order: one state, nothing twice."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from nats.aio.client import Client

from services.alerts.store import Alert, AlertSample
from services.enforcement.store.cases import Case
from services.enforcement.store.samples import CaseSample
from services.insurance.store import Notice
from shared.contracts import (
    AlertCancelled,
    AlertRaised,
    AlertUpdated,
    CaseJoined,
    CaseOpened,
    CaseReferred,
    CaseWithdrawn,
    Event,
    InsurerNotified,
    Level,
    NoticeRetracted,
    PolicyBound,
    ReferralWithdrawn,
    SampleLeftCase,
)
from shared.contracts.catalogue import ServiceName
from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.speaking import until
from tests.undoing import answers, overturned, rows

AFTER_FAILURE: tuple[ServiceName, ...] = ("alerts", "enforcement", "insurance")
TABLES: dict[ServiceName, tuple[Any, ...]] = {
    "alerts": (Alert, AlertSample),
    "enforcement": (Case, CaseSample),
    "insurance": (Notice,),
}
LOT = date(2026, 2, 1)
TAG, NUMBER = re.compile(r"T[01]\d\d"), re.compile(r"\b[ACN]-[A-Z2-7]{12}\b")
"""What tells one try from another, and the numbers that follow from it; these have neither 0 nor 1."""
OF_THE_ORDER = ("opened_at", "since", "version")
"""What says when a case took its steps, and how many."""


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url, "ack_wait": timedelta(seconds=30)})


def story(tag: str) -> tuple[Event, ...]:
    """A report that is corrected to another failure, a second sample of its lot, and their producer's policy."""
    facts: dict[str, Any] = {"producer": tag, "production_date": LOT}
    first = failed_sample(f"{tag}-1", **facts)
    again = failed_sample(f"{tag}-1", report_no=f"R-{tag}-1a", supersedes=first.report_no, **facts)
    second = failed_sample(f"{tag}-2", **facts)
    policy = PolicyBound(policy_no=f"POL-{tag}", insured=tag, valid_from=LOT, valid_to=date(2099, 12, 31))
    return first, overturned(first), again, second, policy


async def said(server: NatsServer, operator: Client, events: Sequence[Event]) -> None:
    """Say these, and wait until the three services have answered."""
    policies = [event for event in events if isinstance(event, PolicyBound)]
    await say(server, "insurer.I007", *policies)
    await say(server, "sampling", *(event for event in events if not isinstance(event, PolicyBound)))

    async def is_answered() -> bool:
        return all([await is_idle(operator, service) for service in AFTER_FAILURE])

    await until(is_answered, seconds=60)


async def states(settings: Settings) -> dict[str, list[str]]:
    """What is kept of each try, without what tells it from the others."""
    kept = defaultdict(list)
    for service, tables in TABLES.items():
        for table in tables:
            for row in await rows(settings, service, table):
                facts = {name: value for name, value in row._asdict().items() if name not in OF_THE_ORDER}
                text = f"{table.__tablename__} {facts}"
                (tag,) = set(TAG.findall(text))
                kept[tag].append(NUMBER.sub("a number", text.replace(tag, "a try")))
    return dict(kept)


def of_kind(events: Sequence[Event], *kinds: type[Event]) -> list[Any]:
    """The events of these kinds, in order."""
    return [event for event in events if isinstance(event, kinds)]


async def told(operator: Client) -> dict[str, list[Event]]:
    """What the services told in each try, in order."""
    by_try = defaultdict(list)
    for event in await answers(operator, "FOOD", "CASES", "NOTICES"):
        by_try[event.trace[2:6]].append(event)
    return dict(by_try)


def assert_two_stand(events: Sequence[Event]) -> None:
    """What was told of the first report was taken back, once; two reports stand, each decided on once."""
    alerts = of_kind(events, AlertRaised, AlertUpdated, AlertCancelled)
    assert (alerts[-1].samples, alerts[-1].level) == (2, Level.RED)
    assert len({alert.alert_no for alert in alerts}) == 1

    joined = [event.report_no for event in of_kind(events, CaseOpened, CaseJoined)]
    left = [event.report_no for event in of_kind(events, SampleLeftCase, CaseWithdrawn)]
    referred = [event.report_no for event in of_kind(events, CaseReferred)]
    withdrawn = [event.report_no for event in of_kind(events, ReferralWithdrawn)]
    assert sorted(joined) == sorted(referred)
    assert left == withdrawn
    assert len(set(joined)) == len(joined)
    assert {report_no[-2:] for report_no in set(joined) - set(left)} == {"1a", "-2"}
    assert [report_no[-2:] for report_no in left] == (["-1"] if len(joined) == 3 else [])

    notified = [event.notice_no for event in of_kind(events, InsurerNotified)]
    retracted = [event.notice_no for event in of_kind(events, NoticeRetracted)]
    assert len(set(notified)) == len(notified) == 2 + len(retracted)
    assert set(retracted) <= set(notified)


async def test_every_order_ends_in_the_same_state(server: NatsServer, settings: Settings, operator: Client) -> None:
    """All 120 orders of the story leave the same alerts, cases and notices, and have told nothing twice."""
    orders = [
        [story(f"T{number:03}")[place] for place in places] for number, places in enumerate(permutations(range(5)))
    ]
    async with running_services(settings, *AFTER_FAILURE):
        for events in zip(*orders, strict=True):
            await said(server, operator, events)
    kept = await states(settings)
    assert len(kept) == 120
    first = kept["T000"]
    assert sum("'overturned': True" in row or "'reason': 'overturned'" in row for row in first) == 3
    assert dict.fromkeys(kept, first) == kept
    for told_of_it in (await told(operator)).values():
        assert_two_stand(told_of_it)


async def test_replicas_that_meet_end_in_the_same_state(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Two replicas of each service, a failure in the hands of one and its end in those of the other: nothing stands."""
    settings = settings.model_copy(update={"batch_size": 1})
    events: list[Event] = []
    for number in range(100):
        first, end, *_ = story(f"T{number:03}")
        events += (first, end) if number % 2 else (end, first)
    policies = [story(f"T{number:03}")[-1] for number in range(100)]
    async with running_services(settings, *AFTER_FAILURE), running_services(settings, *AFTER_FAILURE):
        await said(server, operator, policies)
        await said(server, operator, events)
    kept = await states(settings)
    assert len(kept) == 100
    assert dict.fromkeys(kept, kept["T000"]) == kept
    assert [] == await rows(settings, "alerts", Alert)
    for told_of_it in (await told(operator)).values():
        done = of_kind(told_of_it, AlertRaised, CaseOpened, CaseReferred, InsurerNotified)
        undone = of_kind(told_of_it, AlertCancelled, CaseWithdrawn, ReferralWithdrawn, NoticeRetracted)
        assert sorted(event.about for event in done) == sorted(event.about for event in undone)
