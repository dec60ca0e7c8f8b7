"""Where on the bus a message stands, who was let speak, and when it all began."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from nats.aio.msg import Msg

from shared.contracts import address_of

_PLACE_TOKENS = 9
BEGAN = "Shian-Began"
"""Header of what a service tells: when the bus stored the message from outside that set it off, in ns since 1970."""


class Origin:
    """Where on the bus a message stands; what few ask for is worked out when it is asked for."""

    __slots__ = ("_message", "_received", "digest", "party", "subject")

    def __init__(self, message: Msg) -> None:
        self._message = message
        self._received: datetime | None = None
        self.subject = message.subject
        self.party = address_of(message.subject).party
        """The partner that the server let speak, such as L0142; empty for services."""
        self.digest = hashlib.blake2b(message.data, digest_size=8).hexdigest()

    @property
    def stream(self) -> str:
        """The stream that keeps it."""
        return self._message.metadata.stream

    @property
    def sequence(self) -> int:
        """Its place in the stream."""
        return self._message.metadata.sequence.stream

    @property
    def deliveries(self) -> int:
        """How often it was handed out, this time included."""
        return self._message.metadata.num_delivered or 1

    @property
    def received(self) -> datetime:
        """When the server stored it: the trusted time of arrival."""
        if self._received is None:
            self._received = datetime.fromtimestamp(self.stored / 1e9, UTC)
        return self._received

    @property
    def headers(self) -> Mapping[str, str]:
        """What stands beside the document; a partner may write there what it likes."""
        return self._message.headers or {}

    @property
    def began(self) -> int:
        """When the server stored what set this off, outside the services; in ns since 1970."""
        # a partner may write any header, and its own message is where everything begins
        said = None if self.stream == "PARTNERS" else self.headers.get(BEGAN)
        return int(said) if said and said.isdecimal() else self.stored

    @property
    def stored(self) -> int:
        """When the server stored it, in ns since 1970."""
        # $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time in ns>.<pending>, and with a
        # domain two tokens more before the stream
        tokens = self._message.reply.split(".")
        return int(tokens[7] if len(tokens) == _PLACE_TOKENS else tokens[9])
