"""Encryption of the connection to the bus (TLS).

A plain connection begins with the server's word on whether it wants encryption, which somebody in between can change.
So where an address begins with ``tls://`` the client encrypts before anything is said, to a server that can or to none.

A bus whose certificate is not trusted stops the start with a sentence. Afterwards it is tried again like one that is
away, since a certificate may be mended meanwhile.
"""

import ssl
from collections.abc import Awaitable, Callable

from shared.failure import CannotStartError
from shared.settings import Settings

Note = Callable[[Exception], Awaitable[None]]


def context_of(settings: Settings) -> ssl.SSLContext | None:
    """Whom a client trusts, none where nothing is to be encrypted; raises CannotStartError for a bad file."""
    if not settings.nats_url.startswith("tls://"):
        return None
    try:
        return ssl.create_default_context(cafile=settings.nats_ca_file)
    except (OSError, ValueError) as error:
        message = (
            f"SHIAN_NATS_CA_FILE={settings.nats_ca_file} holds no certificate that can be read ({error}); name the PEM "
            "file of the authority that signed the certificate of the bus."
        )
        raise CannotStartError(message) from error


class Distrust:
    """Hears of a client's errors: one of encryption ends the first connection with CannotStartError."""

    def __init__(self, settings: Settings, note: Note | None = None) -> None:
        self._address = settings.nats_url
        self._note = note
        self.was_connected = False

    async def hear(self, error: Exception) -> None:
        """What the client calls with each of its errors."""
        if isinstance(error, ssl.SSLError) and not self.was_connected:
            raise CannotStartError(self._sentence(error)) from error
        if self._note:
            await self._note(error)

    def _sentence(self, error: ssl.SSLError) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"The certificate of the bus at {self._address} is not trusted ({error.verify_message}): set "
                "SHIAN_NATS_CA_FILE to the certificate of the authority that signed it, and SHIAN_NATS_URL to a name "
                "that stands in it."
            )
        return (
            f"The bus at {self._address} does not speak TLS as this program does ({error.reason}): see that it has a "
            "certificate (`provision keys --tls`), or write nats:// in SHIAN_NATS_URL where nothing is encrypted."
        )
