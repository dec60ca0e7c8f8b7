"""Bringing events to people: real HTTP and SMTP servers on this machine take them, refuse them or are away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from partners.notify.delivery import Delivery, delivering
from partners.notify.recipients import Recipients
from services.system import free_port
from shared.contracts import SampleFailed
from shared.envelope import CONTENT_TYPE, Envelope, open_envelope, seal
from tests.examples import REGION, failed_sample
from tests.partners.notify.hook import Hook
from tests.speaking import until

FAILED = failed_sample("1")


def sealed() -> tuple[Envelope[Any], bytes]:
    """A failed sample as it stands on the bus, and its envelope."""
    from shared.contracts.examples import TIME  # noqa: PLC0415 - one fixed time is enough

    payload = seal(FAILED, source="urn:shian:sampling", event_id="e1", time=TIME, region=REGION)
    return open_envelope(f"{SampleFailed.TYPE}.{REGION}", payload)[1], payload


async def nothing() -> None:
    """Nothing is to be kept up."""


async def test_webhook_takes_the_event_as_it_is() -> None:
    """A webhook gets the very bytes that stand on the bus, as a CloudEvent."""
    envelope, payload = sealed()
    async with Hook().open() as hook, delivering(hook.recipients()) as delivery:
        assert 1 == await delivery.deliver(envelope, payload, nothing)
    assert [(CONTENT_TYPE, payload)] == hook.bodies


async def test_webhook_takes_the_sentence() -> None:
    """A chat robot gets the event's sentence as a text."""
    envelope, payload = sealed()
    async with Hook().open() as hook, delivering(hook.recipients("text")) as delivery:
        assert 1 == await delivery.deliver(envelope, payload, nothing)
    ((kind, body),) = hook.bodies
    assert kind == "application/json"
    assert FAILED.sentence() in body.decode()


async def test_recipient_that_is_away_is_tried_again() -> None:
    """Answers 503 and 429 mean later: the event is brought again until it is taken, and the bus is kept waiting."""
    envelope, payload = sealed()
    kept = 0

    async def still() -> None:
        nonlocal kept
        kept += 1

    hook = Hook(answers=[503, 429])
    async with hook.open(), delivering(hook.recipients(), longest_wait=0.01) as delivery:
        assert 1 == await delivery.deliver(envelope, payload, still)
    assert (3, 2) == (len(hook.bodies), kept)


async def test_recipient_that_does_not_listen_yet_is_waited_for() -> None:
    """A webhook that nobody serves is tried until somebody does."""
    envelope, payload = sealed()
    hook, waited = Hook(), asyncio.Event()

    async def still() -> None:
        waited.set()

    async with delivering(hook.recipients(), longest_wait=0.01) as delivery:
        bringing = asyncio.create_task(delivery.deliver(envelope, payload, still))
        await waited.wait()
        async with hook.open():
            assert 1 == await bringing


@pytest.mark.parametrize("answer", [400, 404, 302])
async def test_recipient_that_refuses_is_passed_over(answer: int) -> None:
    """A webhook that does not take the request is not tried again, and the next recipient is told."""
    envelope, payload = sealed()
    hook = Hook(answers=[answer])
    recipients = Recipients(to=hook.recipients().to * 2)
    async with hook.open(), delivering(recipients) as delivery:
        assert 1 == await delivery.deliver(envelope, payload, nothing)
    assert 2 == len(hook.bodies)


async def test_unwanted_event_goes_nowhere() -> None:
    """Nobody is told of what he did not ask for."""
    envelope, payload = sealed()
    to = {"name": "clocks", "events": ["food.clock.*"], "webhook": "http://127.0.0.1:1/"}
    delivery = Delivery(Recipients.model_validate({"to": [to]}))
    assert 0 == await delivery.deliver(envelope, payload, nothing)
    await delivery.close()


class Postbox:
    """Keeps the mail; refuses addresses of ``nobody``."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], str]] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - SMTP's word
        """Whether an address is known."""
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        """Take a mail."""
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"

    @asynccontextmanager
    async def open(self, port: int) -> AsyncIterator[None]:
        """Listen, and see every connection to its end."""
        open_: list[SMTP] = []

        def connected() -> SMTP:
            open_.append(SMTP(self, hostname="127.0.0.1"))
            return open_[-1]

        server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", port)
        yield
        server.close()
        await server.wait_closed()
        await until(lambda: all(one.transport is None or one.transport.is_closing() for one in open_))


def by_mail(port: int, *addresses: str) -> Recipients:
    """One recipient, who is told by mail of failed samples."""
    to = {"name": "head", "events": ["food.sample.failed.v1"], "mail": addresses}
    mail = {"host": "127.0.0.1", "port": port, "sender": "shian@example.com"}
    return Recipients.model_validate({"to": [to], "mail": mail})


async def test_mail_says_the_sentence() -> None:
    """A mail has the event's name and number as its subject, and its sentence as its text."""
    envelope, payload = sealed()
    box = Postbox()
    port = free_port()
    async with box.open(port):
        async with delivering(by_mail(port, "head@example.com")) as delivery:
            assert 1 == await delivery.deliver(envelope, payload, nothing)
        async with delivering(by_mail(port, "nobody@example.com")) as delivery:
            assert 0 == await delivery.deliver(envelope, payload, nothing)
    ((addresses, text),) = box.mails
    assert ["head@example.com"] == addresses
    assert "Subject: Shian: SampleFailed S-1" in text


async def test_mail_server_that_is_away_is_waited_for() -> None:
    """A mail server that does not listen yet is tried until it does."""
    envelope, payload = sealed()
    box, waited, port = Postbox(), asyncio.Event(), free_port()

    async def still() -> None:
        waited.set()

    async with delivering(by_mail(port, "head@example.com"), longest_wait=0.01) as delivery:
        bringing = asyncio.create_task(delivery.deliver(envelope, payload, still))
        await waited.wait()
        async with box.open(port):
            assert 1 == await bringing
    assert 1 == len(box.mails)
