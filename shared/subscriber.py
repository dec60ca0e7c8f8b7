"""FastStream's subscriber of one durable, with the pull loop of this house in place of its own.

FastStream declares it, and so draws the AsyncAPI document, and starts and stops it.
"""

from collections.abc import Sequence

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.subscriber.usecases import BatchPullStreamSubscriber
from faststream.specification.schema import Message, Operation, SubscriberSpec
from nats.js.api import ConsumerConfig

from shared.contracts import Entry, heard_by
from shared.envelope import envelope_of
from shared.pull import Puller
from shared.streams import Consumer


class Subscriber(BatchPullStreamSubscriber):
    """FastStream's subscriber of one durable, with the loop above and one channel per event in the document."""

    puller: Puller
    entries: Sequence[Entry]

    async def start(self) -> None:
        """Start as FastStream does, then the loop."""
        await super().start()
        await self.puller.start()

    async def stop(self) -> None:
        """Stop the loop before FastStream takes its own things down."""
        await self.puller.stop()
        await super().stop()

    def schema(self) -> dict[str, SubscriberSpec]:
        """The document's channels: one per event that the durable hears."""
        return {f"{entry.event.__name__}:Heard": _channel(entry) for entry in self.entries}


def subscribe(broker: NatsBroker, consumer: Consumer, puller: Puller) -> None:
    """Declare a durable with FastStream and give it the loop above."""
    subscriber = broker.subscriber(
        config=ConsumerConfig(filter_subjects=list(consumer.subjects)),
        durable=consumer.name,
        stream=JStream(consumer.stream, declare=False),
        pull_sub=PullSub(batch=True),
        ack_policy=AckPolicy.MANUAL,
        title=f"{consumer.name} hears {consumer.stream}",
    )
    subscriber.__class__ = Subscriber  # FastStream's factory knows only classes of its own
    assert isinstance(subscriber, Subscriber)  # noqa: S101 - for the type checker
    subscriber.puller = puller
    subscriber.entries = heard_by(consumer.name, consumer.stream)


def _channel(entry: Entry) -> SubscriberSpec:
    message = Message(title=entry.event.__name__, payload=envelope_of(entry.event).model_json_schema())
    return SubscriberSpec(
        address=address_template(entry),
        description=entry.event.__doc__,
        operation=Operation(message=message, bindings=None),
        bindings=None,
    )


def address_template(entry: Entry) -> str:
    """An event's subject with named parts, such as ``food.sample.failed.v1.{province}.{city}.{county}``."""
    party = {"": "", "one": "{party}", "kind and one": "{kind}.{party}"}[entry.party]
    return entry.subject("{province}.{city}.{county}", party)
