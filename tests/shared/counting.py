"""A process that counts in a database: it reads a number, adds one and writes it back.

``python -m tests.shared.counting URL TIMES``
"""

import asyncio
import sys

from sqlalchemy import text

from shared.database import Database


async def count(url: str, times: int) -> None:
    """Add one, read and written in one transaction, so many times."""
    database = Database(url)
    for _ in range(times):
        async with database.write() as connection:
            n = (await connection.execute(text("SELECT n FROM counter"))).scalar_one()
            await connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
    await database.close()


if __name__ == "__main__":
    asyncio.run(count(sys.argv[1], int(sys.argv[2])))
