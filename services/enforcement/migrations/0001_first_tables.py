"""The first tables of the enforcement service."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.journal import create_first_version

revision = "enforcement_0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    create_first_version()
    op.create_table(
        "case_file",
        sa.Column("case_no", sa.String, primary_key=True),
        sa.Column("producer", sa.String, nullable=True),
        sa.Column("product", sa.String, nullable=False),
    )
    op.create_table(
        "case_sample",
        sa.Column("laboratory", sa.String, primary_key=True),
        sa.Column("report_no", sa.String, primary_key=True),
        sa.Column("case_no", sa.String, nullable=False),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("referred", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
