"""The notice of an overturned sample is retracted, once, from the insurer that got it; and none follows."""

from datetime import date

import pytest
from nats.aio.client import Client
from sqlalchemy import text

from services.insurance.app import build
from services.insurance.store import Notice
from shared.contracts import Event, InsurerNotified, NoticeNotDue, NoticeRetracted, OverturnReason, PolicyBound
from shared.database import Database
from shared.identifiers import number_of
from shared.migrations import upgrade
from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import heard_by, is_idle
from tests.servers.nats import NatsServer
from tests.speaking import until
from tests.undoing import answers, overturned, rows

FIRST = failed_sample("1", seller="V0001")
POLICY = PolicyBound(policy_no="POL-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


async def told(server: NatsServer, settings: Settings, operator: Client, *events: Event) -> list[Event]:
    """What the service has told after this was said too, all of it heard together."""
    for event in events:
        await say(server, "insurer.I007" if isinstance(event, PolicyBound) else "sampling", event)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "insurance"))
    return await answers(operator, "NOTICES")


@pytest.mark.parametrize(("insured", "role"), [("P0001", "producer"), ("V0001", "seller")])
async def test_notice_is_retracted(
    server: NatsServer, settings: Settings, operator: Client, insured: str, role: str
) -> None:
    """The insurer that was notified of the producer's or seller's sample hears that the notice no longer counts."""
    policy = POLICY.model_copy(update={"insured": insured})
    await told(server, settings, operator, policy)
    notified, retracted = await told(server, settings, operator, FIRST, overturned(FIRST))
    assert isinstance(notified, InsurerNotified)
    assert notified.role == role
    assert retracted == NoticeRetracted(
        notice_no=notified.notice_no,
        sample_no="S-1",
        insurer="I007",
        policy_no="POL-1",
        insured=insured,
        explanation="Re-inspection of S-1 found nothing.",
    )
    assert [notified, retracted] == [envelope.data for envelope in await heard_by(server, "insurer-I007", "NOTICES")]
    assert [] == await heard_by(server, "insurer-I012", "NOTICES")


async def test_notice_after_a_later_policy_is_retracted(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A notice that was due only with a policy told of later is retracted all the same."""
    await told(server, settings, operator, FIRST)
    await told(server, settings, operator, POLICY)
    events = await told(server, settings, operator, overturned(FIRST))
    assert [NoticeNotDue, InsurerNotified, NoticeRetracted] == [type(event) for event in events]
    assert events[1].about == events[2].about


async def test_nothing_is_told_where_no_notice_was_due(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Nobody was notified: nobody hears of the end; a policy that is told of afterwards causes no notice either."""
    events = await told(server, settings, operator, FIRST, overturned(FIRST))
    assert [NoticeNotDue] == [type(event) for event in events]
    assert events == await told(server, settings, operator, POLICY)


async def test_a_further_policy_causes_no_notice(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Once a notice is retracted, neither a further policy of the producer nor one of the seller brings it back."""
    await told(server, settings, operator, POLICY)
    events = await told(server, settings, operator, FIRST, overturned(FIRST))
    further = POLICY.model_copy(update={"policy_no": "POL-2"})
    sellers = POLICY.model_copy(update={"policy_no": "POL-3", "insured": "V0001"})
    assert events == await told(server, settings, operator, further, sellers)


async def test_overturned_before_it_is_heard_of(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The failure comes after its end: no insurer is told, then or later; what is kept is what another order leaves."""
    second = failed_sample("2", seller="V0001")
    assert [] == await told(server, settings, operator, overturned(FIRST))
    assert [] == await told(server, settings, operator, POLICY, FIRST)
    assert [] == await told(server, settings, operator, POLICY.model_copy(update={"policy_no": "POL-2"}))
    await told(server, settings, operator, second, overturned(second))
    late, other = await rows(settings, "insurance", Notice)
    for kept in ("notice_no", "insurer", "policy_no", "reason", "producer", "seller", "region", "day"):
        assert getattr(late, kept) == getattr(other, kept)
    assert late.sample == FIRST.model_dump_json()


async def test_nothing_is_undone_twice(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Overturned again under further ids, in the same batch and later: retracted once."""
    withdrawn = overturned(FIRST, reason=OverturnReason.REPORT_WITHDRAWN)
    await told(server, settings, operator, POLICY)
    events = await told(server, settings, operator, FIRST, overturned(FIRST), withdrawn)
    assert [InsurerNotified, NoticeRetracted] == [type(event) for event in events]
    assert events == await told(server, settings, operator, overturned(FIRST), withdrawn)


async def test_correction_that_fails_is_a_notice_of_its_own(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The first notice is retracted under its own number, whichever of the two the insurer hears first."""
    await told(server, settings, operator, POLICY)
    again = failed_sample("1", seller="V0001", report_no="R-1a", supersedes="R-1")
    first, second, retracted = await told(server, settings, operator, FIRST, again, overturned(FIRST))
    assert first.about == retracted.about != second.about
    assert [None, second.about] == [row.notice_no for row in await rows(settings, "insurance", Notice)]


async def test_notice_of_the_first_version_can_be_retracted(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A database of the first version does not say whom it notified; the upgrade finds it by the notice's number."""
    database = Database(settings.database_of("insurance"))
    await told(server, settings, operator, POLICY)
    await told(server, settings, operator, FIRST)
    number = number_of("N", "L0142\x1fS-1\x1fI007\x1fPOL-1")
    async with database.write() as connection:
        await connection.execute(text("ALTER TABLE notice DROP COLUMN insurer"))
        await connection.execute(text("ALTER TABLE notice DROP COLUMN policy_no"))
        await connection.execute(text("UPDATE notice SET notice_no = :number"), {"number": number})
        for index in ("ix_clock_trace", "clock_running"):
            await connection.execute(text(f"DROP INDEX {index}"))
        await connection.execute(text("UPDATE alembic_version SET version_num = 'insurance_0001'"))
    await upgrade(database, "insurance")
    await database.close()
    retracted = (await told(server, settings, operator, overturned(FIRST)))[-1]
    assert isinstance(retracted, NoticeRetracted)
    assert (retracted.notice_no, retracted.insurer, retracted.policy_no) == (number, "I007", "POL-1")
