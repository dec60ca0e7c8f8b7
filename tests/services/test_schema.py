"""The versions of each database against the tables of its store, as ``make check`` compares them."""

import subprocess
import sys

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, String, Table

from services.schema import METADATA, faults, main
from shared.contracts.catalogue import SERVICES

REMEDY = "write the version that changes it in services/alerts/migrations."


@pytest.fixture
def changed() -> MetaData:
    """The alerts' tables, to be changed as a developer would and no version does."""
    copy = MetaData()
    for table in METADATA["alerts"].sorted_tables:
        table.to_metadata(copy)
    return copy


def test_versions_make_the_tables_of_every_service() -> None:
    """For each service there is nothing to say, and the command ends well."""
    assert METADATA.keys() == set(SERVICES)
    assert {service: [] for service in SERVICES} == {one: faults(one, METADATA[one]) for one in SERVICES}
    run = subprocess.run([sys.executable, "-m", "services.schema"], check=False, capture_output=True, text=True)
    assert (0, "") == (run.returncode, run.stderr)


def test_missing_column_is_said(changed: MetaData) -> None:
    """A column that no version makes is named with its service, its table and what to do."""
    changed.tables["alert"].append_column(Column("made", String))
    assert [f"alerts: column alert.made stands in the store and no version makes it; {REMEDY}"] == faults(
        "alerts", changed
    )


def test_every_other_difference_is_said(changed: MetaData) -> None:
    """Tables, indexes, types, emptiness and defaults that differ are said one by one."""
    Table("note", changed, Column("n", Integer, primary_key=True))
    changed.remove(changed.tables["batch"])
    alert = changed.tables["alert"]
    Index("alert_product", alert.c.substance)
    alert.c.level.type = Integer()
    alert.c.producer.nullable = False
    alert.append_column(Column("samples", Integer, nullable=False, server_default="1"), replace_existing=True)
    said = " ".join(faults("alerts", changed))
    for words in (
        "table note stands in the store and no version makes it",
        "table batch is made by the versions and does not stand in the store",
        "index alert.alert_product stands in the store",
        "type of alert.level is Integer() in the store and VARCHAR() by the versions",
        "nullable of alert.producer is False in the store and True by the versions",
        "default of alert.samples is ",
    ):
        assert words in said


def test_command_fails_with_the_sentence(changed: MetaData, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that ``make check`` runs fails when a version is missing."""
    changed.tables["alert"].append_column(Column("made", String))
    monkeypatch.setattr("services.schema.METADATA", {"alerts": changed})
    assert 1 == main()
