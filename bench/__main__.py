"""``make bench``: the arms interleaved, several rounds in one run, medians and ratios.

Every round has a nats-server of its own with ``sync_interval: always`` and the same stored events. Besides, the time
from publish to a referral held by the police, on an idle system.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from nats.aio.client import Client

from bench import arms
from bench.latency import publish_to_referral
from bench.load import reports
from demo.forms import made_accreditations, made_forms
from demo.reports import Sending
from services.children import Child
from services.provision import make_streams
from services.system import free_port, listening, nats_server
from shared.connection import connect
from shared.contracts.catalogue import SERVICES
from shared.keys import public_key_of, seed_in
from shared.permissions import INSIDERS, Grant, grants, server_config
from shared.settings import Settings
from tests.servers.installation import PostgresMissingError
from tests.servers.postgres import PostgresServer


async def one_round(number: int, count: int, naive_count: int, postgres: PostgresServer | None) -> dict[str, float]:
    """One server, the same events for every arm; events per second by arm."""
    rates: dict[str, float] = {}
    databases = {"sqlite": None, "postgresql": postgres}
    for kind, server in databases.items():
        if kind == "postgresql" and server is None:
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = _database(folder, number, server)
            settings = Settings(
                nats_url=f"nats://127.0.0.1:{free_port()}", keys_folder=folder / "keys", database_url=url
            )
            async with _bus(folder, settings) as client:
                load = list(reports(count, number))
                await _store(client, [*made_accreditations(), *made_forms(load, datetime.now(UTC))])
                await arms.register(client, settings)
                await _store(client, load)
                rates[f"ceiling beside {kind}"] = count / await arms.ceiling(client, count)
                rates[f"journal {kind}"] = count / await arms.journal(client, settings)
                rates[f"naive {kind}"] = naive_count / await arms.naive(client, settings, naive_count)
    return rates


def _database(folder: Path, number: int, postgres: PostgresServer | None) -> str:
    if postgres is None:
        return f"sqlite+aiosqlite:///{folder}/{{service}}.db"
    for service in ("sampling", "naive"):
        postgres.create_database(f"bench{number}_{service}")
    return postgres.url(f"bench{number}_SERVICE").replace("SERVICE", "{service}")


@contextlib.asynccontextmanager
async def _bus(folder: Path, settings: Settings) -> AsyncIterator[Client]:
    """A server with the exchange's streams, and a user for the benchmark who may do everything."""
    insiders = {user: public_key_of(seed_in(settings.keys_folder, user)) for user in INSIDERS}
    bench = Grant("bench", public_key_of(seed_in(settings.keys_folder, "bench")), [">"], [">"])
    listen = settings.nats_url.removeprefix("nats://")
    config = server_config((*grants((), insiders), bench), listen=listen, store=folder / "jetstream")
    (folder / "server.conf").write_text(config, "utf-8")
    server = Child("nats-server", [nats_server(), "-c", str(folder / "server.conf")], {}, folder / "nats.log")
    await server.start(lambda: listening(int(listen.rpartition(":")[2])))
    try:
        await make_streams(settings, ())
        client = await connect(settings, "bench")
        try:
            yield client
        finally:
            await client.close()
    finally:
        await server.stop()


async def _store(client: Client, sendings: Sequence[Sending]) -> None:
    """Put events on the bus, and see that they are stored."""
    jetstream = client.jetstream()
    stored = (await jetstream.stream_info("PARTNERS")).state.messages + len(sendings)
    for sending in sendings:
        await client.publish(sending.subject, sending.payload, headers={"Nats-Msg-Id": sending.message_id})
    await client.flush()
    deadline = time.monotonic() + 60
    while (await jetstream.stream_info("PARTNERS")).state.messages < stored:
        if time.monotonic() > deadline:
            message = "the bus did not store the load within a minute"
            raise TimeoutError(message)
        await asyncio.sleep(0.05)


@contextlib.contextmanager
def _postgres() -> Iterator[PostgresServer | None]:
    try:
        server = PostgresServer()
    except PostgresMissingError as error:
        print(f"without PostgreSQL: {error}")  # noqa: T201
        yield None
        return
    with server:
        yield server


def _report(rounds: list[dict[str, float]]) -> None:
    medians = {arm: statistics.median(one[arm] for one in rounds) for arm in rounds[0]}
    print(f"\nmedians of {len(rounds)} rounds, events per second (lowest to highest):")  # noqa: T201
    for arm, median in medians.items():
        rates = sorted(one[arm] for one in rounds)
        print(f"  {arm:<28} {median:>9,.0f}   ({rates[0]:,.0f} to {rates[-1]:,.0f})")  # noqa: T201
    for kind in ("sqlite", "postgresql"):
        if f"journal {kind}" in medians:
            share = statistics.median(one[f"journal {kind}"] / one[f"ceiling beside {kind}"] for one in rounds)
            times = statistics.median(one[f"journal {kind}"] / one[f"naive {kind}"] for one in rounds)
            print(f"  {kind}: {share:.2f} of the ceiling, {times:.1f} times the naive way")  # noqa: T201


async def main(rounds: int, count: int, naive_count: int, referrals: int) -> None:
    """Run the benchmark and print what was measured."""
    results = []
    with _postgres() as postgres:
        for number in range(rounds):
            results.append(await one_round(number, count, naive_count, postgres))
            print(f"round {number + 1}: " + ", ".join(f"{arm} {rate:,.0f}/s" for arm, rate in results[-1].items()))  # noqa: T201
    _report(results)
    times = sorted(await publish_to_referral(referrals))
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"publish to referral held by the police, idle system, {len(times)} referrals:", end=" ")  # noqa: T201
    print(f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")  # noqa: T201
    print(f"services on SQLite: {', '.join(SERVICES)}, each its own process")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=10_000, help="events per round")
    parser.add_argument("--naive-count", type=int, default=600, help="of which the naive way handles so many")
    parser.add_argument("--referrals", type=int, default=100)
    given = parser.parse_args()
    os.environ.setdefault("SHIAN_LOG_LEVEL", "warning")  # or the screen shows the decisions
    uvloop.run(main(given.rounds, given.count, given.naive_count, given.referrals))
