"""Notices, re-inspections, objections, and who did what about a sample."""

import sqlalchemy as sa
from alembic import op

revision = "sampling_0005"
down_revision = "sampling_0004"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "notice",
        sa.Column("laboratory", sa.String, primary_key=True),
        sa.Column("report_no", sa.String, primary_key=True),
        sa.Column("addressee", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("served_on", sa.Date, nullable=False),
        sa.Column("reinspection_until", sa.Date, nullable=False),
        sa.Column("document", sa.String, nullable=False),
    )
    op.create_index("ix_notice_sample_no", "notice", ["sample_no"])
    op.create_table(
        "reinspection",
        sa.Column("reinspection_no", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("first_laboratory", sa.String, nullable=False),
        sa.Column("first_report_no", sa.String, nullable=False),
        sa.Column("laboratory", sa.String, nullable=False),
        sa.Column("requested_by", sa.String, nullable=False),
        sa.Column("requested_on", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reserve_received", sa.String(32), nullable=True),
        sa.Column("report_no", sa.String, nullable=False),
        sa.Column("substances", sa.String, nullable=False),
        sa.Column("findings", sa.String, nullable=False),
        sa.Column("on_time", sa.Boolean, nullable=False),
    )
    op.create_index("ix_reinspection_sample_no", "reinspection", ["sample_no"])
    op.create_table(
        "objection",
        sa.Column("objection_no", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("addressee", sa.String, nullable=False),
        sa.Column("ground", sa.String, nullable=False),
        sa.Column("filed_on", sa.Date, nullable=False),
        sa.Column("review_until", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index("ix_objection_sample_no", "objection", ["sample_no"])
    op.create_table(
        "act",
        sa.Column("event_key", sa.String, primary_key=True),
        sa.Column("sample_no", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("told_by", sa.String, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("text", sa.String, nullable=False),
    )
    op.create_index("ix_act_sample_no", "act", ["sample_no"])
