"""Databases of every earlier version, the first and the previous among them, are upgraded and lose nothing."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts.store import standing_alerts
from services.enforcement.handing_over import reasons_in
from services.enforcement.store import cases, samples
from services.sampling.store import reports
from shared.contracts import SampleFailed
from shared.contracts.catalogue import SERVICES, ServiceName
from shared.database import Database
from shared.migrations import alembic_config, make_ready, upgrade
from shared.workdays import day_in_china
from tests.first_version import old_report, rows_of, write


def earlier_versions(service: ServiceName) -> list[str]:
    """The versions of a service's database before this program's, the first one first; the last is the previous."""
    scripts = ScriptDirectory.from_config(alembic_config(service))
    return [script.revision for script in scripts.walk_revisions()][:0:-1]


@pytest.fixture
async def database(database_url: str, service: ServiceName) -> AsyncIterator[Database]:
    """One service's database, as the first version wrote it."""
    database = Database(database_url.replace("{service}", service))
    await write(database, service)
    yield database
    await database.close()


async def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of a database, by table."""
    tables = MetaData()
    async with database.read() as connection:
        await connection.run_sync(tables.reflect)
        return {
            name: [
                dict(row) for row in (await connection.execute(select(table).order_by(*table.primary_key))).mappings()
            ]
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


async def upgrade_to(database: Database, service: ServiceName, version: str) -> None:
    """Bring a database to a version that may be earlier than this program's."""
    async with database.write() as connection:
        await connection.run_sync(lambda plain: command.upgrade(alembic_config(service, plain), version))


async def fill(database: Database) -> None:
    """Put made rows into each table that is empty; what may be empty in a row is so in the last."""
    tables = MetaData()
    async with database.write() as connection:
        await connection.run_sync(tables.reflect)
        for table in tables.sorted_tables:
            if not (await connection.execute(select(table).limit(1))).all():
                made = [{column.name: _made(column, n) for column in table.columns} for n in (1, 2, 3)]
                await connection.execute(insert(table), made)


def _made(column: Column[Any], n: int) -> Any:
    if column.nullable and n == 3:
        return None
    kind = column.type.python_type
    if kind is date:
        return date(2026, 1, n)
    length = getattr(column.type, "length", None)
    return f"{column.name} {n}"[-(length or 99) :] if kind is str else kind(n)


@pytest.mark.parametrize(
    ("service", "version"),
    [(service, version) for service in SERVICES for version in earlier_versions(service)],
    ids=lambda value: value[-4:],
)
async def test_no_row_is_lost_or_changed(database: Database, service: ServiceName, version: str) -> None:
    """Of any earlier version, each row of each table is there afterwards as it was, and the service finds all ready."""
    first = {name: len(some) for name, some in (await rows(database)).items() if some}
    assert first == {name: len(some) for name, some in rows_of(service).items()}
    await upgrade_to(database, service, version)
    await fill(database)
    before = await rows(database)
    assert all(before.values())
    await upgrade(database, service)
    await make_ready(database, service)
    after = await rows(database)
    for name, some in before.items():
        assert some == [{key: row[key] for key in old} for old, row in zip(some, after[name], strict=True)]


@pytest.mark.parametrize("service", ["sampling"])
async def test_what_was_not_kept_of_a_report_is_taken_from_what_was_told(
    database: Database, service: ServiceName
) -> None:
    """Region, days, hazards and outcome of an old report are as it was told, and it arrived when its clock stopped."""
    await upgrade(database, service)
    arrived = {clock["clock"]: clock["stopped"] for clock in rows_of("sampling")["clock"]}
    async with database.read() as connection:
        kept = [(await reports.on_sample(connection, f"S-{number}"))[0] for number in range(1, 6)]
        failures = [await reports.failures(connection, f"S-{number}") for number in range(1, 6)]
        (unclear,) = await reports.unclear(connection)
    assert ["fail", "fail", "fail", "pass", "unclear"] == [row.verdict for row in kept]
    assert {("21.02.83", "standing", "", "", "")} == {
        (row.region, row.state, row.superseded_by, row.corrects, row.stated) for row in kept
    }
    assert [date(2026, 3, 2), *[date(2026, 11, 25)] * 4] == [row.concluded_on for row in kept]
    assert [arrived[f"SMP-04:L0142:R-{number}"] for number in (1, 2, 3)] == [
        row.reported_at.isoformat(timespec="microseconds") for row in kept[:3]
    ]
    assert {date(2026, 11, 25)} == {day_in_china(row.reported_at) for row in kept}
    assert [False, True, True, True, True] == [row.on_time for row in kept]
    assert ["veterinary_drug", "veterinary_drug", "pesticide", "metal"] == [row.hazards for row in kept[:4]]
    assert [["R-1"], ["R-2"], ["R-3"], [], []] == [[one.report_no for one in found] for found in failures]
    assert [SampleFailed] * 3 == [type(one.outcome) for found in failures for one in found]
    assert ("S-5", "") == (unclear.sample_no, kept[3].kept)


