"""The first tables of the insurance service."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.journal import create_first_version

revision = "insurance_0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    create_first_version()
    op.create_table(
        "policy",
        sa.Column("insurer", sa.String, primary_key=True),
        sa.Column("policy_no", sa.String, primary_key=True),
        sa.Column("insured", sa.String, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
    )
    op.create_index("ix_policy_insured", "policy", ["insured"])
    op.create_table(
        "notice",
        sa.Column("laboratory", sa.String, primary_key=True),
        sa.Column("report_no", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("notice_no", sa.String, nullable=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("producer", sa.String, nullable=True),
        sa.Column("seller", sa.String, nullable=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sample", sa.String, nullable=False),
    )
    op.create_index("ix_notice_producer", "notice", ["producer"])
    op.create_index("ix_notice_seller", "notice", ["seller"])
