"""What the tests of the sampling service share."""

from collections.abc import AsyncIterator

import pytest

from shared.database import Database
from shared.migrations import make_ready


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sampling service's database, on SQLite and on PostgreSQL."""
    database = Database(database_url.replace("{service}", "sampling"))
    await make_ready(database, "sampling")
    yield database
    await database.close()
