"""Whatever an authority or an officer sends about a case, one answer says what is wrong, and nothing is changed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from nats.aio.client import Client

from services.enforcement.case import case_key, case_no
from services.enforcement.store.cases import Case
from shared.contracts import CaseMoved, MajorCaseFlagged, PoliceReceived, RequestAccepted, RequestRefused
from shared.envelope import seal, source_of
from shared.settings import Settings
from tests.county import say
from tests.examples import REGION, failed_sample
from tests.listening import is_idle
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.services.sampling.told import told
from tests.speaking import publish, until
from tests.undoing import rows

POLICE, OFFICER = "police.210283", "officer.O001"
RECEIVED = f"police.210283.case.received.v1.{REGION}"
FLAGGED = f"officer.O001.case.flagged_major.v1.{REGION}"


def step(case_no: str, version: int = 1) -> dict[str, Any]:
    """What every step says."""
    return {"case_no": case_no, "version": version, "at": datetime.now(UTC)}


def sealed(case_no: str, **changes: Any) -> bytes:
    """The police's receipt as a document, with some of its parts changed."""
    document = json.loads(
        seal(
            PoliceReceived(**step(case_no)),
            source=source_of(POLICE),
            event_id="e",
            time=datetime.now(UTC),
            region=REGION,
        )
    )
    document["data"] |= changes.pop("data", {})
    return json.dumps(document | changes).encode()


@pytest.mark.parametrize(
    ("user", "subject", "changes", "reason", "where"),
    [
        ("police-210283", RECEIVED, None, "not_json", "message"),
        ("police-210283", RECEIVED, {"data": {"version": 0}}, "wrong_schema", "data.version"),
        ("police-210283", RECEIVED, {"data": {"verdict": "guilty"}}, "wrong_schema", "data.verdict"),
        ("police-210283", RECEIVED, {"data": {"at": "yesterday"}}, "wrong_schema", "data.at"),
        ("police-210283", RECEIVED, {"source": "urn:shian:police:210202"}, "speaks_for_another", "source"),
        ("police-210283", RECEIVED, {"region": "21.02.02"}, "wrong_region", "region"),
        ("police-210283", f"police.210283.case.eaten.v1.{REGION}", {}, "unknown_type", "subject"),
        ("officer-O001", FLAGGED, None, "not_json", "message"),
    ],
)
async def test_message_that_is_no_step_gets_one_answer(
    server: NatsServer,
    settings: Settings,
    operator: Client,
    user: str,
    subject: str,
    changes: dict[str, Any] | None,
    reason: str,
    where: str,
) -> None:
    """Its reason and field, from the service that it is for and from no other; nobody's dead letter."""
    client = await server.connect(user)
    await client.jetstream().publish(subject, b"{" if changes is None else sealed("C-1", **changes))
    await client.close()
    async with running_services(settings, "sampling", "enforcement"):
        await until(lambda: is_idle(operator, "enforcement"))
        await until(lambda: is_idle(operator, "sampling"))
    (refused,) = await told(operator, RequestRefused, "RECEIPTS")
    assert (user.replace("-", "."), reason, where) == (refused.party, refused.reason, refused.where)
    assert ("C-1" if changes and "eaten" not in subject else refused.number) == refused.number
    assert 0 == (await operator.jetstream().stream_info("DEAD")).state.messages


async def test_id_that_is_used_again_for_another_step_is_refused(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The first step stands; the same bytes again are the same step, other bytes under its id are none."""
    await say(server, "sampling", failed_sample("1"))
    async with running_services(settings, "sampling", "enforcement"):
        await until(lambda: is_idle(operator, "enforcement"))
        (case,) = await rows(settings, "enforcement", Case)
        first = MajorCaseFlagged(**step(case.case_no), why="It is a major case.")
        other = MajorCaseFlagged(**step(case.case_no, 2), why="It is still a major case.")
        officer, now = await server.connect("officer-O001"), datetime.now(UTC)
        for number, event in enumerate((first, first, other)):
            await publish(officer, OFFICER, event, event_id="once", message_id=str(number), at=now)
        await officer.close()
        await until(lambda: is_idle(operator, "enforcement"))
        await until(lambda: is_idle(operator, "sampling"))
    assert [case.case_no] == [accepted.number for accepted in await told(operator, RequestAccepted, "RECEIPTS")]
    assert ["event_id_reused"] == [refused.reason for refused in await told(operator, RequestRefused, "RECEIPTS")]
    assert [2] == [moved.version for moved in await told(operator, CaseMoved, "CASES")]


async def test_step_in_a_case_that_is_heard_of_later_waits_for_it(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """An officer's step that overtakes the failed sample is answered when the case is there."""
    sample = failed_sample("1")
    number = case_no(case_key(sample))
    await say(server, OFFICER, MajorCaseFlagged(**step(number), why="It is a major case."))
    async with running_services(settings, "enforcement"):
        await until(lambda: handed_out(operator))
        await say(server, "sampling", sample)
        await until(lambda: is_idle(operator, "enforcement"))
    assert [number] == [accepted.number for accepted in await told(operator, RequestAccepted, "RECEIPTS")]


async def handed_out(operator: Client) -> bool:
    """Whether the bus has handed the officer's step out."""
    info = await operator.jetstream().consumer_info("PARTNERS", "enforcement")
    return bool(info.num_redelivered or info.num_ack_pending)
