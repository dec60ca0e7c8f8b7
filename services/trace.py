"""The path of one sample, read from the services' own databases: what each told in answer to what.

Every service keeps what it told under the event that it answered, so the path is followed from cause to answer; it can
be read while the system is stopped.
"""

import contextlib
import functools
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.alerts import store as alerts
from services.clocks_listed import minute
from services.enforcement import store as enforcement
from services.insurance import store as insurance
from services.reading import DATABASE_EXAMPLE
from services.sampling import store as sampling
from shared.contracts.catalogue import ServiceName
from shared.database import Database
from shared.envelope import Envelope, open_envelope
from shared.failure import CannotStartError
from shared.settings import Settings
from shared.tables import Tables

TABLES: dict[ServiceName, Tables] = {
    "sampling": sampling.tables,
    "alerts": alerts.tables,
    "enforcement": enforcement.tables,
    "insurance": insurance.tables,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened on the path."""

    time: datetime
    teller: str
    sentence: str
    reasons: tuple[str, ...] = ()
    key: str = ""
    """Source and id of the event, where it is one."""
    case_no: str = ""
    """The case that it is about, where there is one."""


def step_of(envelope: Envelope[Any], time: datetime) -> Step:
    """An event as a step, at this time."""
    event = envelope.data
    teller = envelope.source.removeprefix("urn:shian:").replace(":", ".")
    return Step(time, teller, event.sentence(), _reasons(event), envelope.key, getattr(event, "case_no", None) or "")


async def trace(settings: Settings, sample_no: str) -> list[Step]:
    """Every step on one sample's path, oldest first; empty when no report on it was taken."""
    async with _databases(settings) as databases:
        async with databases["sampling"].read() as connection:
            keys = await sampling.acts.keys_on(connection, sample_no)
        steps: list[Step] = []
        for key in keys:
            await _follow(databases, key, steps)
        steps += await _caused_elsewhere(databases, sample_no, {step.key for step in steps})
        steps += await _clocks(databases["sampling"], sample_no)
    return sorted(steps, key=lambda step: step.time)


async def _follow(databases: dict[ServiceName, Database], key: str, steps: list[Step]) -> None:
    for service, database in databases.items():
        told = TABLES[service].told
        async with database.read() as connection:
            rows = (await connection.execute(select(told).where(told.c.cause_id == key).order_by(told.c.n))).all()
        for row in rows:
            if row.stream == "DEAD":
                continue
            _, envelope = open_envelope(row.subject, row.payload)
            steps.append(step_of(envelope, envelope.time))
            await _follow(databases, envelope.key, steps)


def _reasons(event: Any) -> tuple[str, ...]:
    """The citations of a decision, each with its mark when the source is unverified."""
    return tuple(
        f"{reason.rule}: {reason.citation}{'' if reason.verified else ' [unverified]'}"
        for reason in getattr(event, "reasons", ())
        if reason.citation
    )


def mentions(document: bytes, name: str) -> bool:
    """Whether a name may stand in a document of JSON: most do not hold it, and are not worth reading."""
    return any(spelling in document for spelling in _spellings(name))


@functools.lru_cache(maxsize=64)
def _spellings(name: str) -> tuple[bytes, ...]:
    return name.encode(), json.dumps(name)[1:-1].encode()


async def _caused_elsewhere(databases: dict[ServiceName, Database], sample_no: str, known: set[str]) -> list[Step]:
    """What was told of the sample in answer to something else, such as a policy that came late or a case's step."""
    steps = []
    for service in ("alerts", "enforcement", "insurance"):
        told = TABLES[service].told
        async with databases[service].read() as connection:
            async for row in await connection.stream(select(told).where(told.c.stream != "DEAD")):
                if not mentions(row.payload, sample_no):
                    continue
                _, envelope = open_envelope(row.subject, row.payload)
                if envelope.trace == sample_no and envelope.key not in known:
                    steps.append(step_of(envelope, envelope.time))
    return steps


async def _clocks(database: Database, sample_no: str) -> Sequence[Step]:
    clock = sampling.tables.clock
    async with database.read() as connection:
        rows = (await connection.execute(select(clock).where(clock.c.trace == sample_no))).all()
    return [
        Step(row.started, "sampling", f"Clock {row.clock} runs until {minute(row.due)}, {_state(row)}.") for row in rows
    ]


def _state(row: Any) -> str:
    if row.stopped and row.stopped <= row.due:
        return f"stopped in time at {minute(row.stopped)}"
    return f"missed, done at {minute(row.stopped)}" if row.stopped else "not stopped yet"


def _unreadable(database: Database, reason: str) -> CannotStartError:
    address = database.url.render_as_string(hide_password=True)
    message = (
        f"The database {address} cannot be read ({reason}): run `make demo` first, or set SHIAN_DATABASE_URL, such as "
        f"{DATABASE_EXAMPLE}."
    )
    return CannotStartError(message)


@contextlib.asynccontextmanager
async def _databases(settings: Settings) -> AsyncIterator[dict[ServiceName, Database]]:
    if "{service}" not in settings.database_url:
        message = (
            "SHIAN_DATABASE_URL names one database, and a path goes through that of each service: write {service} "
            f"where the service's name belongs, such as {DATABASE_EXAMPLE}."
        )
        raise CannotStartError(message)
    databases = {service: Database(settings.database_of(service)) for service in TABLES}
    for database in databases.values():
        if not database.exists():
            raise _unreadable(database, "there is no such file")
    try:
        yield databases
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).split("\n")[0]
        raise _unreadable(databases["sampling"], reason) from error
    finally:
        for database in databases.values():
            await database.close()
