"""Asking the exchange: once and never twice, over outages, and only for what the key allows."""

import asyncio

import pytest
from nats.aio.client import Client

from partners.asking.delivery import remembering
from partners.asking.exchange import OutOfReachError
from partners.asking.request import Request
from partners.asking.spool import Fate
from partners.office.asking import ask
from partners.person import Person
from shared.contracts import (
    ResultsAccepted,
    SampleHandedOver,
    SampleReceived,
)
from shared.envelope import open_envelope
from shared.failure import CannotStartError
from shared.keys import seed_in
from shared.permissions import inbox_prefix
from shared.settings import Settings
from tests.county import prepared
from tests.examples import REGION, form, report
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until

FORM = form(report("1"))
HANDED_OVER = SampleHandedOver(
    sample_no="S-1", handed_at=FORM.sampled_at, to="lab.L0142", seal_no="F-S-1", seal_intact=True
)
LONG = 20.0
"""Seconds to wait for an answer that comes."""


def collecting(region: str = REGION) -> Request:
    """A form that is sent."""
    return Request(FORM, region)


async def asked(person: Person, *requests: Request, wait: float = LONG, again: bool = False) -> list[Fate]:
    """Ask as a command does, in a thread of its own; what became of each."""

    def run() -> list[Fate]:
        with remembering(person) as memory:
            return list(ask(person, memory, requests, wait, again=again).fates())

    return await asyncio.to_thread(run)


def sampler(settings: Settings) -> Person:
    """The sampler S01."""
    return Person("sampler", "S01", settings)


async def on_the_bus(operator: Client) -> int:
    """How many messages partners have said."""
    return (await operator.jetstream().stream_info("PARTNERS")).state.messages


async def test_request_is_answered_and_never_made_twice(settings: Settings, operator: Client) -> None:
    """The same request again is the first one's answer, and nothing more is said on the bus."""
    async with running_services(settings, "sampling"):
        (first,) = await asked(sampler(settings), collecting())
        (again,) = await asked(sampler(settings), collecting())
    assert "done" == first.known.state
    assert (False, True, first.known, first.at) == (first.asked_before, again.asked_before, again.known, again.at)
    assert 1 == await on_the_bus(operator)


async def test_request_waits_for_an_exchange_that_is_away(settings: Settings, operator: Client) -> None:
    """While the service is away a request has no answer; asked again, it is still the same one, and is answered."""
    (waiting,) = await asked(sampler(settings), collecting(), wait=0.1)
    assert "" == waiting.known.state
    async with running_services(settings, "sampling"):
        (answered,) = await asked(sampler(settings), collecting())
    assert "done" == answered.known.state
    assert 1 == await on_the_bus(operator)


async def test_bus_that_is_away_is_said_and_can_be_tried_again(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """A bus that does not answer is named with what to do; once it is back the request goes through."""
    await operator.close()
    server.kill()
    with pytest.raises(OutOfReachError, match="does not answer"):
        await asked(sampler(settings), collecting())
    server.start()
    async with running_services(settings, "sampling"):
        (answered,) = await asked(sampler(settings), collecting())
    assert "done" == answered.known.state


async def test_refused_request_is_asked_once_more_only_where_it_is_wanted(settings: Settings, operator: Client) -> None:
    """A refusal is shown again until the person asks once more; then what was in the way may be gone."""
    request = Request(HANDED_OVER, REGION)
    async with running_services(settings, "sampling"):
        (refused,) = await asked(sampler(settings), request)
        await asked(sampler(settings), collecting())
        (still,) = await asked(sampler(settings), request)
        (taken,) = await asked(sampler(settings), request, again=True)
        (kept,) = await asked(sampler(settings), request, again=True)
    assert "refused" == refused.known.state
    assert refused.known == still.known
    assert "done" == taken.known.state
    assert taken.known == kept.known
    assert 3 == await on_the_bus(operator)


async def test_two_commands_at_once_both_get_their_answers(settings: Settings, operator: Client) -> None:
    """A person's commands read one durable: each finds its answer, whoever of them read it."""
    forms = [form(report(number)) for number in ("1", "2", "3", "4")]
    async with running_services(settings, "sampling"):
        found = await asyncio.gather(*(asked(sampler(settings), Request(one, REGION)) for one in forms))
    del operator
    assert ["done"] * 4 == [answer.known.state for (answer,) in found]


@pytest.mark.parametrize(
    ("role", "id_", "region"), [("officer", "O001", REGION), ("sampler", "S01", "21.02.02"), ("lab", "L0142", REGION)]
)
async def test_key_of_another_role_or_region_is_refused_by_the_server(
    settings: Settings, operator: Client, role: str, id_: str, region: str
) -> None:
    """Whoever is no sampler of the region cannot send its forms: the server itself does not take them."""
    with pytest.raises(CannotStartError, match=f"does not let {role}-{id_} say this for region {region}") as caught:
        await asked(Person(role, id_, settings), collecting(region))
    assert not isinstance(caught.value, OutOfReachError)
    assert 0 == await on_the_bus(operator)


async def test_key_that_the_operator_does_not_know_is_said_to_be_so(settings: Settings, operator: Client) -> None:
    """A person whose public key was never entered is told whom to ask."""
    del operator
    seed_in(settings.keys_folder, "sampler-S77")
    with pytest.raises(CannotStartError, match="its operator has your public key"):
        await asked(Person("sampler", "S77", settings), collecting())


async def test_receipts_of_a_laboratorys_reports_stay_for_whoever_reads_them(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """A laboratory's reports are answered through the same durable; taking a sample leaves those answers there."""
    await prepared(server, report("1"))
    laboratory = await server.connect("lab-L0142")
    await publish(laboratory, "lab.L0142", report("1"), event_id="r1")
    await laboratory.close()
    received = SampleReceived(sample_no="S-1", received_at=FORM.sampled_at, seal_no="F-S-1")
    async with running_services(settings, "sampling"):
        await until(lambda: is_quiet(operator))
        (answer,) = await asked(Person("lab", "L0142", settings), Request(received, REGION))
    assert "done" == answer.known.state
    laboratory = await server.connect("lab-L0142")
    prefix = f"{inbox_prefix('lab-L0142')}.".encode()
    receipts = await laboratory.jetstream().pull_subscribe_bind("lab-L0142", "RECEIPTS", inbox_prefix=prefix)
    (left,) = await receipts.fetch(1, timeout=10)
    told = open_envelope(left.subject, left.data)[1].data
    await laboratory.close()
    assert isinstance(told, ResultsAccepted)
    assert "r1" == told.receipts[0].event_id


async def test_what_is_said_carries_the_persons_own_name(settings: Settings, operator: Client) -> None:
    """The event stands on the bus under the sampler's prefix, with the sampler as its source."""
    await asked(sampler(settings), collecting(), wait=0)
    (envelope,) = await record(operator, "PARTNERS")
    assert ("urn:shian:sampler:S01", FORM) == (envelope.source, envelope.data)
