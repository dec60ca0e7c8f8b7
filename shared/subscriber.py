"""FastStream's subscriber of one durable, with the pull loop of this house in place of its own.

FastStream declares it, and starts and stops it.
"""

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.subscriber.usecases import BatchPullStreamSubscriber
from nats.js.api import ConsumerConfig

from shared.pull import Puller
from shared.streams import Consumer


class Subscriber(BatchPullStreamSubscriber):
    """FastStream's subscriber of one durable, with the loop of this house."""

    puller: Puller

    async def start(self) -> None:
        """Start as FastStream does, then the loop."""
        await super().start()
        await self.puller.start()

    async def stop(self) -> None:
        """Stop the loop before FastStream takes its own things down."""
        await self.puller.stop()
        await super().stop()


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
