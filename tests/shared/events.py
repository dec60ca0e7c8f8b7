"""One small event of each kind in the catalogue, in its order."""

from datetime import UTC, date, datetime
from typing import Any

from shared.contracts import (
    AlertRaised,
    AlertUpdated,
    CaseJoined,
    CaseOpened,
    CaseReferred,
    ClockApproaching,
    ClockDue,
    ClockMissed,
    DeclineReason,
    Event,
    InsurerNotified,
    JudgementReason,
    Level,
    Moment,
    NotDueReason,
    NoticeNotDue,
    PolicyBound,
    PolicyRejected,
    Reason,
    Receipt,
    ReferralDeclined,
    RejectionReason,
    ResultRejected,
    ResultsAccepted,
    SamplePassed,
    SampleUnclear,
    Verdict,
)
from tests.examples import failed_sample, malachite_green_in_carp

_because = (
    Reason(
        rule="prohibited-substance",
        text="孔雀石绿 was found in 草鱼, where it must not be.",
        citation="农业农村部公告第250号",
        verified=False,
        facts={"substance": "孔雀石绿"},
    ),
)
_sample = failed_sample("1")
_finding = _sample.findings[0]


def _judged(verdict: Verdict, reason: JudgementReason, explanation: str) -> dict[str, Any]:
    finding = _finding.model_copy(update={"verdict": verdict, "reason": reason, "explanation": explanation})
    return _sample.model_dump() | {"findings": (finding,)}


_alert = {
    "alert_no": "A-1",
    "sample_no": "S-1",
    "level": Level.ORANGE,
    "reasons": _because,
    "producer": None,
    "substance": "孔雀石绿",
    "product": "草鱼",
    "samples": 2,
}
_case = {"case_no": "C-1", "sample_no": "S-1", "laboratory": "L0142", "report_no": "R-1"}
_clock = {
    "clock": "SMP-04:S-1",
    "sample_no": "S-1",
    "actor": "the laboratory",
    "duty": "report the failed result",
    "started": datetime(2026, 3, 2, tzinfo=UTC),
    "due": datetime(2026, 3, 9, 16, tzinfo=UTC),
    "citation": "食品安全抽样检验管理办法 第二十八条",
    "verified": False,
}
_refusal = {"reason": RejectionReason.WRONG_SCHEMA, "where": "data.insured", "explanation": "data.insured: missing."}

EVENTS: tuple[Event, ...] = (
    malachite_green_in_carp("1"),
    PolicyBound(policy_no="P-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31)),
    ResultsAccepted(
        laboratory="L0142", receipts=(Receipt(event_id="1", report_no="R-1", sample_no="S-1", verdict="fail"),)
    ),
    ResultRejected.model_validate({"laboratory": "L0142", **_refusal}),
    PolicyRejected.model_validate({"insurer": "I007", **_refusal}),
    SamplePassed.model_validate(_judged(Verdict.PASS, JudgementReason.NOT_DETECTED, "It was not detected.")),
    _sample,
    SampleUnclear.model_validate(_judged(Verdict.UNCLEAR, JudgementReason.NO_LIMIT, "The report prints no limit.")),
    ClockApproaching.model_validate(_clock),
    ClockMissed.model_validate(_clock),
    AlertRaised.model_validate(_alert),
    AlertUpdated.model_validate(_alert),
    CaseOpened.model_validate({**_case, "producer": "P0001", "product": "草鱼", "substances": ("孔雀石绿",)}),
    CaseJoined.model_validate(_case),
    CaseReferred.model_validate({**_case, "product": "草鱼", "producer": "P0001", "seller": None, "reasons": _because}),
    ReferralDeclined.model_validate({**_case, "reason": DeclineReason.NOT_ON_A_LIST, "reasons": _because}),
    InsurerNotified(
        notice_no="N-1",
        sample_no="S-1",
        insurer="I007",
        policy_no="P-1",
        insured="P0001",
        role="producer",
        product="草鱼",
        substances=("孔雀石绿",),
        reasons=_because,
    ),
    NoticeNotDue(sample_no="S-1", reason=NotDueReason.NO_POLICY, reasons=_because),
    ClockDue(clock="SMP-04:S-1", moment=Moment.MISSED, revision=1),
)
