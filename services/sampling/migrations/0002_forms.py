"""Forms, custody, and reports that wait, are corrected or withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "sampling_0002"
down_revision = "sampling_0001"


def upgrade() -> None:
    """Make them; reports of the first version stood, and nothing but their verdict was kept of them."""
    op.create_table(
        "sample",
        sa.Column("sample_no", sa.String, primary_key=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("form", sa.String, nullable=False),
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
        sa.Column("producer", sa.String, nullable=True),
        sa.Column("producer_region", sa.String, nullable=True),
        sa.Column("sampled_unit", sa.String, nullable=False),
        sa.Column("sampled_at", sa.String(32), nullable=False),
        sa.Column("laboratory", sa.String, nullable=True),
        sa.Column("state", sa.String, nullable=False),
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
        "kept",
    )
    with op.batch_alter_table("report") as report:
        for column in added:  # only what was there before needs them
            report.alter_column(column, server_default=None)
    op.create_index("ix_report_state", "report", ["state", "verdict"])
