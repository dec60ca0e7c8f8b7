"""Forms, custody, and reports that wait, are corrected or withdrawn."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.migrations.journal import index_clocks

AT_ONCE = 500
"""Reports that are read and changed at a time."""

revision = "sampling_0002"
down_revision = "sampling_0001"


def upgrade() -> None:
    """Make them; reports of the first version stood, and what it did not keep of them is taken from what it told."""
    index_clocks()
    op.create_table(
        "sample",
        sa.Column("sample_no", sa.String, primary_key=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("event_key", sa.String, nullable=False),
        sa.Column("sampler", sa.String, nullable=False),
        sa.Column("plan_no", sa.String, nullable=True),
        sa.Column("township", sa.String, nullable=False),
        sa.Column("place_kind", sa.String, nullable=False),
        sa.Column("chain_stage", sa.String, nullable=False),
        sa.Column("track", sa.String, nullable=False),
        sa.Column("category", sa.String, nullable=False),
        sa.Column("subcategory", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("batch_no", sa.String, nullable=False),
        sa.Column("production_date", sa.Date, nullable=True),
        sa.Column("shelf_life_days", sa.Integer, nullable=True),
        sa.Column("producer", sa.String, nullable=True),
        sa.Column("producer_region", sa.String, nullable=True),
        sa.Column("sampled_unit", sa.String, nullable=False),
        sa.Column("sampled_at", sa.String(32), nullable=False),
        sa.Column("laboratory", sa.String, nullable=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("cleared", sa.String, nullable=False),
    )
    op.create_index("ix_sample_sampled_unit", "sample", ["sampled_unit", "sampled_at"])
    op.create_index("ix_sample_producer", "sample", ["producer", "sampled_at"])
    op.create_index("ix_sample_township", "sample", ["township", "sampled_at"])
    op.create_index("ix_sample_plan_no", "sample", ["plan_no"])
    op.create_table(
        "custody",
        sa.Column("event_key", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("told_by", sa.String, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("seal_no", sa.String, nullable=False),
        sa.Column("seal_intact", sa.Boolean, nullable=True),
        sa.Column("temperature", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
    )
    op.create_index("ix_custody_sample_no", "custody", ["sample_no"])
    past = "2000-01-01T00:00:00.000000+00:00"
    with op.batch_alter_table("report") as report:
        report.add_column(sa.Column("region", sa.String, nullable=False, server_default="00.00.00"))
        report.add_column(sa.Column("state", sa.String, nullable=False, server_default="standing"))
        report.add_column(sa.Column("superseded_by", sa.String, nullable=False, server_default=""))
        report.add_column(sa.Column("concluded_on", sa.Date, nullable=False, server_default="2000-01-01"))
        report.add_column(sa.Column("reported_at", sa.String(32), nullable=False, server_default=past))
        report.add_column(sa.Column("on_time", sa.Boolean, nullable=False, server_default=sa.true()))
        report.add_column(sa.Column("hazards", sa.String, nullable=False, server_default=""))
        report.add_column(sa.Column("corrects", sa.String, nullable=False, server_default=""))
        report.add_column(sa.Column("stated", sa.String, nullable=False, server_default=""))
        report.add_column(sa.Column("kept", sa.String, nullable=False, server_default=""))
    added = (
        "region",
        "state",
        "superseded_by",
        "concluded_on",
        "reported_at",
        "on_time",
        "hazards",
        "corrects",
        "stated",
        "kept",
    )
    with op.batch_alter_table("report") as report:
        for column in added:  # only what was there before needs them
            report.alter_column(column, server_default=None)
    op.create_index("ix_report_state", "report", ["state", "verdict"])
    for rows in _told_of_reports(op.get_bind()):
        op.get_bind().execute(_KEEP, [_kept(row) for row in rows])


_TOLD = sa.text(
    "SELECT report.laboratory, report.report_no, report.verdict, told.payload, clock.due, clock.stopped "
    "FROM report JOIN told ON told.cause_id = report.event_key "
    "LEFT JOIN clock ON clock.clock = 'SMP-04:' || report.laboratory || ':' || report.report_no "
    "WHERE told.subject LIKE 'food.sample.%' AND (report.laboratory, report.report_no) > (:laboratory, :report_no) "
    "ORDER BY report.laboratory, report.report_no LIMIT :most"
)
"""The judgement of each report as it was told, and the clock that a failed one started."""
_KEEP = sa.text(
    "UPDATE report SET region = :region, concluded_on = :concluded_on, reported_at = :reported_at, "
    "on_time = :on_time, hazards = :hazards, kept = :kept "
    "WHERE laboratory = :this_laboratory AND report_no = :this_report"
).bindparams(sa.bindparam("concluded_on", type_=sa.Date), sa.bindparam("on_time", type_=sa.Boolean))


def _told_of_reports(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    """Some reports after others, by laboratory and number: there may be millions."""
    last = {"laboratory": "", "report_no": ""}
    while rows := connection.execute(_TOLD, {**last, "most": AT_ONCE}).all():
        yield rows
        last = {"laboratory": rows[-1].laboratory, "report_no": rows[-1].report_no}


def _kept(row: sa.Row[Any]) -> dict[str, Any]:
    """A report as this version keeps it; it arrived when its clock stopped, or without one, when it was judged."""
    envelope = json.loads(row.payload)
    outcome = envelope["data"]
    judged_at = datetime.fromisoformat(envelope["time"]).astimezone(UTC).isoformat(timespec="microseconds")
    return {
        "this_laboratory": row.laboratory,
        "this_report": row.report_no,
        "region": envelope["region"],
        "concluded_on": date.fromisoformat(outcome["concluded_on"]),
        "reported_at": row.stopped or judged_at,
        "on_time": row.stopped is None or row.stopped <= row.due,
        "hazards": " ".join(sorted({finding["hazard"] for finding in outcome["findings"]})),
        "kept": "" if row.verdict == "pass" else json.dumps(outcome, ensure_ascii=False),
    }
