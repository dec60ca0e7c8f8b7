"""Following what the exchange says to one of the agency, from where this program stopped the last time.

The client library tries again without end while the exchange is away. It would also do so where the exchange does not
let the officer in; here that ends the program with a sentence.
"""

import asyncio
from typing import Any

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from partners.notify.bringing import Bringing
from partners.together import together
from shared.connection import connect
from shared.contracts import heard_by
from shared.ending import end
from shared.envelope import MalformedError, open_envelope
from shared.failure import CannotStartError
from shared.permissions import inbox_prefix
from shared.settings import Settings

log = structlog.get_logger()
_AT_ONCE = 1
"""A larger request would wait to be filled."""
_PATIENCE = 5.0
"""Seconds to wait for the next event before asking anew, and after a failure."""


async def follow(settings: Settings, user: str, bringing: Bringing) -> None:
    """Take every event of the person's durables until cancelled; each is acknowledged when it is kept.

    Raises CannotStartError where the exchange does not let the officer in, or where nothing can be kept.
    """
    client = await _connected(settings, user)
    try:
        await together(*(_follow(client, user, stream, bringing) for stream in _streams(user)))
    finally:
        await client.close()


def _streams(user: str) -> list[str]:
    """What the person hears, but for the receipts that are for commands."""
    streams = dict.fromkeys(entry.stream for entry in heard_by(user.partition("-")[0]))
    return [stream for stream in streams if stream != "RECEIPTS"]


async def _follow(client: Client, user: str, stream: str, bringing: Bringing) -> None:
    inbox = f"{inbox_prefix(user)}.".encode()
    subscription = await client.jetstream().pull_subscribe_bind(user, stream, inbox_prefix=inbox)
    while True:
        for message in await _fetched(subscription):
            await _take(message, bringing)


async def _take(message: Msg, bringing: Bringing) -> None:
    try:
        _, envelope = open_envelope(message.subject, message.data)
    except MalformedError:
        await message.ack()
        return
    bringing.take(envelope, message.subject, message.data)
    try:
        await message.ack_sync(timeout=_PATIENCE)
    except NatsError as error:  # it is handed out again, and known
        log.warning("exchange does not confirm", key=envelope.key, because=str(error) or type(error).__name__)
    else:
        bringing.acknowledged(envelope)


async def _connected(settings: Settings, user: str) -> Client:
    """The connection, however long it takes."""
    refused: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
    away: list[str] = []

    async def note(error: Exception) -> None:
        if "authorization violation" in str(error).lower():
            if not refused.done():
                message = (
                    f"The exchange at {settings.nats_url} does not let {user} in; ask its operator to enter the key."
                )
                refused.set_exception(CannotStartError(message))
        elif not away:
            away.append(str(error) or type(error).__name__)
            log.warning("exchange is away", address=settings.nats_url, because=away[0])

    async def back() -> None:
        if away:
            log.info("exchange is back", address=settings.nats_url)
            away.clear()

    options = {"error_cb": note, "reconnected_cb": back, "max_reconnect_attempts": -1, "reconnect_time_wait": 1}
    connecting = asyncio.ensure_future(connect(settings, user, **options))
    try:
        await asyncio.wait({connecting, refused}, return_when=asyncio.FIRST_COMPLETED)
        client = refused.result() if refused.done() else await connecting
        await back()
        return client
    finally:
        await end(connecting)


async def _fetched(subscription: Any) -> list[Msg]:
    """The next event, or nothing where there is none or the exchange is away."""
    try:
        return list(await subscription.fetch(_AT_ONCE, timeout=_PATIENCE))
    except TimeoutError:
        return []
    except NatsError as error:
        log.warning("exchange cannot be read", because=str(error) or type(error).__name__)
        await asyncio.sleep(_PATIENCE)
        return []
