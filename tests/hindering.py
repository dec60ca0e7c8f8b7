"""Getting in a service's way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from shared.database import Database


@asynccontextmanager
async def locked(url: str, table: str = "heard") -> AsyncIterator[None]:
    """Hold the lock that a service needs to write what it heard, as another program would; or one on another table."""
    database = Database(url)
    try:
        async with database.engine.connect() as connection:
            # a transaction on SQLite begins with the lock
            lock = "SELECT 1" if database.is_sqlite else f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"
            await connection.execute(text(lock))
            yield
            await connection.rollback()
    finally:
        await database.close()
