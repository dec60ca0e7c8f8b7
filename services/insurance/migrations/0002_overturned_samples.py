"""A notice names its insurer and policy, so that it can be retracted when the sample is overturned."""

import sqlalchemy as sa
from alembic import op

from shared.identifiers import number_of
from shared.migrations.journal import index_clocks

revision = "insurance_0002"
down_revision = "insurance_0001"


def upgrade() -> None:
    """Make room, and find out whom the notices of the first version went to: their numbers follow from the policy."""
    index_clocks()
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("insurer", sa.String, nullable=True))
        notice.add_column(sa.Column("policy_no", sa.String, nullable=True))
    connection = op.get_bind()
    sent = sa.text(
        "SELECT laboratory, report_no, sample_no, notice_no, policy.insurer, policy.policy_no "
        "FROM notice JOIN policy ON policy.insured = CASE reason WHEN 'producer' THEN producer ELSE seller END "
        "WHERE notice_no IS NOT NULL"
    )
    name = sa.text(
        "UPDATE notice SET insurer = :insurer, policy_no = :policy_no "
        "WHERE laboratory = :laboratory AND report_no = :report_no"
    )
    for row in connection.execute(sent).all():
        key = f"{row.laboratory}\x1f{row.sample_no}\x1f{row.insurer}\x1f{row.policy_no}"
        if number_of("N", key) == row.notice_no:
            found = {"insurer": row.insurer, "policy_no": row.policy_no}
            connection.execute(name, found | {"laboratory": row.laboratory, "report_no": row.report_no})
