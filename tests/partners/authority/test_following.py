"""An authority that was away misses nothing: outages, kills in the middle, and an event that it cannot read."""

import asyncio
import functools
import re
import signal
import sqlite3
import sys
from collections import Counter
from datetime import UTC, datetime

from nats.aio.client import Client

from partners.authority.archive import archive_of
from partners.person import person
from shared.contracts import PoliceReceived, RefusalReason, RequestRefused, TransferMoved, entry_of
from shared.contracts.examples import EXAMPLES
from shared.envelope import seal, source_of
from shared.record import read_record
from shared.settings import Settings
from tests.examples import REGION
from tests.partners.authority.agency import Agency
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


def documents(settings: Settings) -> Counter[tuple[str, bytes]]:
    """How often each document stands in the file, by its stream."""
    with sqlite3.connect(settings.keys_folder.parent / "authority" / f"{USER}.db") as file:
        return Counter(file.execute("SELECT stream, payload FROM heard").fetchall())


async def told_on(operator: Client, stream: str, subject: str) -> Counter[tuple[str, bytes]]:
    """What the bus keeps of a stream on a subject, byte for byte."""
    found = read_record(operator, stream, name="operator")
    return Counter(
        [(stream, message.data) async for message in found if re.fullmatch(subject, message.subject) is not None]
    )


def has_kept(settings: Settings, enough: int) -> bool:
    """Whether so many cases are kept."""
    return len(kept(settings)) >= enough


async def test_a_week_away_and_killed_in_the_middle_misses_nothing(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """What was told meanwhile is read, over a restart of the bus and two kills: each event is kept exactly once."""
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
    assert [f"C-{number:04}" for number in range(MANY + 10)] == kept(settings)
    told = await told_on(operator, "CASES", r"case\..*")
    assert (MANY + 10, told) == (told.total(), documents(settings))
    process = await following(settings, "--once")
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"" == out


async def test_raw_bytes_are_kept_and_what_cannot_be_read_too(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """The document stands as it came; an event of a later version is kept too, and it is said that it is not read."""
    enforcement = await server.connect("enforcement")
    await enforcement.jetstream().publish("case.transferred.v1.21.02.83", b'{"later": true}')
    await enforcement.close()
    await tell(server, 1, 1)
    process = await following(settings, "--once")
    out, said = await asyncio.wait_for(process.communicate(), 60)
    assert (0, 1) == (process.returncode, out.decode().count("C-0001 is received"))
    assert 1 == said.decode().count("\n")
    assert "case.transferred.v1.21.02.83 is kept as it came, but cannot be read" in said.decode()
    assert ["C-0001"] == kept(settings)
    assert await told_on(operator, "CASES", r"case\..*") == documents(settings)


async def test_exchange_that_goes_away_while_it_is_read_is_not_taken_for_the_end(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """With --once the command ends with exit code 3; read on later, each event was told exactly once."""
    del operator
    await tell(server, 0, MANY)
    process = await following(settings, "--once")
    await until(functools.partial(has_kept, settings, 20), seconds=30)
    server.kill()
    first, said = await asyncio.wait_for(process.communicate(), 60)
    assert (3, True) == (process.returncode, b"does not answer" in said)
    server.start()
    second = b""
    while len(kept(settings)) < MANY:
        process = await following(settings, "--once")
        out, said = await asyncio.wait_for(process.communicate(), 60)
        assert (0, b"") == (process.returncode, said)
        second += out
    told = re.findall(r"Case (C-\d+) is", (first + second).decode())
    assert [f"C-{number:04}" for number in range(MANY)] == sorted(told)


async def test_outage_is_waited_out(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Without --once the program says that the exchange is away and is back, and goes on until it is stopped."""
    del operator
    process = await following(settings)
    assert process.stderr
    assert b"Following what police-210283 is told" in await asyncio.wait_for(process.stderr.readline(), 30)
    await tell(server, 0, 1)
    await until(functools.partial(has_kept, settings, 1), seconds=30)
    server.kill()
    assert b"is away since" in await asyncio.wait_for(process.stderr.readline(), 30)
    server.start()
    await tell(server, 1, 1)
    await until(functools.partial(has_kept, settings, 2), seconds=30)
    process.send_signal(signal.SIGINT)
    out, said = await asyncio.wait_for(process.communicate(), 30)
    assert (0, 1) == (process.returncode, said.count(b"The exchange is back"))
    assert ["C-0000", "C-0001"] == re.findall(r"Case (C-\d+) is", out.decode())


async def test_receipts_are_heard_and_kept_too(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The exchange's answer to what was said elsewhere with the same key is told, kept as it came, and is no case."""
    enforcement = await server.connect("enforcement")
    receipt = RequestRefused(
        party="police.210283",
        event_id="e1",
        request=PoliceReceived.TYPE,
        number="C-UNKNOWN",
        reason=RefusalReason.UNKNOWN_CASE,
        where="data.case_no",
        explanation="There is no case C-UNKNOWN; check the number.",
    )
    subject = entry_of(RequestRefused).subject(REGION, "police.210283")
    source = source_of("enforcement")
    payload = seal(receipt, source=source, event_id="r1", time=datetime.now(UTC), region=REGION)
    await enforcement.jetstream().publish(subject, payload)
    await enforcement.close()
    process = await following(settings, "--once")
    out, said = await asyncio.wait_for(process.communicate(), 60)
    assert (0, b"") == (process.returncode, said)
    assert "C-UNKNOWN refused (unknown_case)" in out.decode()
    assert ([], await told_on(operator, "RECEIPTS", r"receipt\.police\..*")) == (kept(settings), documents(settings))


async def test_exchange_that_is_away_is_said(server: NatsServer, settings: Settings, operator: Client) -> None:
    """With --once the command gives up after some seconds, with exit code 3 and what to do."""
    del operator
    server.kill()
    process = await following(settings, "--once")
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert 3 == process.returncode
    assert b"does not answer" in said


async def test_answer_is_heard_while_another_program_follows(agency: Agency) -> None:
    """Whichever of the two reads the receipt, the command that answers says it, and it is kept once."""
    settings = agency.shell.settings
    process = await following(settings)
    await until(functools.partial(has_kept, settings, 1), seconds=30)
    for line in ("receive", "file"):
        version = (await agency.case()).version
        said = await agency.types(f"authority {line} {agency.case_no} --version {version}", USER)
        assert "Accepted: The police " in said
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 30)
    await agency.types("authority follow --once", USER)
    receipts = Counter({one: count for one, count in documents(settings).items() if one[0] == "RECEIPTS"})
    told = await told_on(agency.operator, "RECEIPTS", r"receipt\.police\..*")
    assert (2, told) == (told.total(), receipts)
