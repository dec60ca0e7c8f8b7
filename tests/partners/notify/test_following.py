"""Following what the exchange says to an officer, over restarts and outages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from nats.aio.client import Client
from structlog.testing import capture_logs

from partners.notify.delivery import Delivery, delivering
from partners.notify.following import follow
from shared.contracts import SampleFailed
from shared.envelope import open_envelope
from shared.failure import CannotStartError
from shared.keys import seed_in
from shared.settings import Settings
from tests.examples import REGION, failed_sample
from tests.partners.notify.hook import Hook
from tests.servers.nats import NatsServer
from tests.speaking import publish, until


@asynccontextmanager
async def following(settings: Settings, delivery: Delivery) -> AsyncIterator[None]:
    """The program runs meanwhile."""
    task = asyncio.create_task(follow(settings, "officer-O001", delivery))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def fail(server: NatsServer, *numbers: str) -> None:
    """Sampling tells of failed samples."""
    sampling = await server.connect("sampling")
    for number in numbers:
        await publish(sampling, "sampling", failed_sample(number), event_id=number)
    await sampling.close()


async def is_told(server: NatsServer, hook: Hook, count: int) -> bool:
    """Whether so many events were brought, and all are acknowledged."""
    operator = await server.connect("operator")
    info = await operator.jetstream().consumer_info("FOOD", "officer-O001")
    await operator.close()
    return len(hook.bodies) >= count and not info.num_ack_pending


def samples(hook: Hook) -> list[str]:
    """The samples that were told, in order."""
    subject = f"{SampleFailed.TYPE}.{REGION}"
    return [str(open_envelope(subject, body)[1].subject) for _, body in hook.bodies]


async def test_officer_is_told_once_and_from_where_it_stopped(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """What sampling tells reaches the officer's webhook; after a restart only what is new does."""
    del operator
    async with Hook().open() as hook, delivering(hook.recipients()) as delivery:
        for count in (1, 2):
            await fail(server, str(count))
            async with following(settings, delivery):
                await until(lambda count=count: is_told(server, hook, count))  # type: ignore[misc]
    assert ["S-1", "S-2"] == samples(hook)


async def test_nothing_is_lost_while_the_exchange_is_away(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """A program that runs while the bus is restarted goes on by itself and brings what was told since."""
    await operator.close()
    async with Hook().open() as hook, delivering(hook.recipients()) as delivery, following(settings, delivery):
        await fail(server, "1")
        await until(lambda: is_told(server, hook, 1))
        server.stop()
        server.start()
        await fail(server, "2")
        await until(lambda: is_told(server, hook, 2), seconds=30)
    assert ["S-1", "S-2"] == list(dict.fromkeys(samples(hook)))


async def test_program_waits_for_an_exchange_that_is_not_there_yet(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """Started before the bus, the program tells as soon as the bus is there."""
    await operator.close()
    await fail(server, "1")
    server.stop()
    async with Hook().open() as hook, delivering(hook.recipients()) as delivery:
        with capture_logs() as logs:
            async with following(settings, delivery):
                await until(lambda: "exchange is away" in [line["event"] for line in logs])
                server.start()
                await until(lambda: is_told(server, hook, 1), seconds=30)
    assert ["S-1"] == samples(hook)
    assert ["exchange is away", "exchange is back", "told"] == [line["event"] for line in logs]


async def test_officer_whom_the_exchange_does_not_know_is_told_so(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """A key that was never entered ends the program with a sentence, instead of trying for ever."""
    del server, operator
    seed_in(settings.keys_folder, "officer-O777")
    async with Hook().open() as hook, delivering(hook.recipients()) as delivery:
        with pytest.raises(CannotStartError, match="does not let officer-O777 in; ask its operator"):
            await follow(settings, "officer-O777", delivery)
