"""Setting up and upgrading each service's database, on SQLite and on PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.engine import Connection

from shared.contracts.catalogue import SERVICES
from shared.database import Database
from shared.failure import CannotStartError
from shared.migrations import alembic_config, make_ready, run_upgrade, upgrade
from shared.tables import Tables

EVERY = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture
async def database(database_url: str, service: str) -> AsyncIterator[Database]:
    """An empty database for one service."""
    database = Database(database_url.replace("{service}", service))
    yield database
    await database.close()


def metadata_of(service: str) -> MetaData:
    """The tables that a service's store works with."""
    tables: Tables = import_module(f"services.{service}.store").tables
    return tables.heard.metadata


def newest(service: str) -> str | None:
    """The version that this program makes of a service's database."""
    return ScriptDirectory.from_config(alembic_config(service)).get_current_head()


async def version_of(database: Database) -> str | None:
    """The version that the database says it is of."""
    async with database.read() as connection:
        return await connection.run_sync(lambda plain: MigrationContext.configure(plain).get_current_revision())


async def tables_of(database: Database) -> set[str]:
    """The names of the tables that there are."""
    async with database.read() as connection:
        return await connection.run_sync(lambda plain: set(inspect(plain).get_table_names()))


async def say_version(database: Database, version: str) -> None:
    """Make the database say that it is of another version."""
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """What would have to be changed in the database to make it what the models say."""
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


@EVERY
async def test_empty_database_is_set_up(database: Database, service: str) -> None:
    """An empty database has every table of the service afterwards, and says which version it is of."""
    await make_ready(database, service)
    assert await tables_of(database) == {*metadata_of(service).tables, "alembic_version"}
    assert await version_of(database) == newest(service)


@EVERY
async def test_what_is_set_up_is_what_the_models_say(database: Database, service: str) -> None:
    """Between the tables that the migrations make and those of the models there is no difference."""
    await make_ready(database, service)
    async with database.read() as connection:
        assert await connection.run_sync(differences, metadata_of(service)) == []


@EVERY
async def test_primary_keys_are_what_the_models_say(database: Database, service: str) -> None:
    """The primary keys, which the comparison above does not look at, are those of the models, in their order."""
    await make_ready(database, service)
    async with database.read() as connection:
        found = await connection.run_sync(
            lambda plain: {
                name: inspect(plain).get_pk_constraint(name)["constrained_columns"]
                for name in metadata_of(service).tables
            }
        )
    wanted = {
        name: [column.name for column in table.primary_key.columns]
        for name, table in metadata_of(service).tables.items()
    }
    assert wanted == found


@EVERY
async def test_what_the_comparison_does_not_look_at_is_what_the_models_say(database: Database, service: str) -> None:
    """Heard and told are clustered by keys on SQLite; unpublished batches and running clocks have their own index."""
    await make_ready(database, service)
    catalogue = "SELECT sql FROM sqlite_master" if database.is_sqlite else "SELECT indexdef AS sql FROM pg_indexes"
    async with database.read() as connection:
        made = {str(row.sql) for row in await connection.execute(text(catalogue))}
    for index, condition in (("batch_unpublished", "published IS NULL"), ("clock_running", "stopped IS NULL")):
        (partial,) = (statement for statement in made if index in statement)
        assert condition in partial.partition("WHERE")[2]
    clustered = [name for name in ("heard", "told") if any(_is_clustered(statement, name) for statement in made)]
    assert clustered == (["heard", "told"] if database.is_sqlite else [])


def _is_clustered(statement: str, table: str) -> bool:
    return statement.startswith(f"CREATE TABLE {table} ") and statement.rstrip().endswith("WITHOUT ROWID")


@EVERY
async def test_getting_ready_again_changes_nothing(database: Database, service: str) -> None:
    """A database of this version is left as it is, with what it holds."""
    await make_ready(database, service)
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO heard VALUES ('FOOD', 'urn:shian:sampling 1', 'digest', 1)"))
    await make_ready(database, service)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT event_id FROM heard"))).scalars().all() == [
            "urn:shian:sampling 1"
        ]


@pytest.mark.parametrize("service", ["alerts"])
@pytest.mark.parametrize("version", ["alerts_9999", "sampling_0001"], ids=["newer", "another service's"])
@pytest.mark.parametrize("asked", [False, True], ids=["", "asked to upgrade"])
async def test_unknown_version_stops_with_a_sentence(
    database: Database, service: str, version: str, *, asked: bool
) -> None:
    """A database of a version that this program does not know stops the start with one sentence, unchanged."""
    await make_ready(database, service)
    await say_version(database, version)
    with pytest.raises(CannotStartError) as stopped:
        await make_ready(database, service, may_upgrade=asked)
    assert str(stopped.value) == (
        f"The database of alerts is of version {version}, this program needs {newest('alerts')}: it was "
        "written by a newer program or by another service; run that program, or name another database."
    )
    assert version == await version_of(database)


