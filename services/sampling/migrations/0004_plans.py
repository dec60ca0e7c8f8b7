"""Plans and rapid tests."""

import sqlalchemy as sa
from alembic import op

revision = "sampling_0004"
down_revision = "sampling_0003"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "plan",
        sa.Column("region", sa.String, primary_key=True),
        sa.Column("plan_no", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, nullable=False),
        sa.Column("adopted", sa.String, nullable=False),
        sa.Column("event_key", sa.String, nullable=False),
    )
    op.create_table(
        "tally",
        sa.Column("sample_no", sa.String, primary_key=True),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("plan_no", sa.String, nullable=False),
        sa.Column("sampled_on", sa.Date, nullable=False),
        sa.Column("township", sa.String, nullable=False),
        sa.Column("foods", sa.String, nullable=False),
        sa.Column("place_kind", sa.String, nullable=False),
        sa.Column("tested", sa.Boolean, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("hazards", sa.String, nullable=False),
    )
    op.create_index("ix_tally_plan_no", "tally", ["region", "plan_no", "sampled_on"])
    op.create_table(
        "plan_count",
        sa.Column("region", sa.String, primary_key=True),
        sa.Column("plan_no", sa.String, primary_key=True),
        sa.Column("counter", sa.String, primary_key=True),
        sa.Column("samples", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rapid_test",
        sa.Column("test_no", sa.String, primary_key=True),
        sa.Column("event_key", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("township", sa.String, nullable=False),
        sa.Column("place_kind", sa.String, nullable=False),
        sa.Column("sampled_unit", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("category", sa.String, nullable=False),
        sa.Column("analyte", sa.String, nullable=False),
        sa.Column("positive", sa.Boolean, nullable=False),
        sa.Column("tested_at", sa.String(32), nullable=False),
        sa.Column("notified_at", sa.String(32), nullable=True),
    )
    op.create_index("ix_rapid_test_township", "rapid_test", ["township"])
