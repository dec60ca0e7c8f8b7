"""Setting up and upgrading a service's database.

Each service has its own line of versions in ``services/<name>/migrations``; what all have in common is written once in
``journal``. An empty database is set up when a service starts; one of an older version stops the start with the command
that upgrades it, because an upgrade is the operator's decision. Who has decided sets ``SHIAN_UPGRADE``: then the first
replica that starts upgrades, and the others wait for it.
"""

import asyncio
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.engine import Connection

from shared.database import UNAVAILABLE, Database
from shared.failure import CannotStartError

_ADVISORY_LOCK = 0x5348_4941_4E


def alembic_config(service: str, connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    """Alembic's configuration of one service."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(files("shared"))) / "migrations"))
    config.set_main_option("version_locations", str(Path(str(files("services"))) / service / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


async def make_ready(database: Database, service: str, *, may_upgrade: bool = False) -> None:
    """Set up an empty database; raises CannotStartError for one of another version that it may not upgrade."""
    try:
        async with database.write() as connection:
            await connection.run_sync(_make_ready, service, may_upgrade)
    except UNAVAILABLE as error:
        address = database.url.render_as_string(hide_password=True)
        reason = str(error).split("\n")[0]
        message = f"The database of {service} at {address} cannot be used ({reason}); see SHIAN_DATABASE_URL."
        raise CannotStartError(message) from error


async def upgrade(database: Database, service: str) -> None:
    """Bring a database of any earlier version to this one."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade, service)


def _make_ready(connection: Connection, service: str, may_upgrade: bool) -> None:  # noqa: FBT001 - run_sync passes places
    _one_at_a_time(connection)
    scripts = ScriptDirectory.from_config(alembic_config(service))
    wanted = scripts.get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    if found == wanted:
        return
    is_empty = found is None and not inspect(connection).get_table_names()
    is_older = found in {script.revision for script in scripts.walk_revisions()}
    if is_empty or (is_older and may_upgrade):
        command.upgrade(alembic_config(service, connection), "head")
        return
    remedy = f"back it up, then run `python -m services.{service} upgrade`"
    if is_older:
        remedy += ", or start once with SHIAN_UPGRADE=true"
    elif found is not None:
        remedy = "it was written by a newer program or by another service; run that program, or name another database"
    message = f"The database of {service} is of version {found}, this program needs {wanted}: {remedy}."
    raise CannotStartError(message)


def _upgrade(connection: Connection, service: str) -> None:
    _one_at_a_time(connection)
    command.upgrade(alembic_config(service, connection), "head")


def _one_at_a_time(connection: Connection) -> None:
    """Two replicas that start together must not both change the database; SQLite's write lock does it there."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))


def run_upgrade(url: str, service: str) -> None:
    """The command ``python -m services.<name> upgrade``."""

    async def run() -> None:
        database = Database(url)
        try:
            await upgrade(database, service)
        finally:
            await database.close()

    asyncio.run(run())
