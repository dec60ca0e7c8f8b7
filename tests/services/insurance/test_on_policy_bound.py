"""A policy that an insurer bound is kept; told again it changes nothing, told otherwise it is refused."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from nats.aio.client import Client

from services.insurance.app import build
from services.insurance.cover import Policy
from services.insurance.store import policies_of
from shared.contracts import PolicyBound, PolicyRejected, RejectionReason
from shared.database import Database
from shared.settings import Settings
from tests.listening import heard_by, is_idle
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


@pytest.fixture
async def insurer(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection of insurer I007."""
    del operator
    client = await server.connect("insurer-I007")
    yield client
    await client.close()


async def bind(client: Client, number: str, event_id: str, insurer: str = "I007", **changes: Any) -> None:
    """Tell of a policy as its insurer."""
    facts = {"policy_no": number, "insured": "P0001", "valid_from": FIRST, "valid_to": LAST} | changes
    policy = PolicyBound.model_validate(facts)
    await publish(client, f"insurer.{insurer}", policy, event_id=event_id)


async def kept(settings: Settings) -> list[Policy]:
    """The policies of P0001 and P0002, by insurer and number."""
    database = Database(settings.database_of("insurance"))
    async with database.read() as connection:
        policies = await policies_of(connection, ["P0001", "P0002"])
    await database.close()
    return sorted(policies, key=lambda policy: (policy.insurer, policy.policy_no))


async def test_new_policies_are_kept(server: NatsServer, settings: Settings, operator: Client, insurer: Client) -> None:
    """Each new policy is kept under the insurer that the server let speak, which hears nothing of it."""
    other = await server.connect("insurer-I012")
    async with build(settings).start_lifespan_context():
        await bind(insurer, "P-1", "1")
        await bind(insurer, "P-2", "2", insured="P0002", valid_to=FIRST)
        await bind(other, "P-1", "1", insurer="I012", insured="P0002")
        await until(lambda: is_idle(operator, "insurance"))
    await other.close()
    assert await kept(settings) == [
        Policy("I007", "P-1", "P0001", FIRST, LAST),
        Policy("I007", "P-2", "P0002", FIRST, FIRST),
        Policy("I012", "P-1", "P0002", FIRST, LAST),
    ]
    for user in ("insurer-I007", "insurer-I012"):
        assert [] == await heard_by(server, user, "RECEIPTS")


async def test_repetition_is_harmless(
    server: NatsServer, settings: Settings, operator: Client, insurer: Client
) -> None:
    """The same policy under further event ids, before and after the first was kept, is kept once and not refused."""
    await bind(insurer, "P-1", "1")
    await bind(insurer, "P-1", "2")
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "insurance"))
        await bind(insurer, "P-1", "3")
        await until(lambda: is_idle(operator, "insurance"))
    assert await kept(settings) == [Policy("I007", "P-1", "P0001", FIRST, LAST)]
    assert [] == await heard_by(server, "insurer-I007", "RECEIPTS")


CHANGES: dict[str, dict[str, Any]] = {
    "P-1": {"insured": "P0002"},
    "P-2": {"valid_from": date(2025, 12, 31)},
    "P-3": {"valid_to": date(2027, 1, 1)},
}


async def test_change_is_refused(server: NatsServer, settings: Settings, operator: Client, insurer: Client) -> None:
    """A policy number told with other content, before and after the first was kept, is refused; the first stands."""
    for number, changes in CHANGES.items():
        await bind(insurer, number, f"{number} first")
        await bind(insurer, number, f"{number} second", **changes)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "insurance"))
        for number, changes in CHANGES.items():
            await bind(insurer, number, f"{number} third", **changes)
        await bind(insurer, "P-4", "fourth")
        await until(lambda: is_idle(operator, "insurance"))
    numbers = (*CHANGES, "P-4")
    assert await kept(settings) == [Policy("I007", number, "P0001", FIRST, LAST) for number in numbers]
    assert [envelope.data for envelope in await heard_by(server, "insurer-I007", "RECEIPTS")] == [
        PolicyRejected(
            insurer="I007",
            reason=RejectionReason.CHANGED,
            where="data.policy_no",
            explanation=f"Policy {number} was told before with other content; "
            "give a further policy a number of its own.",
            event_id=f"{number} {time}",
            policy_no=number,
        )
        for time in ("second", "third")
        for number in CHANGES
    ]
