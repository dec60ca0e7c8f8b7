"""Reading a record to its end, however large its messages are and whatever happens on the way."""

import asyncio
from datetime import UTC, datetime

import pytest
from nats.aio.client import Client

from shared import record
from shared.record import AT_ONCE, read_record
from tests.servers.nats import NatsServer

SUBJECT = "food.sample.failed.v1.21.02.83"


async def say(server: NatsServer, *payloads: bytes) -> None:
    """Sampling publishes these, as they are."""
    sampling = await server.connect("sampling")
    stream = sampling.jetstream(timeout=30)
    await asyncio.gather(*(stream.publish(SUBJECT, payload) for payload in payloads))
    await sampling.close()


async def test_record_of_large_events_is_read_whole(server: NatsServer, operator: Client) -> None:
    """More than the server lets wait for one reader is read in parts that it does, each message once and in order."""
    payloads = [str(number).encode().ljust(900_000) for number in range(100)]
    await say(server, *payloads)
    read = [int(message.data.strip()) async for message in read_record(operator, "FOOD", name="operator")]
    assert sorted(read) == list(range(100))


async def test_reading_goes_on_behind_a_restart_of_the_bus(
    server: NatsServer, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bus forgets the reader's consumer when it restarts: the reading goes on where it was, once and in order."""
    monkeypatch.setattr(record, "PATIENCE", 1.0)
    await operator.close()
    await say(server, *(b"%d" % number for number in range(3 * AT_ONCE)))
    client = await server.connect("operator", max_reconnect_attempts=-1, reconnect_time_wait=0.05)
    sequences = []
    async for message in read_record(client, "FOOD", name="operator"):
        sequences.append(message.metadata.sequence.stream)
        if len(sequences) == AT_ONCE:
            server.stop()
            server.start()
    await client.close()
    assert sequences == list(range(1, 3 * AT_ONCE + 1))


async def test_reading_goes_on_behind_a_consumer_that_was_taken_away(server: NatsServer, operator: Client) -> None:
    """A second reading under the same name disturbs the first, which misses nothing and reads nothing twice."""
    await say(server, *(b"%d" % number for number in range(3 * AT_ONCE)))
    sequences = []
    async for message in read_record(operator, "FOOD", name="operator"):
        sequences.append(message.metadata.sequence.stream)
        if len(sequences) == AT_ONCE:
            assert 3 * AT_ONCE == len([one async for one in read_record(operator, "FOOD", name="operator")])
    assert sequences == list(range(1, 3 * AT_ONCE + 1))


async def test_what_is_said_meanwhile_is_not_waited_for(server: NatsServer, operator: Client) -> None:
    """A record is read to the end that it had at the beginning, or from a time on."""
    await say(server, b"1", b"2")
    read = []
    async for message in read_record(operator, "FOOD", name="operator"):
        read.append(message.data)
        await say(server, b"3")
    assert {b"1", b"2"} == set(read)
    later = datetime.now(UTC)
    await say(server, b"4")
    assert [b"4"] == [message.data async for message in read_record(operator, "FOOD", name="operator", since=later)]


async def test_bus_that_stays_silent_ends_the_reading(
    server: NatsServer, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bus that does not come back is an error that says what was not read, and no short record."""
    monkeypatch.setattr(record, "LONGEST_SILENCE", 0.0)
    await operator.close()
    await say(server, *(b"%d" % number for number in range(2 * AT_ONCE)))
    client = await server.connect("operator")
    read: list[bytes] = []

    async def read_on() -> None:
        async for message in read_record(client, "FOOD", name="operator"):
            read.append(message.data)
            if len(read) == AT_ONCE:
                await client.jetstream().delete_consumer("FOOD", "operator")

    with pytest.raises(TimeoutError, match=f"FOOD stayed silent with {AT_ONCE} message"):
        await read_on()
    await client.close()
    assert len(read) == AT_ONCE
