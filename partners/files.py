"""What the files of one person on this machine have in common: SQLite, beside the keys."""

import contextlib
import sqlite3
from collections.abc import Iterator


@contextlib.contextmanager
def all_or_nothing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """What is written within is kept together."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
