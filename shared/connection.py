"""Connecting to the bus as one of its users.

The client library trusts that subjects are text and headers are well formed. The server does not check either, so one
message with a stray byte would end the reading of everybody who hears it, again after every restart: such bytes are
made readable instead, and the message is refused like any other that is no event.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import nats
from nats.aio.client import Client, _default_error_callback
from nats.errors import Error as NatsError

from shared.encryption import Distrust, context_of
from shared.failure import CannotStartError
from shared.permissions import inbox_prefix
from shared.settings import Settings

T = TypeVar("T")
FIRST_CONNECTION = 10.0
"""Seconds in which the bus must answer at the start; later it may be away for as long as it likes."""


async def reached(settings: Settings, who: str, connecting: Awaitable[T]) -> T:
    """What connecting brings; raises CannotStartError when the bus does not answer, so that a start can be repeated."""
    try:
        async with asyncio.timeout(FIRST_CONNECTION):
            return await connecting
    except (TimeoutError, NatsError, OSError) as error:
        message = f"The bus at {settings.nats_url} does not answer or does not let {who} in ({error!r})."
        raise CannotStartError(message) from error


async def connect(settings: Settings, user: str, **options: Any) -> Client:
    """Connect as a user whose seed lies in the folder of keys; options are the client library's.

    Raises CannotStartError when the seed is missing or the certificate of the bus is not trusted.
    """
    seed = settings.seed_of(user)
    distrust = Distrust(settings, options.pop("error_cb", None) or _default_error_callback)
    options |= {"nkeys_seed_str": seed, "inbox_prefix": inbox_prefix(user), "name": user, "error_cb": distrust.hear}
    if context := context_of(settings):
        options |= {"tls": context, "tls_handshake_first": True}
    client = await nats.connect(settings.nats_nodes, **options)
    distrust.was_connected = True
    return tolerant(client)


def tolerant(client: Client) -> Client:
    """Make a client survive what is no text; returns the same client."""
    build: Callable[..., Any] = client._build_message  # noqa: SLF001 - the library has no hook for it
    process: Callable[[bytes], Awaitable[dict[str, str] | None]] = client._process_headers  # noqa: SLF001

    def build_message(sid: int, subject: bytes, *rest: Any) -> Any:
        if not subject.isascii():
            subject = subject.decode(errors="backslashreplace").encode()
        return build(sid, subject, *rest)

    async def process_headers(raw: bytes) -> dict[str, str] | None:
        try:
            return await process(raw)
        except (ValueError, IndexError):
            return None

    client._build_message = build_message  # type: ignore[method-assign, assignment]  # noqa: SLF001
    client._process_headers = process_headers  # type: ignore[method-assign, assignment]  # noqa: SLF001
    return client
