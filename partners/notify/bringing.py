"""Bringing everybody what waits for them, side by side.

Each recipient is told in order, by a task of its own. One that is away is tried again, with growing waits, for as long
as it takes; meanwhile its backlog grows and the others are told. One that refuses an event for good (a wrong address, a
request that it does not take) is said aloud, and goes on with the next event.
"""

import asyncio
import contextlib

import structlog

from partners.notify.backlog import Backlog, Waiting
from partners.notify.delivery import AwayError, Delivery, UndeliverableError
from partners.notify.recipients import Recipient, Recipients
from partners.together import together
from shared.contracts import Event
from shared.envelope import Envelope, MalformedError, open_envelope

log = structlog.get_logger()
SHORTEST_WAIT = 0.5
LONGEST_WAIT = 60.0
"""Seconds between two attempts at a recipient that is away."""
LAST_ATTEMPT = 12.0
"""Seconds that an attempt may still take when the program is to stop."""


class Bringing:
    """Takes events for everybody who wants them, and brings them."""

    def __init__(
        self, recipients: Recipients, delivery: Delivery, backlog: Backlog, *, longest_wait: float = LONGEST_WAIT
    ) -> None:
        self._recipients = recipients
        self._delivery = delivery
        self._backlog = backlog
        self._longest_wait = longest_wait
        self._more = {recipient.name: asyncio.Event() for recipient in recipients.to}

    def take(self, envelope: Envelope[Event], subject: str, payload: bytes) -> None:
        """Keep an event for each recipient that wants it; after this it is not lost."""
        wanting = [recipient.name for recipient in self._recipients.to if recipient.wants(envelope.type)]
        if wanting:
            self._backlog.keep(envelope.key, subject, payload, wanting)
        for name in wanting:
            self._more[name].set()

    def acknowledged(self, envelope: Envelope[Event]) -> None:
        """The bus does not hand this event out again."""
        if any(recipient.wants(envelope.type) for recipient in self._recipients.to):
            self._backlog.acknowledged(envelope.key)

    async def run(self) -> None:
        """Tell everybody until cancelled; an attempt that is under way is seen to its end."""
        for name, count in self._backlog.counts().items():
            if name not in self._more:
                log.warning("nobody of this name is told any more; put it back to have it told", to=name, waiting=count)
        await together(*(self._tell(recipient) for recipient in self._recipients.to))

    async def _tell(self, recipient: Recipient) -> None:
        more = self._more[recipient.name]
        wait = 0.0
        while True:
            more.clear()
            waiting = self._backlog.oldest(recipient.name)
            if waiting is None:
                await more.wait()
            elif await self._bring_whole(recipient, waiting):
                wait = 0.0
            else:
                wait = min(max(2 * wait, SHORTEST_WAIT), self._longest_wait)
                await asyncio.sleep(wait)

    async def _bring_whole(self, recipient: Recipient, waiting: Waiting) -> bool:
        """One attempt, which a stop of the program does not cut in two: what was taken is not brought again."""
        attempt = asyncio.ensure_future(self._bring(recipient, waiting))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            await asyncio.wait([attempt], timeout=LAST_ATTEMPT)
            attempt.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await attempt
            raise

    async def _bring(self, recipient: Recipient, waiting: Waiting) -> bool:
        """Whether a recipient took an event or refused it, so that the next is its turn."""
        about = {"to": recipient.name, "on": waiting.subject}
        try:
            _, envelope = open_envelope(waiting.subject, waiting.payload)
            about = {"to": recipient.name, "type": envelope.type, "about": envelope.subject}
            await self._delivery.attempt(recipient, envelope, waiting.payload)
        except AwayError as error:
            log.warning("recipient is away", **about, because=str(error))
            return False
        except UndeliverableError as error:
            log.warning("recipient refuses", **about, because=str(error))
        except MalformedError as error:  # another version of this program kept it
            log.warning("this version cannot tell what was kept", **about, because=str(error))
        else:
            log.info("told", **about)
        self._backlog.done(waiting)
        return True
