"""Following what the exchange says to an officer, over restarts and outages."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from nats.aio.client import Client
from structlog.testing import capture_logs

from partners.notify.following import follow
from partners.notify.recipients import Recipient
from shared.contracts import CaseMoved
from shared.contracts.examples import EXAMPLES
from shared.envelope import open_envelope
from shared.failure import CannotStartError
from shared.keys import seed_in
from shared.permissions import inbox_prefix
from shared.settings import Settings
from tests.examples import failed_sample
from tests.partners.notify.hook import Hook
from tests.partners.notify.telling import samples, telling
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

MOVED = next(event for event in EXAMPLES if isinstance(event, CaseMoved))


@asynccontextmanager
async def following(settings: Settings, folder: Path, *hooks: Hook) -> AsyncIterator[None]:
    """The program runs meanwhile."""
    async with telling(folder, *(hook.recipient() for hook in hooks)) as bringing:
        task = asyncio.create_task(follow(settings, "officer-O001", bringing))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def everything(hook: Hook) -> Recipient:
    """One who is told of whatever the person hears."""
    return hook.recipient("text").model_copy(update={"events": ("*",)})


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


async def test_officer_is_told_once_and_from_where_it_stopped(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """What sampling tells reaches the officer's webhook; after a restart only what is new does."""
    del operator
    async with Hook().open() as hook:
        for count in (1, 2):
            await fail(server, str(count))
            async with following(settings, tmp_path, hook):
                await until(lambda count=count: is_told(server, hook, count))  # type: ignore[misc]
    assert ["S-1", "S-2"] == samples(hook)


async def test_event_that_was_kept_and_not_acknowledged_is_told_once(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """The program was killed between the two: the bus hands the event out again, and it is known."""
    del operator
    await fail(server, "1")
    officer = await server.connect("officer-O001")
    inbox = f"{inbox_prefix('officer-O001')}.".encode()
    subscription = await officer.jetstream().pull_subscribe_bind("officer-O001", "FOOD", inbox_prefix=inbox)
    async with Hook().open() as hook:
        async with telling(tmp_path, hook.recipient()) as bringing:
            (message,) = await subscription.fetch(1, timeout=5)
            bringing.take(open_envelope(message.subject, message.data)[1], message.subject, message.data)
            await until(lambda: bool(hook.bodies))
        await officer.close()
        await fail(server, "2")
        async with following(settings, tmp_path, hook):
            await until(lambda: is_told(server, hook, 2))
    assert ["S-1", "S-2"] == samples(hook)


async def test_what_waits_for_one_who_is_away_is_acknowledged(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """The bus is not kept waiting for a recipient that is away, and the other is told."""
    del operator
    away = Hook("away")
    async with Hook().open() as hook, following(settings, tmp_path, hook, away):
        await fail(server, "1", "2", "3")
        await until(lambda: is_told(server, hook, 3))
        async with away.open():
            await until(lambda: len(away.bodies) == 3)
    with closing(sqlite3.connect(tmp_path / "notify.db")) as backlog:
        assert [(0,)] == backlog.execute("SELECT count(*) FROM heard").fetchall()
    assert ["S-1", "S-2", "S-3"] == samples(hook) == samples(away)


async def test_nothing_is_lost_while_the_exchange_is_away(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """A program that runs while the bus is restarted goes on by itself and brings what was told since."""
    await operator.close()
    async with Hook().open() as hook, following(settings, tmp_path, hook):
        await fail(server, "1")
        await until(lambda: is_told(server, hook, 1))
        server.stop()
        server.start()
        await fail(server, "2")
        await until(lambda: is_told(server, hook, 2), seconds=30)
    assert ["S-1", "S-2"] == samples(hook)


async def test_program_waits_for_an_exchange_that_is_not_there_yet(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """Started before the bus, the program tells as soon as the bus is there."""
    await operator.close()
    await fail(server, "1")
    server.stop()
    async with Hook().open() as hook:
        with capture_logs() as logs:
            async with following(settings, tmp_path, hook):
                await until(lambda: "exchange is away" in [line["event"] for line in logs])
                server.start()
                await until(lambda: is_told(server, hook, 1), seconds=30)
    assert ["S-1"] == samples(hook)
    assert ["exchange is away", "exchange is back", "told"] == [line["event"] for line in logs]


async def test_officer_whom_the_exchange_does_not_know_is_told_so(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """A key that was never entered ends the program with a sentence, instead of trying for ever."""
    del server, operator
    seed_in(settings.keys_folder, "officer-O777")
    async with telling(tmp_path, Hook().recipient()) as bringing:
        with pytest.raises(CannotStartError, match="does not let officer-O777 in; ask its operator"):
            await follow(settings, "officer-O777", bringing)


@pytest.mark.parametrize("user", ["officer-O001", "head-H001"])
async def test_cases_are_told_too(
    settings: Settings, server: NatsServer, operator: Client, tmp_path: Path, user: str
) -> None:
    """What happens in a case reaches the officers and the head of the agency; the head hears nothing else."""
    del operator
    await fail(server, "1")
    enforcement = await server.connect("enforcement")
    await publish(enforcement, "enforcement", MOVED, event_id="moved")
    await enforcement.close()
    async with Hook().open() as hook, telling(tmp_path, everything(hook)) as bringing:
        task = asyncio.create_task(follow(settings, user, bringing))
        await until(lambda: len(hook.bodies) == (1 if user.startswith("head") else 2))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert any("is signed now" in body.decode() for _, body in hook.bodies)
