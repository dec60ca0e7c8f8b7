"""Asking the exchange: once and never twice, over outages, and only for what the key allows."""

import asyncio
from pathlib import Path

import pytest
from nats.aio.client import Client

from partners.office.asking import Answer, Request, ask, event_id_of
from partners.office.exchange import OutOfReachError
from partners.person import Person
from shared.contracts import (
    PlanAdopted,
    PlanLine,
    RequestAccepted,
    RequestRefused,
    ResultsAccepted,
    SampleCollected,
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


def sampler(settings: Settings) -> Person:
    """The sampler S01."""
    return Person("sampler", "S01", settings)


async def on_the_bus(operator: Client) -> int:
    """How many messages partners have said."""
    return (await operator.jetstream().stream_info("PARTNERS")).state.messages


async def test_request_is_answered_and_never_made_twice(settings: Settings, operator: Client) -> None:
    """The same request again is the first one's answer, and nothing more is said on the bus."""
    async with running_services(settings, "sampling"):
        (first,) = await ask(sampler(settings), [collecting()], LONG)
        (again,) = await ask(sampler(settings), [collecting()], LONG)
    assert isinstance(first.receipt, RequestAccepted)
    assert (False, True, first.receipt, first.asked) == (
        first.is_repeated,
        again.is_repeated,
        again.receipt,
        again.asked,
    )
    assert 1 == await on_the_bus(operator)


async def test_request_waits_for_an_exchange_that_is_away(settings: Settings, operator: Client) -> None:
    """While the service is away a request has no answer; asked again, it is still the same one, and is answered."""
    (waiting,) = await ask(sampler(settings), [collecting()], 0.1)
    assert waiting.receipt is None
    async with running_services(settings, "sampling"):
        (answered,) = await ask(sampler(settings), [collecting()], LONG)
    assert isinstance(answered.receipt, RequestAccepted)
    assert 1 == await on_the_bus(operator)


async def test_bus_that_is_away_is_said_and_can_be_tried_again(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """A bus that does not answer is named with what to do; once it is back the request goes through."""
    await operator.close()
    server.kill()
    with pytest.raises(OutOfReachError, match="does not answer, or lets sampler-S01 not in"):
        await ask(sampler(settings), [collecting()], LONG)
    server.start()
    async with running_services(settings, "sampling"):
        (answered,) = await ask(sampler(settings), [collecting()], LONG)
    assert isinstance(answered.receipt, RequestAccepted)


async def test_refused_request_is_asked_once_more_only_where_it_is_wanted(settings: Settings, operator: Client) -> None:
    """A refusal is shown again until the person asks once more; then what was in the way may be gone."""
    request = Request(HANDED_OVER, REGION)
    async with running_services(settings, "sampling"):
        (refused,) = await ask(sampler(settings), [request], LONG)
        await ask(sampler(settings), [collecting()], LONG)
        (still,) = await ask(sampler(settings), [request], LONG)
        (taken,) = await ask(sampler(settings), [request], LONG, again=True)
        (kept,) = await ask(sampler(settings), [request], LONG, again=True)
    assert isinstance(refused.receipt, RequestRefused)
    assert refused.receipt == still.receipt
    assert isinstance(taken.receipt, RequestAccepted)
    assert taken.receipt == kept.receipt
    assert 3 == await on_the_bus(operator)


async def test_two_commands_at_once_both_get_their_answers(settings: Settings, operator: Client) -> None:
    """A person's commands read one durable: each finds its answer, whoever of them read it."""
    forms = [form(report(number)) for number in ("1", "2", "3", "4")]
    async with running_services(settings, "sampling"):
        found: list[list[Answer]] = await asyncio.gather(
            *(ask(sampler(settings), [Request(one, REGION)], LONG) for one in forms)
        )
    del operator
    assert [one.sample_no for one in forms] == [answer.receipt.number for (answer,) in found if answer.receipt]


@pytest.mark.parametrize(
    ("role", "id_", "region"), [("officer", "O001", REGION), ("sampler", "S01", "21.02.02"), ("lab", "L0142", REGION)]
)
async def test_key_of_another_role_or_region_is_refused_by_the_server(
    settings: Settings, operator: Client, role: str, id_: str, region: str
) -> None:
    """Whoever is no sampler of the region cannot send its forms: the server itself does not take them."""
    with pytest.raises(CannotStartError, match=f"does not let {role}-{id_} say this for region {region}") as caught:
        await ask(Person(role, id_, settings), [collecting(region)], LONG)
    assert not isinstance(caught.value, OutOfReachError)
    assert 0 == await on_the_bus(operator)


async def test_key_that_the_operator_does_not_know_is_said_to_be_so(settings: Settings, operator: Client) -> None:
    """A person whose public key was never entered is told whom to ask."""
    del operator
    seed_in(settings.keys_folder, "sampler-S77")
    with pytest.raises(OutOfReachError, match="its operator has your public key"):
        await ask(Person("sampler", "S77", settings), [collecting()], LONG)


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
        (answer,) = await ask(Person("lab", "L0142", settings), [Request(received, REGION)], LONG)
    assert isinstance(answer.receipt, RequestAccepted)
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
    await ask(sampler(settings), [collecting()], 0)
    (envelope,) = await record(operator, "PARTNERS")
    assert ("urn:shian:sampler:S01", FORM) == (envelope.source, envelope.data)


def test_id_follows_from_key_request_and_attempt(settings: Settings, tmp_path: Path) -> None:
    """Another person, region, content or attempt has another id; what was filled in for the person does not count."""
    ours = sampler(settings)
    seed_in(tmp_path / "other", "sampler-S01")
    theirs = Person("sampler", "S01", settings.model_copy(update={"keys_folder": tmp_path / "other"}))
    later = HANDED_OVER.model_copy(update={"handed_at": HANDED_OVER.handed_at.replace(year=2027)})
    now = frozenset(("handed_at",))
    ids = [
        event_id_of(ours, Request(HANDED_OVER, REGION)),
        event_id_of(theirs, Request(HANDED_OVER, REGION)),
        event_id_of(ours, Request(HANDED_OVER, "21.02.02")),
        event_id_of(ours, Request(later, REGION)),
        event_id_of(ours, Request(HANDED_OVER, REGION), 1),
        event_id_of(ours, Request(HANDED_OVER, REGION, now)),
    ]
    assert len(ids) == len(set(ids))
    assert ids[-1] == event_id_of(ours, Request(later, REGION, now))


async def test_request_that_is_too_long_is_not_sent(settings: Settings) -> None:
    """What the bus would not take is said to be too long, before it is sent or remembered."""
    lines = tuple(PlanLine(category="食" * 200, samples=1) for _ in range(1000))
    plan = PlanAdopted(
        plan_no="P", title="t", kind="annual", starts=FORM.sampled_at.date(), ends=FORM.sampled_at.date(), lines=lines
    )
    with pytest.raises(CannotStartError, match="the exchange takes 256 KiB at once"):
        await ask(Person("officer", "O001", settings), [Request(plan, REGION)], LONG)
    assert not (settings.keys_folder.parent / "asked").exists()


async def test_region_that_is_none_is_said(settings: Settings) -> None:
    """A region that cannot be one is refused with how to write it."""
    assert isinstance(FORM, SampleCollected)
    with pytest.raises(CannotStartError, match=r"庄河 is no region; write province\.city\.county"):
        await ask(sampler(settings), [collecting("庄河")], LONG)
