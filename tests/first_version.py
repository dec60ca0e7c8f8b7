"""An exchange that the first version served: its bus and its databases, as that version made and wrote them.

``first_version.json`` was taken from the services of the first version while they ran: the configuration of streams and
durables, what partners said, and every row. Laboratory L0142 had sent five reports: R-1 is late and R-2 is not, both of
malachite green in carp, R-3 of procymidone in leek, R-4 passes, R-5 is unclear. The producer of the first carp and the
seller of the leek were insured.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from nats.aio.client import Client
from nats.js.api import ConsumerConfig, StreamConfig
from sqlalchemy import Column, Connection, MetaData, insert

from shared.contracts import ResultReported, address_of
from shared.contracts.catalogue import SERVICES, ServiceName
from shared.database import Database
from shared.envelope import open_envelope
from shared.migrations import alembic_config
from shared.permissions import STEWARD, inbox_prefix
from shared.settings import Settings
from tests.servers.nats import NatsServer

Row = dict[str, Any]


@cache
def taken() -> dict[str, Any]:
    """Everything that was taken of the first version."""
    kept: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return kept


def rows_of(service: ServiceName) -> dict[str, list[Row]]:
    """The rows of a service, by table."""
    rows: dict[str, list[Row]] = taken()["rows"][service]
    return rows


def old_report(number: int) -> ResultReported:
    """A report as laboratory L0142 sent it to the first version."""
    subject = "lab.L0142.result.reported.v1.21.02.83"
    said = [message["data"].encode() for message in taken()["said"] if message["subject"] == subject]
    event = open_envelope(subject, said[number - 1])[1].data
    assert isinstance(event, ResultReported)
    return event


async def write_databases(settings: Settings) -> None:
    """Make the four databases as the first version had them."""
    for service in SERVICES:
        database = Database(settings.database_of(service))
        await write(database, service)
        await database.close()


async def write(database: Database, service: ServiceName) -> None:
    """Make the tables of a service as the first version had them, with the rows that it wrote."""
    async with database.write() as connection:
        await connection.run_sync(_write, service)


def _write(connection: Connection, service: ServiceName) -> None:
    command.upgrade(alembic_config(service, connection), f"{service}_0001")
    tables = MetaData()
    tables.reflect(connection)
    for name, rows in rows_of(service).items():
        columns = tables.tables[name].columns
        typed = [{key: _typed(columns[key], value) for key, value in row.items()} for row in rows]
        connection.execute(insert(tables.tables[name]), typed)


def _typed(column: Column[Any], value: Any) -> Any:
    kind = column.type.python_type
    if value is None:
        return None
    if kind is date:
        return date.fromisoformat(value)
    return value.encode() if kind is bytes else kind(value)


async def write_bus(server: NatsServer) -> None:
    """Make the streams and durables as the first version had them, with all that was said and heard."""
    steward = await server.connect(STEWARD)
    jetstream = steward.jetstream()
    for stream in taken()["streams"]:
        await jetstream.add_stream(StreamConfig.from_response(dict(stream)))
    for one in taken()["consumers"]:
        await jetstream.add_consumer(one["stream"], ConsumerConfig.from_response(dict(one["config"])))
    for message in taken()["said"]:
        teller = address_of(message["subject"])
        await _say(server, f"{message['subject'].partition('.')[0]}-{teller.party}", [message])
    for service in SERVICES:
        await _say(server, service, told_by(service))
    for one in taken()["consumers"]:
        if (name := one["config"]["durable_name"]) in SERVICES:
            await _hear_all(server, steward, one["stream"], name)
    await steward.close()


def told_by(service: ServiceName) -> list[Row]:
    """What a service told, in the order in which it told it."""
    tables = rows_of(service)
    causes = [cause for batch in tables["batch"] for cause in json.loads(batch["causes"])]
    told = sorted(tables["told"], key=lambda row: (causes.index(row["cause_id"]), row["n"]))
    return [
        {"subject": row["subject"], "headers": {"Nats-Msg-Id": row["event_id"]}, "data": row["payload"]} for row in told
    ]


async def _say(server: NatsServer, user: str, messages: Sequence[Row]) -> None:
    client = await server.connect(user)
    for message in messages:
        headers = message["headers"]
        await client.jetstream().publish(message["subject"], message["data"].encode(), headers=headers)
    await client.close()


async def _hear_all(server: NatsServer, steward: Client, stream: str, service: str) -> None:
    client = await server.connect(service)
    prefix = f"{inbox_prefix(service)}.".encode()
    subscription = await client.jetstream().pull_subscribe_bind(service, stream, inbox_prefix=prefix)
    while waiting := (await steward.jetstream().consumer_info(stream, service)).num_pending:
        for message in await subscription.fetch(waiting, timeout=5):
            await message.ack_sync()
    await client.close()