@pytest.mark.parametrize("service", ["sampling"])
async def test_many_reports_are_read_some_after_others(database: Database, service: ServiceName) -> None:
    """Of more reports than are read at a time, by several laboratories, none is left out."""
    more = (
        "INSERT INTO report SELECT laboratory || '-' || sample_no, report_no || '-{n}', sample_no, content, "
        "event_key, verdict FROM report WHERE laboratory = 'L0142'"
    )
    async with database.write() as connection:
        for n in range(250):
            await connection.execute(text(more.format(n=n)))
    await upgrade(database, service)
    async with database.read() as connection:
        without = text("SELECT count(*) FROM report WHERE region = '00.00.00' OR (kept = '') <> (verdict = 'pass')")
        assert (await connection.execute(without)).scalar_one() == 0
        assert (await connection.execute(text("SELECT count(*) FROM report"))).scalar_one() == 5 * 251


@pytest.mark.parametrize("service", ["enforcement"])
async def test_old_cases_go_on(database: Database, service: ServiceName) -> None:
    """A case of the first version is open in its region since it was told, and its sample knows why it was referred."""
    await upgrade_to(database, service, "enforcement_0002")
    async with database.write() as connection:  # as that version left the case whose only sample was overturned
        await connection.execute(text("UPDATE case_sample SET overturned = true WHERE sample_no = 'S-3'"))
    await upgrade(database, service)
    async with database.read() as connection:
        found = {row.sample_no: row for row in await samples.of_cases(connection, await _case_nos(connection))}
        held = await cases.hold(connection, await _case_nos(connection))
    assert {("21.02.83", "open", 1), ("21.02.83", "withdrawn", 1)} == {
        (row.region, row.state, row.version) for row in held.values()
    }
    assert "withdrawn" == held[found["S-3"].case_no].state
    assert {date(2026, 11, 25)} == {day_in_china(row.opened_at) for row in held.values()}
    assert ["R1", "R1", "R1"] == [reasons_in(found[sample].reasons)[0].rule for sample in ("S-1", "S-2", "S-3")]
    assert [True, True, False] == [found[sample].referred for sample in ("S-1", "S-2", "S-3")]


@pytest.mark.parametrize("service", ["enforcement"])
async def test_nothing_is_said_of_old_cases_that_nobody_said(database: Database, service: ServiceName) -> None:
    """Whatever a case of the previous version has no word of is empty in each of its rows."""
    await upgrade_to(database, service, "enforcement_0002")
    before = await rows(database)
    await upgrade(database, service)
    after = await rows(database)
    known = {"region", "opened_at", "state", "version", "since", "reasons"}
    empty: dict[str, set[Any]] = {"penalties": {"[]"}, "facts": {"{}"}, "approved_at": {None}}
    for name in ("case_file", "case_sample"):
        added = after[name][0].keys() - before[name][0].keys() - known
        assert {one: empty.get(one, {""}) for one in added} == {one: {row[one] for row in after[name]} for one in added}
    assert [] == after["case_step"] + after["case_evidence"] + after["listing"]


@pytest.mark.parametrize("service", ["alerts"])
async def test_old_alerts_stand(database: Database, service: ServiceName) -> None:
    """No sample of the previous version is overturned, and each of its alerts stands on the samples that it counted."""
    await upgrade(database, service)
    found = await rows(database)
    assert {False} == {sample["overturned"] for sample in found["alert_sample"]}
    async with database.read() as connection:
        standing = await standing_alerts(connection, [alert["alert_no"] for alert in found["alert"]])
    assert {alert["alert_no"]: alert["samples"] for alert in found["alert"]} == {
        number: alert.samples for number, alert in standing.items()
    }


async def _case_nos(connection: AsyncConnection) -> list[str]:
    return [row.case_no for row in await connection.execute(text("SELECT case_no FROM case_file"))]


@pytest.mark.parametrize("service", ["insurance"])
async def test_old_notices_name_whom_they_went_to(database: Database, service: ServiceName) -> None:
    """A notice of the first version names insurer and policy afterwards, whether producer or seller was insured."""
    await upgrade(database, service)
    notices = (await rows(database))["notice"]
    assert [("I007", "POL-1"), (None, None), ("I012", "POL-2")] == [
        (notice["insurer"], notice["policy_no"]) for notice in notices
    ]


def test_old_reports_keep_their_digest() -> None:
    """What an old report said has the digest that the first version kept, though reports have more fields now."""
    kept = {row["report_no"]: row["content"] for row in rows_of("sampling")["report"]}
    assert kept == {f"R-{n}": reports.content_of(old_report(n)) for n in range(1, 6)}
    said = old_report(1).model_copy(update={"conclusion": "不合格样品"})
    assert reports.content_of(said) != kept["R-1"]
