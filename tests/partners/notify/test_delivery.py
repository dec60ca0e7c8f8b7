"""Bringing events to people: real HTTP and SMTP servers on this machine take them, refuse them or are away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from partners.notify.delivery import AwayError, UndeliverableError, delivering
from partners.notify.recipients import Mail, Recipient
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


async def bring(recipient: Recipient, mail: Mail | None = None) -> None:
    """One attempt at telling a recipient of the failed sample."""
    async with delivering(mail) as delivery:
        await delivery.attempt(recipient, *sealed())


async def test_webhook_takes_the_event_as_it_is() -> None:
    """A webhook gets the very bytes that stand on the bus, as a CloudEvent."""
    async with Hook().open() as hook:
        await bring(hook.recipient())
    assert [(CONTENT_TYPE, sealed()[1])] == hook.bodies


async def test_webhook_takes_the_sentence() -> None:
    """A chat robot gets the event's sentence as a text."""
    async with Hook().open() as hook:
        await bring(hook.recipient("text"))
    ((kind, body),) = hook.bodies
    assert kind == "application/json"
    assert FAILED.sentence() in body.decode()


@pytest.mark.parametrize("answer", [500, 503, 429, 408])
async def test_webhook_that_cannot_take_it_now_is_away(answer: int) -> None:
    """These answers mean later."""
    async with Hook(answers=[answer]).open() as hook:
        with pytest.raises(AwayError, match=f"answers {answer}"):
            await bring(hook.recipient())


async def test_webhook_that_nobody_serves_is_away() -> None:
    """A webhook that does not listen may do so later."""
    with pytest.raises(AwayError, match="does not answer"):
        await bring(Hook().recipient())


@pytest.mark.parametrize("answer", [400, 404, 302])
async def test_webhook_that_does_not_take_it_refuses(answer: int) -> None:
    """These answers mean never, and the address is to be looked at."""
    async with Hook(answers=[answer]).open() as hook:
        with pytest.raises(UndeliverableError, match=f"answers {answer}: look at the address"):
            await bring(hook.recipient())


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


def by_mail(*addresses: str) -> Recipient:
    """One who is told by mail of failed samples."""
    return Recipient(name="head", events=("food.sample.failed.v1",), mail=addresses)


def office(port: int, sender: str = "shian@example.com") -> Mail:
    """The mail server of the office."""
    return Mail(host="127.0.0.1", port=port, sender=sender)


async def test_mail_says_the_sentence() -> None:
    """A mail has the event's name and number as its subject, and its sentence as its text."""
    box = Postbox()
    port = free_port()
    async with box.open(port):
        await bring(by_mail("head@example.com"), office(port))
        with pytest.raises(UndeliverableError, match=r"takes no mail for nobody@example\.com"):
            await bring(by_mail("nobody@example.com"), office(port))
    ((addresses, text),) = box.mails
    assert ["head@example.com"] == addresses
    assert "Subject: Shian: SampleFailed S-1" in text


async def test_mail_server_that_does_not_listen_is_away() -> None:
    """A mail server that is not there may come."""
    with pytest.raises(AwayError, match="does not answer"):
        await bring(by_mail("head@example.com"), office(free_port()))


async def test_mail_that_cannot_be_written_is_refused() -> None:
    """An address with a line end is no reason to stop telling everybody else."""
    with pytest.raises(UndeliverableError, match="look at the recipients file"):
        await bring(by_mail("head@example.com"), office(1, sender="shian\n@example.com"))
