"""An authority that was away misses nothing: outages, kills in the middle, and an event that it cannot read."""

import asyncio
import functools
import signal
import sys
from pathlib import Path

from nats.aio.client import Client

from partners.authority.archive import archive_of
from partners.person import person
from shared.contracts import TransferMoved
from shared.contracts.examples import EXAMPLES
from shared.settings import Settings
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

USER = "police-210283"
MANY = 300
MOVED = next(event for event in EXAMPLES if isinstance(event, TransferMoved))


async def tell(server: NatsServer, first: int, count: int) -> None:
    """Enforcement tells so many steps, each of a case of its own."""
    enforcement = await server.connect("enforcement")
    for number in range(first, first + count):
        event = MOVED.model_copy(update={"case_no": f"C-{number:04}"})
        await publish(enforcement, "enforcement", event, event_id=f"e{number}")
    await enforcement.close()


async def following(settings: Settings, *further: str) -> asyncio.subprocess.Process:
    """The program, started."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from services.shian import main; main()"),
        *("authority", "follow", "--as", USER, *further),
        env=settings.environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def kept(settings: Settings) -> list[str]:
    """The cases that are kept, in order."""
    who = person(USER, "police")
    who = type(who)(who.role, who.id, settings)
    with archive_of(who) as archive:
        return archive.cases()


def has_kept(settings: Settings, enough: int) -> bool:
    """Whether so many cases are kept."""
    return len(kept(settings)) >= enough


async def test_a_week_away_and_killed_in_the_middle_misses_nothing(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """What was told meanwhile is read, over a restart of the bus and two kills: each event is kept exactly once."""
    del operator
    await tell(server, 0, MANY)
    server.kill()
    server.start()
    for enough in (50, 150):
        process = await following(settings)
        await until(functools.partial(has_kept, settings, enough), seconds=30)
        process.send_signal(signal.SIGKILL)
        await process.communicate()
    await tell(server, MANY, 10)
    while len(kept(settings)) < MANY + 10:  # what the killed ones held comes again after a while
        process = await following(settings, "--once")
        out, said = await asyncio.wait_for(process.communicate(), 60)
        assert (0, b"") == (process.returncode, said)
    assert [f"C-{number:04}" for number in range(MANY + 10)] == sorted(kept(settings))
    process = await following(settings, "--once")
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"" == out


async def test_raw_bytes_are_kept_and_what_cannot_be_read_too(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """The document stands as it came; an event of a later version is kept without being told."""
    del operator, tmp_path
    enforcement = await server.connect("enforcement")
    await enforcement.jetstream().publish("case.transferred.v1.21.02.83", b'{"later": true}')
    await enforcement.close()
    await tell(server, 1, 1)
    process = await following(settings, "--once")
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert 1 == out.decode().count("C-0001 is received")
    assert ["C-0001"] == kept(settings)
    file = settings.keys_folder.parent / "authority" / f"{USER}.db"
    assert b'{"later": true}' in b"".join(path.read_bytes() for path in file.parent.glob(f"{USER}.db*"))


async def test_exchange_that_is_away_is_said(server: NatsServer, settings: Settings, operator: Client) -> None:
    """With --once the command gives up after some seconds, with exit code 3 and what to do."""
    del operator
    server.kill()
    process = await following(settings, "--once")
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert 3 == process.returncode
    assert b"does not answer" in said
