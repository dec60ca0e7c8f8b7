"""Samples that were overturned leave their alert and stay in its history."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.journal import index_clocks

revision = "alerts_0002"
down_revision = "alerts_0001"


def upgrade() -> None:
    """Make room; every sample of the first version stands."""
    index_clocks()
    with op.batch_alter_table("alert_sample") as sample:
        sample.add_column(sa.Column("overturned", sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("alert_sample") as sample:
        sample.alter_column("overturned", server_default=None)