NEXT_VERSION = f"""
from alembic import op
import sqlalchemy as sa

revision = "alerts_9000"
down_revision = "{newest("alerts")}"


def upgrade():
    op.add_column("alert", sa.Column("made", sa.String, nullable=True))
"""


@pytest.mark.parametrize("service", ["alerts"])
async def test_older_version_stops_with_the_command_and_is_upgraded(
    database: Database, service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of an older version stops the start of a newer program, made here, until the command was run."""
    await make_ready(database, service)
    (tmp_path / "made_9000.py").write_text(NEXT_VERSION)

    def newer(*arguments: Any) -> Config:
        config = alembic_config(*arguments)
        locations = config.get_main_option("version_locations")
        config.set_main_option("version_locations", f"{locations}{os.pathsep}{tmp_path}")
        return config

    monkeypatch.setattr("shared.migrations.alembic_config", newer)
    with pytest.raises(CannotStartError) as stopped:
        await make_ready(database, service)
    assert str(stopped.value) == (
        f"The database of alerts is of version {newest('alerts')}, this program needs alerts_9000: "
        "back it up, then run `python -m services.alerts upgrade`, or start once with SHIAN_UPGRADE=true."
    )
    assert await version_of(database) == newest("alerts")
    await upgrade(database, service)
    assert await version_of(database) == "alerts_9000"
    await make_ready(database, service)


@pytest.mark.parametrize("service", ["alerts"])
async def test_somebody_elses_database_is_left_alone(database: Database, service: str) -> None:
    """A database that holds other tables and no version is not set up over."""
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE patients (n INTEGER)"))
    for asked in (False, True):
        with pytest.raises(CannotStartError, match="The database of alerts is of version None"):
            await make_ready(database, service, may_upgrade=asked)
    assert await tables_of(database) == {"patients"}


@EVERY
async def test_upgrade_brings_a_database_to_this_version(database: Database, service: str) -> None:
    """A database before the first version is refused at the start, upgraded by the command's work, and then ready."""
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    with pytest.raises(CannotStartError, match="upgrade"):
        await make_ready(database, service)
    await upgrade(database, service)
    await make_ready(database, service)
    assert await version_of(database) == newest(service)
    async with database.read() as connection:
        assert await connection.run_sync(differences, metadata_of(service)) == []


@pytest.mark.parametrize("service", ["alerts"])
async def test_upgrading_again_changes_nothing(database: Database, service: str) -> None:
    """A database of this version is left as it is by an upgrade."""
    await make_ready(database, service)
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO heard VALUES ('FOOD', 'urn:shian:sampling 1', 'digest', 1)"))
    await upgrade(database, service)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM heard"))).scalar_one() == 1


def test_command_upgrades(database_url: str) -> None:
    """The work of ``upgrade`` on the command line brings an empty database to this version, and may be run again."""
    url = database_url.replace("{service}", "alerts")
    run_upgrade(url, "alerts")
    run_upgrade(url, "alerts")

    async def version() -> str | None:
        database = Database(url)
        try:
            return await version_of(database)
        finally:
            await database.close()

    assert asyncio.run(version()) == newest("alerts")


@EVERY
async def test_replicas_that_start_together_set_up_once(database: Database, service: str) -> None:
    """Four replicas that start at the same moment on an empty database all become ready."""
    replicas = [Database(database.url.render_as_string(hide_password=False)) for _ in range(4)]
    await asyncio.gather(*(make_ready(replica, service) for replica in replicas))
    for replica in replicas:
        await replica.close()
    assert await version_of(database) == newest(service)


@EVERY
async def test_replicas_that_may_upgrade_do_it_once(
    database: Database, service: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Of four replicas that start at the same moment and may upgrade one does, and the others wait and go on."""
    async with database.write() as connection:
        await connection.run_sync(lambda plain: command.upgrade(alembic_config(service, plain), f"{service}_0001"))
    replicas = [Database(database.url.render_as_string(hide_password=False)) for _ in range(4)]
    with caplog.at_level("INFO", "alembic.runtime.migration"):
        await asyncio.gather(*(make_ready(replica, service, may_upgrade=True) for replica in replicas))
    for replica in replicas:
        await replica.close()
    assert await version_of(database) == newest(service)
    steps = [record.getMessage() for record in caplog.records if "Running upgrade" in record.getMessage()]
    assert len({*steps}) == len(steps) == int(str(newest(service))[-4:]) - 1


@pytest.mark.parametrize("service", ["alerts"])
async def test_failed_set_up_leaves_nothing(database: Database, service: str) -> None:
    """A set-up that fails in its middle is undone whole, and works at the next start."""
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        await connection.execute(text("CREATE TABLE alert_sample (n INTEGER)"))
    with pytest.raises(Exception, match="alert_sample"):
        await upgrade(database, service)
    assert await tables_of(database) == {"alembic_version", "alert_sample"}
    async with database.write() as connection:
        await connection.execute(text("DROP TABLE alert_sample"))
    await upgrade(database, service)
    await make_ready(database, service)
