"""Examples of what samplers and officers say, and of what the exchange answers, all made."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.contracts.event import Event, Reason
from shared.contracts.failure_notice import FailureNotified, NoticeServed
from shared.contracts.form import (
    CustodyRecorded,
    PlaceKind,
    ReceiptRefusal,
    ReplacementRequired,
    SampleCollected,
    SampleHandedOver,
    SampleReceived,
    SampleRefused,
    SampleRegistered,
)
from shared.contracts.laboratory import (
    LaboratoryAccredited,
    LaboratoryFlagged,
    ProficiencyEvaluated,
    ProficiencyResult,
    ProficiencyRoundClosed,
    ScopeItem,
    Score,
)
from shared.contracts.objection import ObjectionClosed, ObjectionDecided, ObjectionFiled, ObjectionOpened
from shared.contracts.officer import DisposalClosed, ResultSettled
from shared.contracts.plan import (
    ConfirmationRequired,
    PlanAdopted,
    PlanLine,
    PlanProgressed,
    PlanPublished,
    RapidTestRecorded,
    Target,
)
from shared.contracts.receipt import RefusalReason, RequestAccepted, RequestRefused
from shared.contracts.reinspection import (
    Bar,
    ReinspectionAccepted,
    ReinspectionAssigned,
    ReinspectionConcluded,
    ReinspectionRefused,
    ReinspectionReported,
    ReinspectionRequested,
    ReinspectionSettled,
)
from shared.contracts.reinspection_ended import ReinspectionCalledOff, ReinspectionEnded, ReinspectionRecalled
from shared.contracts.result import Determination
from shared.contracts.sample import Finding, Hazard, JudgementReason, LegalClass, LimitSource, Verdict

_TAKEN = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)
_CAP = Reason(
    rule="same_producer",
    text="This is batch 6 of the producer P0001 within 60 days; the national system allows 5.",
    citation="national sampling system: the same producer at most 5 batches in a cycle of 60 days",
    verified=True,
    facts={"batches": "6", "at_most": "5", "days": "60"},
)
_LINES = (
    PlanLine(township="210283104", category="食用农产品", hazard=Hazard.VETERINARY_DRUG, samples=40),
    PlanLine(place_kind=PlaceKind.SCHOOL_CANTEEN, samples=60),
)
_PLAN: dict[str, Any] = {
    "plan_no": "PLAN-2026",
    "title": "Sampling plan of Zhuanghe for 2026",
    "kind": "annual",
    "starts": date(2026, 1, 1),
    "ends": date(2026, 12, 31),
    "lines": _LINES,
    "key_categories": ("食用农产品", "保健食品"),
}
_NOT_FOUND = Finding(
    analyte="孔雀石绿",
    substance="孔雀石绿",
    hazard=Hazard.VETERINARY_DRUG,
    result="未检出",
    limit="不得检出",
    verdict=Verdict.PASS,
    reason=JudgementReason.NOT_DETECTED,
    explanation="Not detected, with a limit of detection of 0.5 µg/kg.",
    limit_used="不得检出",
    limit_source=LimitSource.LABORATORY,
    legal_class=LegalClass.PROHIBITED,
)
_DRAWN: dict[str, Any] = {
    "reinspection_no": "R-2KDX7Q4MZ3AB",
    "sample_no": "S-0001",
    "laboratory": "L0300",
    "first_laboratory": "L0142",
    "analytes": ("孔雀石绿",),
}
_OBJECTION: dict[str, Any] = {"objection_no": "B-6TFM2Q7XK4AC", "sample_no": "S-0001", "ground": "authenticity"}
_LAW = "食品安全法 (2021) Art 88"

SAMPLING: tuple[Event, ...] = (
    SampleCollected(
        sample_no="S-0001",
        plan_no="PLAN-2026",
        laboratory="L0142",
        samplers=("S01", "S02"),
        sampled_at=_TAKEN,
        township="210283104",
        chain_stage="circulation",
        place_kind=PlaceKind.WET_MARKET,
        sampled_unit="V0001",
        product="草鱼",
        category="食用农产品",
        subcategory="水产品",
        quantity=Decimal("2.4"),
        test_quantity=Decimal("1.2"),
        reserve_quantity=Decimal("1.2"),
        quantity_unit="kg",
        unit_price=Decimal("18.50"),
        temperature=Decimal("2.5"),
        seal_no="F-000871",
        producer="P0001",
    ),
    SampleHandedOver(
        sample_no="S-0001",
        handed_at=datetime(2026, 2, 24, 9, tzinfo=UTC),
        to="lab.L0142",
        seal_no="F-000871",
        seal_intact=True,
        temperature=Decimal("3.1"),
    ),
    RapidTestRecorded(
        test_no="Q-0001",
        township="210283104",
        place_kind=PlaceKind.WHOLESALE_MARKET,
        sampled_unit="V0001",
        product="韭菜",
        category="食用农产品",
        analyte="腐霉利",
        positive=True,
        tested_at=_TAKEN,
        notified_at=_TAKEN,
    ),
    SampleReceived(sample_no="S-0001", received_at=datetime(2026, 2, 24, 9, 20, tzinfo=UTC), seal_no="F-000871"),
    SampleRefused(
        sample_no="S-0002",
        refused_at=datetime(2026, 2, 24, 9, 20, tzinfo=UTC),
        ground=ReceiptRefusal.SEAL_BROKEN,
        why="The seal of the reserve portion was torn.",
    ),
    SampleRegistered(
        sample_no="S-0001",
        plan_no="PLAN-2026",
        township="210283104",
        place_kind=PlaceKind.WET_MARKET,
        track="market",
        category="食用农产品",
        subcategory="水产品",
        product="草鱼",
        producer="P0001",
        sampled_unit="V0001",
        laboratory="L0142",
        sampled_at=_TAKEN,
        warnings=(_CAP,),
    ),
    CustodyRecorded(
        sample_no="S-0001",
        step="handed_over",
        by="sampler.S01",
        to="lab.L0142",
        at=datetime(2026, 2, 24, 9, tzinfo=UTC),
        seal_no="F-000871",
        seal_intact=True,
        temperature=Decimal("3.1"),
    ),
    ReplacementRequired(
        sample_no="S-0002",
        laboratory="L0142",
        ground=ReceiptRefusal.SEAL_BROKEN,
        why="The seal of the reserve portion was torn.",
        product="草鱼",
        township="210283104",
        sampled_unit="V0001",
        plan_no="PLAN-2026",
    ),
    PlanAdopted(**_PLAN),
    PlanPublished(**_PLAN, version=1),
    PlanProgressed(
        plan_no="PLAN-2026",
        collected=640,
        tested=612,
        failed=11,
        population=742496,
        population_base="resident",
        targets=(
            Target(
                target="samples_per_1000",
                wanted=Decimal(2970),
                reached=Decimal(612),
                unit="samples",
                citation="庄河市 2018 plan, item 1",
                verified=True,
            ),
        ),
    ),
    ConfirmationRequired(
        test_no="Q-0001",
        township="210283104",
        sampled_unit="V0001",
        product="韭菜",
        category="食用农产品",
        analyte="腐霉利",
        objection_until=datetime(2026, 2, 24, 5, 30, tzinfo=UTC),
        citation=_LAW,
        verified=True,
    ),
    LaboratoryAccredited(
        laboratory="L0142",
        certificate_no="CMA-210000001",
        valid_from=date(2024, 1, 1),
        valid_to=date(2029, 12, 31),
        scope=(ScopeItem(category="食用农产品", hazard=Hazard.VETERINARY_DRUG), ScopeItem(method="GB 4789.2")),
    ),
    ProficiencyRoundClosed(
        round_no="PT-2026-01",
        substance="镉",
        unit="mg/kg",
        assigned=Decimal("0.204"),
        sigma=Decimal("0.018"),
        closed_on=date(2026, 3, 1),
        results=(
            ProficiencyResult(laboratory="L0142", value=Decimal("0.211")),
            ProficiencyResult(laboratory="L0200", value=Decimal("0.271")),
        ),
    ),
    ProficiencyEvaluated(
        round_no="PT-2026-01",
        substance="镉",
        unit="mg/kg",
        assigned=Decimal("0.204"),
        sigma=Decimal("0.018"),
        robust=False,
        closed_on=date(2026, 3, 1),
        scores=(
            Score(laboratory="L0142", value=Decimal("0.211"), z=Decimal("0.39"), rating="satisfactory"),
            Score(laboratory="L0200", value=Decimal("0.271"), z=Decimal("3.72"), rating="unsatisfactory"),
        ),
        citation="ISO 13528:2015, 9.4",
    ),
    LaboratoryFlagged(
        laboratory="L0200",
        round_no="PT-2026-01",
        substance="镉",
        reasons=(
            Reason(
                rule="unsatisfactory",
                text="Its z-score of 3.72 in round PT-2026-01 on 镉 is unsatisfactory.",
                citation="ISO 13528:2015, 9.4",
                verified=False,
            ),
        ),
    ),
    ResultSettled(
        sample_no="S-0007",
        laboratory="L0142",
        report_no="R-0007",
        verdict="fail",
        why="The laboratory confirms 1.2×10⁵ CFU/g in writing; the exponent was lost in print.",
    ),
    NoticeServed(sample_no="S-0001", to="operator", served_on=date(2026, 3, 4)),
    FailureNotified(
        sample_no="S-0001",
        report_no="R-0001",
        laboratory="L0142",
        to="operator",
        reference="V0001",
        served_on=date(2026, 3, 4),
        reinspection_until=date(2026, 3, 13),
        citation=_LAW,
        verified=True,
    ),
    ReinspectionRequested(sample_no="S-0001", by="operator", requested_on=date(2026, 3, 9)),
    ReinspectionAccepted(**_DRAWN, candidates=("L0200", "L0300"), seed="5f0c2a", citation=_LAW, verified=True),
    ReinspectionAssigned(**_DRAWN, product="草鱼", category="食用农产品"),
    ReinspectionRefused(
        sample_no="S-0003",
        bar=Bar.MICROBIOLOGY,
        explanation="Germs are not tested again: they change in the reserve portion.",
        citation=_LAW,
        verified=True,
    ),
    ReinspectionReported(
        reinspection_no="R-2KDX7Q4MZ3AB",
        sample_no="S-0001",
        report_no="RR-0001",
        concluded_on=date(2026, 3, 18),
        determinations=(Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),),
    ),
    ReinspectionConcluded(
        reinspection_no="R-2KDX7Q4MZ3AB",
        sample_no="S-0001",
        report_no="R-0001",
        laboratory="L0300",
        first_laboratory="L0142",
        outcome="overturned",
        findings=(_NOT_FOUND,),
        on_time=True,
    ),
    ReinspectionCalledOff(
        sample_no="S-0001",
        reinspection_no="R-2KDX7Q4MZ3AB",
        reason="laboratory_unable",
        why="Its instrument is under repair until May.",
    ),
    ReinspectionEnded(
        **_DRAWN,
        reason="laboratory_unable",
        why="Its instrument is under repair until May.",
        called_off_by="officer.O001",
        followed_by="R-7QK2M4XZ3ABD",
    ),
    ReinspectionRecalled(**_DRAWN, next_laboratory="L0200"),
    ReinspectionSettled(sample_no="S-0004", outcome="upheld", why="The laboratory confirmed the unit in writing."),
    ObjectionFiled(
        sample_no="S-0001",
        by="producer",
        ground="authenticity",
        filed_on=date(2026, 3, 5),
        why="The batch number is none of ours.",
    ),
    ObjectionOpened(
        **_OBJECTION,
        by="producer",
        late=False,
        review_until=date(2026, 4, 2),
        citation="食品安全抽样检验管理办法 (SAMR Order 15) Art 39",
        verified=False,
    ),
    ObjectionDecided(sample_no="S-0001", objection_no="B-6TFM2Q7XK4AC", sustained=True, why="The packaging is forged."),
    ObjectionClosed(**_OBJECTION, sustained=True, decided_by="officer.O001", why="The packaging is forged."),
    DisposalClosed(
        sample_no="S-0001", closed_at=datetime(2026, 5, 20, 8, tzinfo=UTC), why="Destroyed; penalty decided."
    ),
    RequestAccepted(
        party="sampler.S01",
        event_id="0201",
        request="sampler.sample.collected.v1",
        number="S-0001",
        text="Sample S-0001 is registered.",
        warnings=(_CAP,),
    ),
    RequestRefused(
        party="officer.O001",
        event_id="0202",
        request="officer.reinspection.requested.v1",
        number="S-0003",
        reason=RefusalReason.BARRED,
        where="data.sample_no",
        explanation="Germs are not tested again (食品安全法 Art 88).",
    ),
)
