"""Reading a service's own database where the agency keeps it, for what the office looks up and prints.

Nothing is changed. Who acts on what is found says so on the bus, with a key of their own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.catalogue import ServiceName
from shared.database import Database
from shared.failure import CannotStartError
from shared.settings import from_environment

T = TypeVar("T")

DATABASE_EXAMPLE = "sqlite+aiosqlite:////srv/shian/var/{service}.db"
"""What SHIAN_DATABASE_URL may look like; an absolute path has four strokes."""


def read(query: Callable[[AsyncConnection], Awaitable[T]], service: ServiceName = "sampling") -> T:
    """What a query finds; raises CannotStartError where there is no such database, or it cannot be read."""
    return asyncio.run(_read(query, service))


async def _read(query: Callable[[AsyncConnection], Awaitable[T]], service: ServiceName) -> T:
    database = Database(from_environment().database_of(service))
    if not database.exists():
        raise _unreadable(database, service, "there is no such file")
    try:
        async with database.read() as connection:
            return await query(connection)
    except (SQLAlchemyError, OSError) as error:
        raise _unreadable(database, service, str(error).split("\n")[0]) from error
    finally:
        await database.close()


def _unreadable(database: Database, service: ServiceName, reason: str) -> CannotStartError:
    address = database.url.render_as_string(hide_password=True)
    message = (
        f"The database of {service}, {address}, cannot be read ({reason}); set SHIAN_DATABASE_URL to its place, such "
        f"as {DATABASE_EXAMPLE}."
    )
    return CannotStartError(message)
