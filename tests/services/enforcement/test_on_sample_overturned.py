"""An overturned sample leaves its case: who got its referral is told, and the case falls with the last, once."""

from datetime import date

import pytest
from nats.aio.client import Client

from services.enforcement.app import build
from services.enforcement.store.cases import Case
from services.enforcement.store.samples import CaseSample
from shared.contracts import (
    CaseJoined,
    CaseOpened,
    CaseReferred,
    CaseWithdrawn,
    Event,
    OverturnReason,
    ReferralDeclined,
    ReferralWithdrawn,
    SampleLeftCase,
)
from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import heard_by, is_idle
from tests.servers.nats import NatsServer
from tests.services.enforcement.failed import failed, pesticide
from tests.speaking import until
from tests.undoing import answers, overturned, rows

LOT = date(2026, 2, 1)
FIRST, SECOND = failed_sample("1", production_date=LOT), failed_sample("2", production_date=LOT)
NOT_REFERRED = failed(pesticide("腐霉利"), product="韭菜")


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


async def told(server: NatsServer, settings: Settings, operator: Client, *events: Event) -> list[Event]:
    """What the service has told after sampling said this too, all of it heard together."""
    await say(server, "sampling", *events)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "enforcement"))
    return await answers(operator, "CASES")


async def test_last_sample_takes_referral_and_case_with_it(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Police and procuratorate hear that the referral no longer counts; what was decided stays in the history."""
    events = await told(server, settings, operator, FIRST, overturned(FIRST))
    assert [CaseOpened, CaseReferred, ReferralWithdrawn, CaseWithdrawn] == [type(event) for event in events]
    assert len({event.about for event in events}) == 1
    for event in events[2:]:
        assert isinstance(event, ReferralWithdrawn | CaseWithdrawn)
        assert ("S-1", "R-1", "L0142") == (event.sample_no, event.report_no, event.laboratory)
        assert event.explanation == "Re-inspection of S-1 found nothing."
    every = [type(event) for event in events]
    for authority, hears in (("police-210283", [CaseReferred, ReferralWithdrawn]), ("procuratorate-210283", every)):
        assert hears == [type(envelope.data) for envelope in await heard_by(server, authority, "CASES")]
    assert [] == await heard_by(server, "police-210202", "CASES")
    (case,) = await rows(settings, "enforcement", Case)
    (sample,) = await rows(settings, "enforcement", CaseSample)
    assert (sample.case_no, sample.referred, sample.reason, sample.overturned) == (case.case_no, True, "R1", True)


async def test_other_samples_keep_the_case(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A sample leaves a case of two, its own referral is withdrawn, and the case falls with the other."""
    events = await told(server, settings, operator, FIRST, SECOND, overturned(FIRST), overturned(SECOND))
    assert [
        CaseOpened, CaseReferred, CaseJoined, CaseReferred,
        ReferralWithdrawn, SampleLeftCase, ReferralWithdrawn, CaseWithdrawn,
    ] == [type(event) for event in events]  # fmt: skip
    assert ["S-1", "S-1", "S-2", "S-2"] == [event.trace for event in events[4:]]
    assert len({event.about for event in events}) == 1


async def test_nothing_is_withdrawn_that_was_not_referred(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The police never heard of an administrative case and hear nothing of its end."""
    events = await told(server, settings, operator, NOT_REFERRED, overturned(NOT_REFERRED))
    assert [CaseOpened, ReferralDeclined, CaseWithdrawn] == [type(event) for event in events]
    assert [] == await heard_by(server, "police-210283", "CASES")


async def test_overturned_before_it_is_heard_of(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The failure comes after its end: no case is opened or referred, and what is kept is what another order leaves."""
    assert [] == await told(server, settings, operator, overturned(FIRST))
    assert [] == await told(server, settings, operator, FIRST)
    (late,) = await rows(settings, "enforcement", CaseSample)
    assert [late.case_no] == [case.case_no for case in await rows(settings, "enforcement", Case)]
    events = await told(server, settings, operator, SECOND, overturned(SECOND))
    assert [CaseOpened, CaseReferred, ReferralWithdrawn, CaseWithdrawn] == [type(event) for event in events]
    first, second = await rows(settings, "enforcement", CaseSample)
    assert tuple(first) == tuple(late)
    for kept in ("case_no", "referred", "reason", "overturned"):
        assert getattr(first, kept) == getattr(second, kept)


async def test_nothing_is_undone_twice(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Overturned again under further ids, in the same batch and later, before and after the failure: told once."""
    withdrawn = overturned(FIRST, reason=OverturnReason.REPORT_WITHDRAWN)
    events = await told(server, settings, operator, FIRST, overturned(FIRST), withdrawn)
    assert [CaseOpened, CaseReferred, ReferralWithdrawn, CaseWithdrawn] == [type(event) for event in events]
    assert events == await told(server, settings, operator, overturned(FIRST), withdrawn)
    assert events == await told(server, settings, operator, overturned(SECOND), overturned(SECOND))
    assert events == await told(server, settings, operator, SECOND, overturned(SECOND))


async def test_correction_that_fails_opens_the_case_anew(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A corrected report that fails again is decided on its own: the case is opened and referred under its number."""
    again = failed_sample("1", production_date=LOT, report_no="R-1a", supersedes="R-1")
    events = await told(server, settings, operator, FIRST, overturned(FIRST), again)
    assert [CaseOpened, CaseReferred] == [type(event) for event in events[4:]]
    assert len({event.about for event in events}) == 1
    assert events == await told(server, settings, operator, overturned(FIRST))
    joined = (await told(server, settings, operator, SECOND))[-2]
    assert isinstance(joined, CaseJoined)
