"""What the sampling service keeps in its database, read and written from beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from services.sampling import store
from shared.clocks import Start, start_clocks
from shared.database import Database
from shared.heard import Work
from shared.migrations import make_ready
from shared.settings import Settings
from tests.examples import REGION


@asynccontextmanager
async def database_of_sampling(settings: Settings) -> AsyncIterator[Database]:
    """The service's database, with its tables."""
    database = Database(settings.database_of("sampling"))
    await make_ready(database, "sampling")
    yield database
    await database.close()


async def clocks(settings: Settings) -> dict[str, Any]:
    """The clocks that run or ran, by name."""
    async with database_of_sampling(settings) as database, database.read() as connection:
        rows = (await connection.execute(select(store.tables.clock))).all()
    return {row.clock: row for row in rows}


async def start_clock(settings: Settings, clock: str, started: datetime, due: datetime, **changes: Any) -> None:
    """Start a clock that runs for sample S-1, and change it at will."""
    async with database_of_sampling(settings) as database, database.write() as connection:
        start = Start(clock=clock, trace="S-1", region=REGION, started=started, due=due)
        await start_clocks(Work("sampling", datetime.now(UTC), connection), store.tables, [start])
        if changes:
            await connection.execute(store.tables.clock.update().values(changes))
