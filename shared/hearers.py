"""The services that hear what a service tells: none of them may pass over it.

A durable goes past what it does not hear, and widening it later does not bring that back. So a service that tells an
event of a new version does not start while a durable of another service is still that of the version before.
"""

import contextlib

from nats.errors import TimeoutError as NoAnswerError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.contracts.catalogue import SERVICES, heard_by, told_by
from shared.failure import CannotStartError
from shared.streams import Consumer, consumers_of, heard_through, lies_within


def hearers_of(service: str) -> tuple[Consumer, ...]:
    """The durables of other services that hear what this one tells, each with what of it they hear.

    An event with a party in its subject is for that party alone; so each service's clocks.
    """
    told = [entry for entry in told_by(service) if entry.party == ""]
    return tuple(
        Consumer(durable.stream, other, subjects)
        for other in SERVICES
        if other != service
        for durable in consumers_of(other)
        if (subjects := tuple(one.pattern() for one in told if one in heard_by(other, durable.stream)))
    )


async def require_hearers(jetstream: JetStreamContext, service: str) -> None:
    """Raise CannotStartError naming each durable of another service that would pass over what this one tells.

    One that does not exist yet will hear everything from the beginning.
    """
    faults: list[str] = []
    for hearer in hearers_of(service):
        with contextlib.suppress(NotFoundError):
            lost = await _lost(jetstream, hearer)
            faults += [f"consumer {hearer.name} of {hearer.stream} does not hear {subject}" for subject in lost]
    if faults:
        message = (
            f"What {service} tells would be passed over: {'; '.join(faults)}. Stop all services, run `python -m "
            "services.provision streams` of this version, then start them."
        )
        raise CannotStartError(message)


async def _lost(jetstream: JetStreamContext, hearer: Consumer) -> list[str]:
    """What of the told subjects a durable does not hear."""
    try:
        config = (await jetstream.consumer_info(hearer.stream, hearer.name)).config
    except NoAnswerError as error:
        message = (
            f"The bus does not say what consumer {hearer.name} of {hearer.stream} hears: run `python -m "
            "services.provision keys` of this version, and let the server read its configuration anew."
        )
        raise CannotStartError(message) from error
    heard = heard_through(config)
    return [told for told in hearer.subjects if not any(lies_within(told, subject) for subject in heard)]
