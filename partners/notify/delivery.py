"""Bringing one event to its recipients: a webhook by HTTP, or mail.

A recipient that is away is tried again, with growing waits, for as long as it takes: the event stays unacknowledged on
the bus, so nothing is lost when this program ends meanwhile. One that refuses for good (a wrong address, a request that
it does not take) is said aloud and passed over, so that it does not keep the others from hearing.
"""

import asyncio
import contextlib
import smtplib
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage

import httpx
import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential

from partners.notify.recipients import Mail, Recipient, Recipients
from shared.contracts import Event
from shared.envelope import CONTENT_TYPE, Envelope

log = structlog.get_logger()
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
    """Delivers events to everybody who wants them."""

    def __init__(self, recipients: Recipients, *, longest_wait: float = 60.0) -> None:
        self._recipients = recipients
        self._longest_wait = longest_wait
        self._client = httpx.AsyncClient(timeout=_PATIENCE)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def deliver(self, envelope: Envelope[Event], payload: bytes, still: Callable[[], Awaitable[None]]) -> int:
        """Bring an event to each recipient that wants it; returns how many took it.

        ``still`` is called between attempts, to keep the bus from handing the event out again.
        """
        taken = 0
        for recipient in self._recipients.to:
            if recipient.wants(envelope.type):
                taken += await self._bring(recipient, envelope, payload, still)
        return taken

    async def _bring(
        self, recipient: Recipient, envelope: Envelope[Event], payload: bytes, still: Callable[[], Awaitable[None]]
    ) -> bool:
        async def wait(state: RetryCallState) -> None:
            outcome = state.outcome.exception() if state.outcome else None
            log.warning("recipient is away", recipient=recipient.name, because=str(outcome))
            await still()

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(AwayError),
            wait=wait_exponential(multiplier=0.5, max=self._longest_wait),
            before_sleep=wait,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    await self._attempt(recipient, envelope, payload)
        except UndeliverableError as error:
            log.warning("recipient refuses", recipient=recipient.name, key=envelope.key, because=str(error))
            return False
        return True

    async def _attempt(self, recipient: Recipient, envelope: Envelope[Event], payload: bytes) -> None:
        if recipient.webhook:
            await self._post(recipient, envelope, payload)
        elif self._recipients.mail:
            await asyncio.to_thread(_send, self._recipients.mail, recipient, envelope)

    async def _post(self, recipient: Recipient, envelope: Envelope[Event], payload: bytes) -> None:
        url = str(recipient.webhook)
        try:
            if recipient.body == "text":
                content = {"msgtype": "text", "text": {"content": envelope.data.sentence()}}
                answer = await self._client.post(url, json=content)
            else:
                answer = await self._client.post(url, content=payload, headers={"Content-Type": CONTENT_TYPE})
        except httpx.TransportError as error:
            message = f"{url} does not answer ({error!r})"
            raise AwayError(message) from error
        if answer.status_code >= _THEIR_FAULT or answer.status_code in _TRY_AGAIN:
            message = f"{url} answers {answer.status_code}"
            raise AwayError(message)
        if answer.status_code >= _REFUSED or answer.is_redirect:
            message = f"{url} answers {answer.status_code}: look at the address in the recipients file"
            raise UndeliverableError(message)


def _send(mail: Mail, recipient: Recipient, envelope: Envelope[Event]) -> None:
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(recipient.mail)
    message["Subject"] = f"Shian: {type(envelope.data).__name__} {envelope.subject}"
    message["Message-ID"] = f"<{envelope.id}@shian>"
    message.set_content(f"{envelope.data.sentence()}\n\n{envelope.time.isoformat()}  {envelope.type}  {envelope.key}\n")
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


@contextlib.asynccontextmanager
async def delivering(recipients: Recipients, *, longest_wait: float = 60.0) -> AsyncIterator[Delivery]:
    """A delivery that is closed at the end."""
    delivery = Delivery(recipients, longest_wait=longest_wait)
    try:
        yield delivery
    finally:
        await delivery.close()
