"""Laboratories: accreditation and proficiency."""

import sqlalchemy as sa
from alembic import op

revision = "sampling_0003"
down_revision = "sampling_0002"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "accreditation",
        sa.Column("event_key", sa.String, primary_key=True),
        sa.Column("laboratory", sa.String, nullable=False),
        sa.Column("entered_at", sa.String(32), nullable=False),
        sa.Column("entered_by", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("certificate_no", sa.String, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
    )
    op.create_index("ix_accreditation_laboratory", "accreditation", ["laboratory"])
    op.create_table(
        "proficiency_round",
        sa.Column("round_no", sa.String, primary_key=True),
        sa.Column("event_key", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("substance", sa.String, nullable=False),
        sa.Column("closed_on", sa.Date, nullable=False),
    )
    op.create_table(
        "proficiency_score",
        sa.Column("round_no", sa.String, primary_key=True),
        sa.Column("laboratory", sa.String, primary_key=True),
        sa.Column("substance", sa.String, nullable=False),
        sa.Column("closed_on", sa.Date, nullable=False),
        sa.Column("z", sa.String, nullable=False),
        sa.Column("rating", sa.String, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
    )
    op.create_index("ix_proficiency_score_laboratory", "proficiency_score", ["laboratory", "substance"])
