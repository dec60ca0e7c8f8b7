"""The tables of the journal and the clocks, as each version made them; never edited, only added to."""

import sqlalchemy as sa
from alembic import op


def create_first_version() -> None:
    """What heard, told, batch and clock were in the first version."""
    op.create_table(
        "heard",
        sa.Column("consumer", sa.String(64), primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True, comment="source and id of the event"),
        sa.Column(
            "digest", sa.String(16), nullable=False, comment="of the bytes, to tell a repetition from another content"
        ),
        sa.Column("batch", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "told",
        sa.Column("cause_id", sa.Text, primary_key=True, comment="source and id of the event that it answers"),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("stream", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("headers", sa.Text, nullable=True, comment="further NATS headers as JSON"),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batch",
        sa.Column(
            "n", sa.BigInteger, primary_key=True, autoincrement=False, comment="nanoseconds since 1970, ever growing"
        ),
        sa.Column("consumer", sa.String(64), nullable=False),
        sa.Column("causes", sa.Text, nullable=False, comment="the events heard, in order, as JSON"),
        sa.Column(
            "published", sa.Text, nullable=True, comment="last stream sequence per stream as JSON; null until then"
        ),
    )
    unpublished = sa.text("published IS NULL")
    op.create_index("batch_unpublished", "batch", ["n"], sqlite_where=unpublished, postgresql_where=unpublished)
    op.create_table(
        "clock",
        sa.Column("clock", sa.Text, primary_key=True, comment="kind and what it runs for, such as SMP-04:DEMO-0001"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("trace", sa.Text, nullable=False),
        sa.Column("region", sa.String(8), nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("due", sa.String(32), nullable=False),
        sa.Column("stopped", sa.String(32), nullable=True),
        sa.Column("next", sa.String(16), nullable=True, comment="approaching, missed, or null when nothing is left"),
        sa.Column("next_at", sa.String(32), nullable=True),
    )
    op.create_index("ix_clock_next_at", "clock", ["next_at"])


def index_clocks() -> None:
    """What the second version added: the clocks of one sample, and those that run, are found without all others."""
    op.create_index("ix_clock_trace", "clock", ["trace"])
    running = sa.text("stopped IS NULL")
    op.create_index("clock_running", "clock", ["next"], sqlite_where=running, postgresql_where=running)
