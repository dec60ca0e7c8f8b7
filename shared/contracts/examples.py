"""One example of every event, all made: for the reference documentation and the golden files."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.contracts.alert import AlertCancelled, AlertRaised, AlertUpdated, Level
from shared.contracts.case import (
    CaseJoined,
    CaseOpened,
    CaseReferred,
    CaseWithdrawn,
    DeclineReason,
    ReferralDeclined,
    ReferralWithdrawn,
    SampleLeftCase,
)
from shared.contracts.clock import ClockApproaching, ClockCorrected, ClockDue, ClockMissed, ClockRevised, Moment
from shared.contracts.event import Event, Reason
from shared.contracts.examples_of_cases import CASES
from shared.contracts.examples_of_sampling import SAMPLING
from shared.contracts.notice import InsurerNotified, NotDueReason, NoticeNotDue, NoticeRetracted
from shared.contracts.policy import PolicyBound, PolicyRejected
from shared.contracts.result import (
    Determination,
    Receipt,
    RejectionReason,
    ResultCorrected,
    ResultRejected,
    ResultReported,
    ResultsAccepted,
    ResultWithdrawn,
)
from shared.contracts.sample import (
    Finding,
    Hazard,
    JudgementReason,
    LegalClass,
    LimitSource,
    OverturnReason,
    ResultWaiting,
    SampleFailed,
    SampleOverturned,
    SamplePassed,
    SampleUnclear,
    Verdict,
    VerdictDisagreed,
)

REGION = "21.02.83"
TIME = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PARTIES = {
    "lab": "L0142",
    "insurer": "I007",
    "sampler": "S01",
    "officer": "O001",
    "head": "H001",
    "police": "210283",
    "procuratorate": "210283",
}

_REASON = Reason(
    rule="R1",
    text="孔雀石绿 is on a prohibited list for food of animal origin and was detected.",
    citation="法释〔2021〕24号 Art 9(2), 11",
    verified=True,
    facts={"substance": "孔雀石绿", "product": "草鱼"},
)
_SAMPLE: dict[str, Any] = {
    "sample_no": "S-0001",
    "report_no": "R-0001",
    "laboratory": "L0142",
    "category": "食用农产品",
    "concluded_on": date(2026, 3, 2),
    "producer": "P0001",
    "seller": "V0001",
}
_DETECTED = Finding(
    analyte="孔雀石绿",
    substance="孔雀石绿",
    hazard=Hazard.VETERINARY_DRUG,
    result="4.10μg/kg",
    limit="不得检出",
    verdict=Verdict.FAIL,
    reason=JudgementReason.DETECTED,
    explanation="4.10 µg/kg was detected; it must not be detected.",
    limit_used="不得检出",
    limit_source=LimitSource.LABORATORY,
    legal_class=LegalClass.PROHIBITED,
)
_WITHIN = Finding(
    analyte="镉(以Cd计)",
    substance="镉",
    hazard=Hazard.METAL,
    result="0.12mg/kg",
    limit="≤0.2mg/kg",
    verdict=Verdict.PASS,
    reason=JudgementReason.WITHIN_MAXIMUM,
    explanation="0.12 mg/kg is within the maximum 0.2 mg/kg.",
    limit_used="≤0.2 mg/kg",
    limit_source=LimitSource.LABORATORY,
    ratio=Decimal("0.6"),
)
_UNREADABLE = Finding(
    analyte="菌落总数",
    substance="菌落总数",
    hazard=Hazard.MICROBIOLOGY,
    result="①1.2×10",
    limit="n=5,c=2,m=10",
    verdict=Verdict.UNCLEAR,
    reason=JudgementReason.EXPONENT_LOST,
    explanation="The exponent of a power of ten is missing.",
)
_ALERT: dict[str, Any] = {
    "alert_no": "A-7Q2M4ZK3XAWB",
    "sample_no": "S-0001",
    "level": Level.ORANGE,
    "reasons": (_REASON,),
    "producer": "P0001",
    "substance": "孔雀石绿",
    "product": "草鱼",
}
_CASE: dict[str, Any] = {
    "case_no": "C-5TQXW2R7NBHD",
    "sample_no": "S-0001",
    "laboratory": "L0142",
    "report_no": "R-0001",
}
_CLOCK: dict[str, Any] = {
    "clock": "SMP-04:L0142:R-0001",
    "sample_no": "S-0001",
    "actor": "laboratory",
    "duty": "report to the commissioning authority",
    "started": datetime(2026, 3, 1, 16, tzinfo=UTC),
    "due": datetime(2026, 3, 4, 16, tzinfo=UTC),
    "citation": "食品安全抽样检验管理办法 (SAMR Order 15) Art 26",
    "verified": True,
}

_REPORT: dict[str, Any] = {
    "sample_no": "S-0001",
    "product": "草鱼",
    "category": "食用农产品",
    "concluded_on": date(2026, 3, 2),
    "producer": "P0001",
    "seller": "V0001",
    "determinations": (Determination(analyte="孔雀石绿", result="4.10μg/kg", limit="不得检出"),),
}
_OVERTURNED = "Re-inspection R-2KDX7Q4MZ3AB by laboratory L0300 found nothing above the limits."

EXAMPLES: tuple[Event, ...] = (
    *SAMPLING,
    *CASES,
    ResultReported(**_REPORT, report_no="R-0001"),
    ResultCorrected(**_REPORT, report_no="R-0002", corrects="R-0001", why="The result was read from another sample."),
    ResultWithdrawn(report_no="R-0002", sample_no="S-0001", why="The sample was mixed up in the laboratory."),
    PolicyBound(policy_no="POL-0001", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31)),
    ResultsAccepted(
        laboratory="L0142",
        receipts=(Receipt(event_id="0197", report_no="R-0001", sample_no="S-0001", verdict="fail"),),
    ),
    ResultRejected(
        laboratory="L0142",
        reason=RejectionReason.FUTURE_DATE,
        where="data.production_date",
        explanation="The production date 2027-01-01 lies in the future; correct it and report again.",
        event_id="0198",
        report_no="R-0002",
        sample_no="S-0002",
    ),
    PolicyRejected(
        insurer="I007",
        reason=RejectionReason.CHANGED,
        where="data.policy_no",
        explanation="Policy POL-0001 was told before with other content.",
        event_id="0199",
        policy_no="POL-0001",
    ),
    SamplePassed(**_SAMPLE | {"product": "大米", "findings": (_WITHIN,)}),
    SampleFailed(**_SAMPLE | {"product": "草鱼", "findings": (_DETECTED,)}),
    SampleUnclear(**_SAMPLE | {"product": "生粉", "findings": (_UNREADABLE,)}),
    SampleOverturned(
        sample_no="S-0001",
        report_no="R-0001",
        laboratory="L0142",
        product="草鱼",
        reason=OverturnReason.REINSPECTION_PASSED,
        explanation=_OVERTURNED,
        by="lab.L0300",
    ),
    VerdictDisagreed(
        sample_no="S-0001",
        report_no="R-0001",
        laboratory="L0142",
        stated="合格样品",
        judged=Verdict.FAIL,
        explanation="孔雀石绿: 4.10 µg/kg was detected; it must not be detected.",
    ),
    ResultWaiting(sample_no="S-0009", report_no="R-0009", laboratory="L0142", product="草鱼", preliminary=Verdict.FAIL),
    ClockApproaching(**_CLOCK),
    ClockCorrected(
        clock="SMP-02:S-0001", due=datetime(2026, 3, 31, 16, tzinfo=UTC), why="Another period was agreed in writing."
    ),
    ClockRevised(
        **_CLOCK | {"before": datetime(2026, 3, 3, 16, tzinfo=UTC)}, by="officer.O001", why="A holiday was left out."
    ),
    ClockMissed(**_CLOCK),
    AlertRaised(**_ALERT | {"samples": 1}),
    AlertUpdated(**_ALERT | {"samples": 2}),
    AlertCancelled(**_ALERT | {"samples": 0}),
    CaseOpened(**_CASE | {"producer": "P0001", "product": "草鱼", "substances": ("孔雀石绿",)}),
    CaseJoined(**_CASE),
    CaseReferred(**_CASE | {"product": "草鱼", "producer": "P0001", "seller": "V0001", "reasons": (_REASON,)}),
    ReferralDeclined(**_CASE | {"reason": DeclineReason.NOT_ON_A_LIST, "reasons": (_REASON,)}),
    ReferralWithdrawn(**_CASE, explanation=_OVERTURNED),
    SampleLeftCase(**_CASE, explanation=_OVERTURNED),
    CaseWithdrawn(**_CASE, explanation=_OVERTURNED),
    InsurerNotified(
        notice_no="N-3HXQ7K2M5AFE",
        sample_no="S-0001",
        insurer="I007",
        policy_no="POL-0001",
        insured="P0001",
        role="producer",
        product="草鱼",
        substances=("孔雀石绿",),
        reasons=(_REASON,),
    ),
    NoticeRetracted(
        notice_no="N-3HXQ7K2M5AFE",
        sample_no="S-0001",
        insurer="I007",
        policy_no="POL-0001",
        insured="P0001",
        explanation=_OVERTURNED,
    ),
    NoticeNotDue(sample_no="S-0001", reason=NotDueReason.NO_POLICY, reasons=(_REASON,)),
    ClockDue(clock="SMP-04:L0142:R-0001", moment=Moment.MISSED, revision=1),
)


def example_of(event: type[Event]) -> Event:
    """The example of an event."""
    return next(example for example in EXAMPLES if type(example) is event)
