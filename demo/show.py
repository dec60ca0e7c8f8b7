"""One line per failed sample: its whole path, each step with its reason."""

from demo.record import Path
from shared.contracts import CaseReferred, InsurerNotified, SampleFailed


def path_line(sample_no: str, path: Path) -> str:
    """Verdict, alert, referral and notice of one sample, each with its reason."""
    if not path.failed:
        return f"{sample_no} rejected: {path.rejections[0].explanation}"
    return " | ".join([_verdict(sample_no, path), _alert(path), _referral(path), _notice(path)])


def _verdict(sample_no: str, path: Path) -> str:
    sample = next(outcome for outcome in path.outcomes if isinstance(outcome, SampleFailed))
    reasons = "; ".join(f"{finding.analyte}: {finding.explanation}" for finding in sample.decisive)
    return f"{sample_no} {sample.product} fail: {reasons}"


def _alert(path: Path) -> str:
    return "; ".join(f"alert {alert.alert_no} {alert.level.value}" for alert in path.alerts) or "no alert"


def _referral(path: Path) -> str:
    return (
        "; ".join(
            f"referred {referral.case_no} ({referral.reasons[0].rule}: {referral.reasons[0].citation})"
            if isinstance(referral, CaseReferred)
            else f"case {referral.case_no} stays administrative ({referral.reason.value}): {referral.reasons[0].text}"
            for referral in path.referrals
        )
        or "no decision on a referral"
    )


def _notice(path: Path) -> str:
    return (
        "; ".join(
            f"notice {notice.notice_no} to insurer {notice.insurer} of the {notice.role}"
            if isinstance(notice, InsurerNotified)
            else f"no notice ({notice.reason.value})"
            for notice in path.notices
        )
        or "no decision on a notice"
    )
