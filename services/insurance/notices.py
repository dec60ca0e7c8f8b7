"""The notice that goes out, whichever came first: the failed sample or the policy; and what takes it back."""

from typing import Any

from services.insurance.cover import Notice
from shared.contracts import InsurerNotified, NoticeRetracted, SampleFailed, SampleOverturned


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


def decided(notice: Notice) -> dict[str, Any]:
    """What is kept of a notice."""
    policy = notice.policy
    return {
        "notice_no": notice.notice_no,
        "insurer": policy.insurer,
        "policy_no": policy.policy_no,
        "reason": notice.role,
    }


def not_notified(reason: str) -> dict[str, Any]:
    """What is kept where nobody is told, or told any longer."""
    return {"notice_no": None, "insurer": None, "policy_no": None, "reason": reason}


def retracted(row: Any, overturned: SampleOverturned) -> NoticeRetracted:
    """The event that takes back the notice of this row of the store."""
    return NoticeRetracted(
        notice_no=row.notice_no,
        sample_no=row.sample_no,
        insurer=row.insurer,
        policy_no=row.policy_no,
        insured=row.producer if row.reason == "producer" else row.seller,
        explanation=overturned.explanation,
    )
