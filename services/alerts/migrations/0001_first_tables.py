"""The first tables of the alerts service."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.journal import create_first_version

revision = "alerts_0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    create_first_version()
    op.create_table(
        "alert",
        sa.Column("alert_no", sa.String, primary_key=True),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("substance", sa.String, nullable=False),
        sa.Column("producer", sa.String, nullable=True),
        sa.Column("samples", sa.Integer, nullable=False),
    )
    op.create_table(
        "alert_sample",
        sa.Column("laboratory", sa.String, primary_key=True),
        sa.Column("report_no", sa.String, primary_key=True),
        sa.Column("alert_no", sa.String, nullable=False),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
    )
    op.create_index("ix_alert_sample_alert_no", "alert_sample", ["alert_no"])
