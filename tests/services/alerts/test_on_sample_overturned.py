"""An overturned sample leaves its alert; the alert changes or is cancelled, once, whatever came first."""

import pytest
from nats.aio.client import Client

from services.alerts.app import build
from services.alerts.store import Alert, AlertSample
from shared.contracts import AlertCancelled, AlertRaised, AlertUpdated, Event, Level, OverturnReason
from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.speaking import until
from tests.undoing import answers, overturned, rows

FIRST, SECOND = failed_sample("1"), failed_sample("2")


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


async def told(server: NatsServer, settings: Settings, operator: Client, *events: Event) -> list[Event]:
    """What the service has told after sampling said this too, all of it heard together."""
    await say(server, "sampling", *events)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "alerts"))
    return await answers(operator, "FOOD")


async def test_last_sample_cancels_the_alert(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The alert is cancelled at its last level, with who and why; its sample stays in the history."""
    raised, cancelled = await told(server, settings, operator, FIRST, overturned(FIRST))
    assert isinstance(raised, AlertRaised)
    assert isinstance(cancelled, AlertCancelled)
    assert (raised.alert_no, raised.level, 0) == (cancelled.alert_no, cancelled.level, cancelled.samples)
    assert "Re-inspection of S-1 found nothing." in cancelled.sentence()
    (reason,) = cancelled.reasons
    assert (reason.rule, reason.verified) == ("A7", False)
    assert reason.facts == {
        "sample": "S-1",
        "report": "R-1",
        "laboratory": "L0142",
        "why": "reinspection_passed",
        "by": "lab.L0200",
    }
    assert [] == await rows(settings, "alerts", Alert)
    (sample,) = await rows(settings, "alerts", AlertSample)
    assert (sample.alert_no, sample.level, sample.overturned) == (raised.alert_no, "orange", True)


async def test_other_samples_keep_the_alert(server: NatsServer, settings: Settings, operator: Client) -> None:
    """An alert of two samples is red; with one of them gone it stands on the other alone, at that one's level."""
    events = await told(server, settings, operator, FIRST, SECOND, overturned(FIRST))
    updated = events[-1]
    assert [AlertRaised, AlertUpdated, AlertUpdated] == [type(event) for event in events]
    assert isinstance(updated, AlertUpdated)
    assert (updated.sample_no, updated.level, updated.samples) == ("S-1", Level.ORANGE, 1)
    assert ["A7"] == [reason.rule for reason in updated.reasons]
    (alert,) = await rows(settings, "alerts", Alert)
    assert (alert.level, alert.samples) == ("orange", 1)


async def test_alert_that_stays_repeated_says_so(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Of three samples two remain: the alert is as grave as before, and says why."""
    updated = (await told(server, settings, operator, FIRST, SECOND, failed_sample("3"), overturned(FIRST)))[-1]
    assert isinstance(updated, AlertUpdated)
    assert (updated.level, updated.samples) == (Level.RED, 2)
    assert ["A7", "A6"] == [reason.rule for reason in updated.reasons]


async def test_sample_that_stands_by_another_report_still_counts(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Of two reports on one sample one is overturned: the alert stands on the sample by the other."""
    updated = (await told(server, settings, operator, FIRST, failed_sample("1", report_no="R-1b"), overturned(FIRST)))[
        -1
    ]
    assert isinstance(updated, AlertUpdated)
    assert (updated.level, updated.samples) == (Level.ORANGE, 1)


async def test_overturned_before_it_is_heard_of(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The failure comes after its end: no alert is raised, and what is kept is what another order leaves."""
    assert [] == await told(server, settings, operator, overturned(FIRST))
    assert [] == await told(server, settings, operator, FIRST)
    assert [] == await rows(settings, "alerts", Alert)
    late = [tuple(row) for row in await rows(settings, "alerts", AlertSample)]
    await told(server, settings, operator, SECOND, overturned(SECOND))
    first, second = await rows(settings, "alerts", AlertSample)
    assert [tuple(first)] == late
    assert (first.alert_no, first.level, first.overturned) == (second.alert_no, second.level, second.overturned)


async def test_nothing_is_undone_twice(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Overturned again under further ids, in the same batch and later, before and after the failure: told once."""
    withdrawn = overturned(FIRST, reason=OverturnReason.REPORT_WITHDRAWN)
    events = await told(server, settings, operator, FIRST, overturned(FIRST), withdrawn)
    assert [AlertRaised, AlertCancelled] == [type(event) for event in events]
    assert events == await told(server, settings, operator, overturned(FIRST), withdrawn)
    assert events == await told(server, settings, operator, overturned(SECOND), overturned(SECOND))
    assert events == await told(server, settings, operator, SECOND, overturned(SECOND))


async def test_correction_that_fails_raises_the_alert_anew(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A corrected report that fails again is a failure of its own: the cancelled alert is raised under its number."""
    again = failed_sample("1", report_no="R-1a", supersedes="R-1")
    events = await told(server, settings, operator, FIRST, overturned(FIRST), again)
    assert [AlertRaised, AlertCancelled, AlertRaised] == [type(event) for event in events]
    assert len({event.about for event in events}) == 1
