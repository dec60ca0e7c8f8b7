"""Cases to their end: state, version, timeline, dossier, and why each sample was referred."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0003"
down_revision = "enforcement_0002"

_TEXT = ("region", "police", "offence", "dossier", "opinion_pending", "reported_by", "signed_by", "approved_by")
_EARLIEST = "2000-01-01T00:00:00.000000+00:00"


def upgrade() -> None:
    """Make room, and fill in what the events that were told of the earlier cases say."""
    _widen("case_file", *(sa.Column(name, sa.String, nullable=False, server_default="") for name in _TEXT))
    _widen(
        "case_file",
        sa.Column("opened_at", sa.String(32), nullable=False, server_default=_EARLIEST),
        sa.Column("state", sa.String, nullable=False, server_default="open"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("since", sa.String(32), nullable=False, server_default=_EARLIEST),
        sa.Column("approved_at", sa.String(32), nullable=True),
        sa.Column("supervision", sa.String, nullable=False, server_default=""),
        sa.Column("penalties", sa.String, nullable=False, server_default="[]"),
        sa.Column("facts", sa.String, nullable=False, server_default="{}"),
        sa.Column("assessments", sa.String, nullable=False, server_default=""),
    )
    _widen(
        "case_sample",
        sa.Column("reasons", sa.String, nullable=False, server_default="[]"),
        sa.Column("assessments", sa.String, nullable=False, server_default=""),
    )
    op.create_index("ix_case_file_state", "case_file", ["state"])
    op.create_index("ix_case_file_producer", "case_file", ["producer"])
    _make_tables()
    _fill_in(op.get_bind())


def _widen(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns, whose defaults are for the rows that are there and for no other."""
    with op.batch_alter_table(table) as changed:
        for column in columns:
            changed.add_column(column)
    with op.batch_alter_table(table) as changed:
        for column in columns:
            changed.alter_column(column.name, server_default=None)


def _make_tables() -> None:
    op.create_table(
        "case_step",
        sa.Column("case_no", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("heard_at", sa.String(32), nullable=False),
        sa.Column("event_key", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
    )
    op.create_table(
        "case_evidence",
        sa.Column("case_no", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("added_by", sa.String, nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("replaced_in", sa.Integer, nullable=True),
    )
    op.create_table(
        "listing",
        sa.Column("entry_no", sa.String, primary_key=True),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("name_of_list", sa.String, nullable=False),
        sa.Column("case_no", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("entered_by", sa.String, nullable=False),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("repair_from", sa.Date, nullable=False),
        sa.Column("standing", sa.String, nullable=False),
        sa.Column("ended_on", sa.Date, nullable=True),
    )
    op.create_index("ix_listing_operator", "listing", ["operator"])
    op.create_index("ix_listing_case_no", "listing", ["case_no"])


def _fill_in(connection: sa.Connection) -> None:
    """Region and time of each case from its opening, reasons of each sample from what was decided on it."""
    for envelope in _told(connection, "case.opened.v1"):
        opened = {"no": envelope["data"]["case_no"], "region": envelope["region"], "at": _moment(envelope["time"])}
        change = "UPDATE case_file SET region = :region, opened_at = :at, since = :at WHERE case_no = :no"
        connection.execute(sa.text(change), opened)
    for type_ in ("case.referred.v1", "case.referral.declined.v1"):
        for envelope in _told(connection, type_):
            data = envelope["data"]
            reasons = {"reasons": json.dumps(data["reasons"], ensure_ascii=False)}
            change = (
                "UPDATE case_sample SET reasons = :reasons WHERE laboratory = :laboratory AND report_no = :report_no"
            )
            connection.execute(sa.text(change), reasons | {name: data[name] for name in ("laboratory", "report_no")})
    standing = "SELECT 1 FROM case_sample WHERE case_sample.case_no = case_file.case_no AND NOT overturned"
    connection.execute(sa.text(f"UPDATE case_file SET state = 'withdrawn' WHERE NOT EXISTS ({standing})"))  # noqa: S608


def _told(connection: sa.Connection, type_: str) -> Iterator[dict[str, Any]]:
    """What was told of this type, the latest first, so that what was told first counts in the end."""
    told = sa.table("told", sa.column("payload"), sa.column("subject"), sa.column("cause_id"), sa.column("n"))
    found = sa.select(told.c.payload).where(told.c.subject.like(f"{type_}.%"))
    envelopes = [json.loads(row.payload) for row in connection.execute(found)]
    yield from sorted(envelopes, key=lambda envelope: str(envelope["time"]), reverse=True)


def _moment(time: str) -> str:
    """A time of an envelope as the columns keep it."""
    return datetime.fromisoformat(time).astimezone(UTC).isoformat(timespec="microseconds")
