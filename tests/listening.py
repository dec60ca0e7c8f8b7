"""Hearing what the exchange says as a partner does, and seeing whether a service has answered everything."""

import contextlib

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.contracts import Event
from shared.contracts.catalogue import ServiceName
from shared.envelope import Envelope, open_envelope
from shared.permissions import OPERATOR, inbox_prefix
from shared.streams import Consumer, consumers_of
from tests.servers.nats import NatsServer


async def heard_by(server: NatsServer, user: str, stream: str) -> list[Envelope[Event]]:
    """Everything that waits for a partner in its own durable, acknowledged."""
    operator, partner = await server.connect(OPERATOR), await server.connect(user)
    prefix = f"{inbox_prefix(user)}.".encode()
    subscription = await partner.jetstream().pull_subscribe_bind(user, stream, inbox_prefix=prefix)
    envelopes = []
    while waiting := (await operator.jetstream().consumer_info(stream, user)).num_pending:
        for message in await subscription.fetch(waiting, timeout=5):
            envelopes.append(open_envelope(message.subject, message.data)[1])
            await message.ack()
    await operator.close()
    await partner.close()
    return envelopes


async def is_idle(operator: Client, service: ServiceName) -> bool:
    """Whether a service has acknowledged everything that it hears."""
    for consumer in consumers_of(service):
        info = await operator.jetstream().consumer_info(consumer.stream, consumer.name)
        if info.num_pending or info.num_ack_pending:
            return False
        # the server counts what waits a moment after it has stored it
        if info.ack_floor and info.ack_floor.stream_seq < await last_heard(operator, consumer):
            return False
    return True


async def last_heard(operator: Client, consumer: Consumer) -> int:
    """The sequence of the last message of the stream that is for this consumer; 0 where there is none."""
    last = 0
    for subject in consumer.subjects:
        with contextlib.suppress(NotFoundError):
            message = await operator.jetstream().get_last_msg(consumer.stream, subject)
            last = max(last, message.seq or 0)
    return last


async def handed_out(operator: Client, count: int) -> bool:
    """Whether the bus has handed out so many partners' messages that sampling did not acknowledge yet."""
    info = await operator.jetstream().consumer_info("PARTNERS", "sampling")
    return bool(info.num_ack_pending == count)
