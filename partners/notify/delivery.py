"""One attempt at bringing an event to a recipient: a webhook by HTTP, or mail.

A failure says whether another attempt can help: the recipient is away, or it refuses for good.
"""

import asyncio
import contextlib
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage

import httpx

from partners.notify.recipients import Mail, Recipient
from shared.contracts import Event
from shared.envelope import CONTENT_TYPE, Envelope

_PATIENCE = 10.0
"""Seconds for one attempt."""
_TRY_AGAIN = frozenset((408, 425, 429))
_REFUSED = 400
_THEIR_FAULT = 500
_FOR_GOOD = 500
"""SMTP replies from here on are final; 4xx asks to try again."""


class AwayError(Exception):
    """A recipient cannot be reached now."""


class UndeliverableError(Exception):
    """A recipient refuses for good."""


class Delivery:
    """The way to recipients."""

    def __init__(self, mail: Mail | None) -> None:
        self._mail = mail
        self._client = httpx.AsyncClient(timeout=_PATIENCE)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def attempt(self, recipient: Recipient, envelope: Envelope[Event], payload: bytes) -> None:
        """Bring an event to a recipient, once; raises AwayError to be tried again, UndeliverableError not to be."""
        if recipient.webhook:
            await self._post(recipient, envelope, payload)
        elif self._mail:
            await asyncio.to_thread(_send, self._mail, recipient, envelope)

    async def _post(self, recipient: Recipient, envelope: Envelope[Event], payload: bytes) -> None:
        url = str(recipient.webhook)
        try:
            if recipient.body == "text":
                content = {"msgtype": "text", "text": {"content": envelope.data.sentence()}}
                answer = await self._client.post(url, json=content)
            else:
                answer = await self._client.post(url, content=payload, headers={"Content-Type": CONTENT_TYPE})
        except httpx.RequestError as error:
            message = f"{url} does not answer ({error!r})"
            raise AwayError(message) from error
        if answer.status_code >= _THEIR_FAULT or answer.status_code in _TRY_AGAIN:
            message = f"{url} answers {answer.status_code}"
            raise AwayError(message)
        if answer.status_code >= _REFUSED or answer.is_redirect:
            message = f"{url} answers {answer.status_code}: look at the address in the recipients file"
            raise UndeliverableError(message)


def _send(mail: Mail, recipient: Recipient, envelope: Envelope[Event]) -> None:
    try:
        message = _mail(mail, recipient, envelope)
    except ValueError as error:
        text = f"no mail can be written to {', '.join(recipient.mail)} ({error}): look at the recipients file"
        raise UndeliverableError(text) from error
    try:
        with smtplib.SMTP(mail.host, mail.port, timeout=_PATIENCE) as server:
            if mail.starttls:
                server.starttls()
            if mail.user and mail.password_file:
                server.login(mail.user, mail.password_file.read_text("utf-8").strip())
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        text = f"{mail.host} answers {error.smtp_code} {error.smtp_error!r}"
        raise (UndeliverableError if error.smtp_code >= _FOR_GOOD else AwayError)(text) from error
    except smtplib.SMTPRecipientsRefused as error:
        text = f"{mail.host} takes no mail for {', '.join(error.recipients)}"
        raise UndeliverableError(text) from error
    except OSError as error:
        text = f"{mail.host}:{mail.port} does not answer ({error!r})"
        raise AwayError(text) from error


def _mail(mail: Mail, recipient: Recipient, envelope: Envelope[Event]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(recipient.mail)
    message["Subject"] = f"Shian: {type(envelope.data).__name__} {envelope.subject}"
    message["Message-ID"] = f"<{envelope.id}@shian>"
    message.set_content(f"{envelope.data.sentence()}\n\n{envelope.time.isoformat()}  {envelope.type}  {envelope.key}\n")
    return message


@contextlib.asynccontextmanager
async def delivering(mail: Mail | None) -> AsyncIterator[Delivery]:
    """A delivery that is closed at the end."""
    delivery = Delivery(mail)
    try:
        yield delivery
    finally:
        await delivery.close()
