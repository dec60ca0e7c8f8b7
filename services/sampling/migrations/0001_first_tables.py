"""The first tables of the sampling service."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.journal import create_first_version

revision = "sampling_0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    create_first_version()
    op.create_table(
        "report",
        sa.Column("laboratory", sa.String, primary_key=True),
        sa.Column("report_no", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("event_key", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
    )
    op.create_index("ix_report_sample_no", "report", ["sample_no"])
