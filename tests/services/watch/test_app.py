"""The watch on a real bus: what waits and since when, dead letters, durability, and a bus that goes away."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from services.watch.app import build
from shared.failure import CannotStartError
from shared.permissions import WATCH, WATCH_OF_SERVERS
from shared.settings import Settings
from tests.examples import failed_sample
from tests.servers.nats import NatsServer
from tests.speaking import publish, until

SOON = 12
"""Seconds within which a look must have shown it; there is one every five."""
AGAIN = 10.0
"""Seconds within which an unacknowledged message is handed out again, and some more."""


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Run the watch; a client of its pages."""
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://w") as client:
        yield client


@pytest.fixture
async def watch(settings: Settings, operator: Client, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the watch's pages."""
    del operator
    token = tmp_path / "token"
    token.write_text("secret\n")
    app = build(settings.model_copy(update={"revision": "abc1234", "alerts_token_file": token}), [tmp_path])
    async with running(app) as client:
        yield client


async def test_alerts_are_taken_with_the_token_of_the_file(watch: httpx.AsyncClient) -> None:
    """Who shows what the file holds, without its line end, is heard; who shows nothing is not."""
    codes = [
        (await watch.post("/alerts", json={"receiver": "r", "alerts": []}, headers=headers)).status_code
        for headers in ({}, {"Authorization": "Bearer secret"})
    ]
    assert [401, 204] == codes


async def value(watch: httpx.AsyncClient, name: str, **labels: str) -> float | None:
    """One sample of the page, or none where it is not there."""
    page = await watch.get("/metrics")
    for family in text_string_to_metric_families(page.text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None


async def is_seen(watch: httpx.AsyncClient) -> bool:
    """Whether the watch has seen the bus in full."""
    return (await watch.get("/health")).status_code == 200


async def says(watch: httpx.AsyncClient, faults: list[str]) -> bool:
    """Whether the page says these faults and no others, each on a line that begins so."""
    lines = (await watch.get("/health")).text.splitlines()
    return len(lines) == len(faults) and all(line.startswith(fault) for line, fault in zip(lines, faults, strict=True))


async def test_bus_is_shown(watch: httpx.AsyncClient, server: NatsServer, tmp_path: Path) -> None:
    """Its server, that it syncs, its streams' copies, and the disk of a folder."""
    await until(lambda: is_seen(watch))
    name = f"127.0.0.1:{server.port}"
    assert 1 == await value(watch, "shian_bus_server_sync_always", server=name)
    assert 0 < (await value(watch, "shian_bus_server_storage_limit_bytes", server=name) or 0)
    assert 1 == await value(watch, "shian_stream_replicas", stream="CASES", state="current")
    assert 1 == await value(watch, "shian_stream_replicas_wanted", stream="CASES")
    assert 0 == await value(watch, "shian_dead_letters", service="alerts")
    assert 0 < (await value(watch, "shian_disk_free_bytes", folder=str(tmp_path)) or 0)
    assert (await value(watch, "shian_watch_last_look_timestamp_seconds") or 0) <= time.time()


async def test_server_that_does_not_sync_is_shown(settings: Settings, server: NatsServer, operator: Client) -> None:
    """A server whose acknowledged writes a power cut may lose says so."""
    await operator.close()
    server.stop()
    server.configure("sync_interval: always", "sync_interval: 2m")
    server.start()
    app = build(settings)
    async with running(app) as watch:
        await until(lambda: is_seen(watch))
        assert 0 == await value(watch, "shian_bus_server_sync_always", server=f"127.0.0.1:{server.port}")


async def test_what_waits_is_shown_with_its_age(watch: httpx.AsyncClient, server: NatsServer) -> None:
    """What nobody took is pending, what was handed out is unacknowledged; the age is that of the oldest of both."""
    at = {"stream": "FOOD", "consumer": "alerts"}
    sampling = await server.connect("sampling")
    for number in "123":
        await publish(sampling, "sampling", failed_sample(number), event_id=number)
    published = time.time()
    alerts = await server.connect("alerts")
    durable = await alerts.jetstream().pull_subscribe_bind("alerts", "FOOD", inbox_prefix=b"_INBOX_alerts.")
    first, _ = await durable.fetch(2)

    async def are(pending: int, unacknowledged: int) -> bool:
        shown = [
            await value(watch, "shian_consumer_pending", **at),
            await value(watch, "shian_consumer_unacknowledged", **at),
        ]
        return [pending, unacknowledged] == shown

    await until(lambda: are(1, 2), seconds=SOON)
    assert 0 < (await value(watch, "shian_consumer_oldest_seconds", **at) or 0) <= time.time() - published + 1
    await first.ack()
    for message in await durable.fetch(1):
        await message.ack()
    await until(lambda: are(0, 1), seconds=SOON)
    for message in await durable.fetch(1, timeout=AGAIN):  # handed out again
        await message.ack()
    await until(lambda: are(0, 0), seconds=SOON)
    assert 0 == await value(watch, "shian_consumer_oldest_seconds", **at)
    await sampling.close()
    await alerts.close()


async def test_partner_who_does_not_listen_is_shown(watch: httpx.AsyncClient, server: NatsServer) -> None:
    """What a partner's durable holds for it shows as well; the age skips what it does not hear."""
    at = {"stream": "FOOD", "consumer": "officer-O001"}
    sampling = await server.connect("sampling")
    await publish(sampling, "sampling", failed_sample("1"), event_id="1", region="21.02.02")  # another county's
    await publish(sampling, "sampling", failed_sample("2"), event_id="2")

    async def waits() -> bool:
        return await value(watch, "shian_consumer_pending", **at) == 1

    await until(waits, seconds=SOON)
    assert 0 < (await value(watch, "shian_consumer_oldest_seconds", **at) or 0)
    await sampling.close()


async def test_dead_letters_are_counted_by_service(watch: httpx.AsyncClient, server: NatsServer) -> None:
    """A dead letter shows under the service that wrote it."""
    alerts = await server.connect("alerts")
    await alerts.jetstream().publish("dead.alerts", b"?", headers={"Nats-Msg-Id": "1"})

    async def shows() -> bool:
        return await value(watch, "shian_dead_letters", service="alerts") == 1

    await until(shows, seconds=SOON)
    assert 0 == await value(watch, "shian_dead_letters", service="sampling")
    await alerts.close()


async def test_bus_that_is_away_leaves_nothing_to_believe(watch: httpx.AsyncClient, server: NatsServer) -> None:
    """With the bus away the page is red and its gauges are gone; with the bus back both are as before."""
    await until(lambda: is_seen(watch))
    at = {"stream": "FOOD", "consumer": "alerts"}
    assert 0 == await value(watch, "shian_consumer_pending", **at)
    server.kill()

    async def is_blind() -> bool:
        return (await watch.get("/health")).status_code == 503

    await until(is_blind, seconds=20)
    assert await value(watch, "shian_consumer_pending", **at) is None
    assert 0 < (await value(watch, "shian_watch_failures_total") or 0)
    server.start()
    await until(lambda: is_seen(watch), seconds=20)
    assert 0 == await value(watch, "shian_consumer_pending", **at)


async def test_disk_that_cannot_be_read_takes_nothing_else_away(
    settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """The page names its folder, and its size is gone until it is back; the bus and the other disk stand."""
    del operator
    disk, other = tmp_path / "disk", tmp_path / "other"
    folder = disk / "data"
    for one in (folder, other):
        one.mkdir(parents=True)
    at = {"stream": "FOOD", "consumer": "alerts"}
    async with running(build(settings, [folder, other])) as watch:
        await until(lambda: is_seen(watch))
        assert 1 == await value(watch, "shian_disk_readable", folder=str(folder))
        assert 0 < (await value(watch, "shian_disk_size_bytes", folder=str(folder)) or 0)
        folder.rmdir()
        disk.rmdir()
        disk.write_text("no folder", "utf-8")
        await until(lambda: says(watch, [f"The disk of {folder} cannot be read: Not a directory"]), seconds=SOON)
        assert 503 == (await watch.get("/health")).status_code
        assert 0 == await value(watch, "shian_disk_readable", folder=str(folder))
        assert await value(watch, "shian_disk_free_bytes", folder=str(folder)) is None
        assert await value(watch, "shian_disk_size_bytes", folder=str(folder)) is None
        assert 1 == await value(watch, "shian_disk_readable", folder=str(other))
        assert 0 < (await value(watch, "shian_disk_free_bytes", folder=str(other)) or 0)
        assert 0 == await value(watch, "shian_consumer_pending", **at)
        assert 0 == await value(watch, "shian_watch_failures_total")
        disk.unlink()
        folder.mkdir(parents=True)
        await until(lambda: is_seen(watch), seconds=SOON)
        assert 0 < (await value(watch, "shian_disk_free_bytes", folder=str(folder)) or 0)


async def test_every_fault_is_named(settings: Settings, operator: Client, server: NatsServer, tmp_path: Path) -> None:
    """Two folders that are not there and a bus that went away are three lines; a disk that is there is still shown."""
    await operator.close()
    away = [tmp_path / "one", tmp_path / "two"]
    disks = [f"The disk of {folder} cannot be read: No such file or directory" for folder in away]
    async with running(build(settings, [*away, tmp_path])) as watch:
        await until(lambda: says(watch, disks), seconds=SOON)
        server.kill()
        await until(lambda: says(watch, [*disks, "The bus does not answer:"]), seconds=20)
        assert 0 < (await value(watch, "shian_disk_free_bytes", folder=str(tmp_path)) or 0)
        assert await value(watch, "shian_stream_messages", stream="FOOD") is None


async def test_bus_that_is_not_there_stops_the_start(settings: Settings, operator: Client, server: NatsServer) -> None:
    """The sentence names the address."""
    await operator.close()
    server.stop()
    app = build(settings)
    with pytest.raises(CannotStartError, match=settings.nats_url):
        async with running(app):
            pytest.fail("started")


@pytest.mark.parametrize(
    "subject", ["food.sample.failed.v1.21.02.83", "$JS.API.STREAM.DELETE.FOOD", "$JS.API.STREAM.PURGE.FOOD"]
)
async def test_watch_may_only_look(server: NatsServer, operator: Client, subject: str) -> None:
    """It can tell no event and change no stream."""
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    before = (await operator.jetstream().stream_info("FOOD")).state.messages
    client = await server.connect(WATCH, error_cb=note)
    await client.publish(subject, b"{}")
    await client.flush()
    await until(lambda: len(refused) == 1)
    assert before == (await operator.jetstream().stream_info("FOOD")).state.messages
    await client.close()


async def test_watch_of_servers_may_only_ask(server: NatsServer) -> None:
    """In the servers' own account it can ask how they are, and not tell them to reload or cut clients off."""
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    client = await server.connect(WATCH_OF_SERVERS, error_cb=note)
    await client.publish("$SYS.REQ.SERVER.X.RELOAD", b"")
    await client.publish("$SYS.REQ.SERVER.X.KICK", b"{}")
    await client.flush()
    await until(lambda: len(refused) == 2)
    await client.close()


async def test_servers_that_do_not_answer_are_no_bus_that_is_well(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Where the servers say nothing of themselves the page is red: nobody knows then whether the bus is durable."""
    await operator.close()
    server.stop()
    server.configure("$SYS.REQ.SERVER.PING.VARZ", "$SYS.REQ.SERVER.PING.NOTHING")
    server.start()
    async with running(build(settings)) as watch:

        async def has_failed() -> bool:
            return (await value(watch, "shian_watch_failures_total") or 0) > 0

        await until(has_failed, seconds=SOON)
        assert 503 == (await watch.get("/health")).status_code
