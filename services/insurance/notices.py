"""The notice that goes out, whichever came first: the failed sample or the policy."""

from services.insurance.cover import Notice
from shared.contracts import InsurerNotified, SampleFailed


def notified(sample: SampleFailed, notice: Notice) -> InsurerNotified:
    """The event that tells an insurer of a failed sample."""
    return InsurerNotified(
        notice_no=notice.notice_no,
        sample_no=sample.sample_no,
        insurer=notice.policy.insurer,
        policy_no=notice.policy.policy_no,
        insured=notice.policy.insured,
        role=notice.role,
        product=sample.product,
        substances=sample.substances,
        reasons=notice.reasons,
    )
