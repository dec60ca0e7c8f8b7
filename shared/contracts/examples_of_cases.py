"""One example of every event of a case from the report on, all made."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.contracts.bulletin import BulletinIssued, BulletinPublished
from shared.contracts.case_answer import (
    CaseJudged,
    CaseProsecuted,
    FilingOrdered,
    JointSupervision,
    OpinionIssued,
    PoliceDeclined,
    PoliceExplained,
    PoliceFiled,
    PoliceReceived,
    PoliceRedirected,
    PoliceReturned,
    PoliceTookLonger,
    PoliceUpheld,
    ProcuratorateReturned,
    ReasonsAccepted,
    ReasonsDemanded,
)
from shared.contracts.case_clock import CaseClockApproaching, CaseClockCorrected, CaseClockMissed, CaseClockRevised
from shared.contracts.case_moved import CaseMoved, CaseTransferred, TransferMoved, TransferRefused
from shared.contracts.case_work import (
    CaseClosed,
    CaseFacts,
    EvidenceAdded,
    GoodsHandedOver,
    HeadApproved,
    HeadRefused,
    ReconsiderationRequested,
    ReportSigned,
    ReportSubmitted,
    ReportWithdrawn,
    SupervisionSuggested,
    TransferSent,
)
from shared.contracts.clock import Period
from shared.contracts.credit import ListingDecided, OperatorListed, OperatorRelisted, RepairGranted
from shared.contracts.dossier import EvidenceItem, EvidenceKind, digest_of
from shared.contracts.event import Event, Reason
from shared.contracts.penalty import (
    GoodsReleased,
    GoodsSeized,
    MajorCaseFlagged,
    PenaltyDecided,
    PenaltyPublished,
    PersonPenalty,
)

_AT = datetime(2026, 3, 4, 2, tzinfo=UTC)
_ORDER = "国务院令第310号 (2020)"
_STEP: dict[str, Any] = {"case_no": "C-7Q2M4ZK3XAWB", "version": 1, "at": _AT}


def _item(kind: EvidenceKind, reference: str) -> EvidenceItem:
    return EvidenceItem(
        kind=kind,
        reference=reference,
        sha256="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        size=48211,
        media_type="application/pdf",
        made_on=date(2026, 3, 4),
    )


_ITEMS = (
    _item(EvidenceKind.TRANSFER_LETTER, "LETTER-01"),
    _item(EvidenceKind.INVESTIGATION_REPORT, "REPORT-01"),
    _item(EvidenceKind.GOODS_LIST, "GOODS-01"),
)
_DOSSIER = digest_of(_ITEMS)
_PERIOD: dict[str, Any] = {
    "clock": "REF-04:C-7Q2M4ZK3XAWB",
    "actor": "police",
    "duty": "decide to file or not, written notice",
    "started": _AT,
    "due": datetime(2026, 3, 7, 16, tzinfo=UTC),
    "citation": f"{_ORDER} Art 8",
    "verified": True,
}
_CLOCK = _PERIOD | {"case_no": "C-7Q2M4ZK3XAWB"}
_TOLD: dict[str, Any] = {
    "case_no": "C-7Q2M4ZK3XAWB",
    "version": 5,
    "before": "approved",
    "state": "transferred",
    "by": "officer.O001",
    "at": _AT,
    "step": "transfer",
    "text": "Case C-7Q2M4ZK3XAWB is transferred.",
    "citation": f"{_ORDER} Art 5",
    "verified": True,
}
_ENTRY: dict[str, Any] = {
    "entry_no": "L-4RBX7Q2M5ZKA",
    "operator": "P0001",
    "name_of_list": "serious_violation",
    "case_no": "C-7Q2M4ZK3XAWB",
}
_REASON = Reason(
    rule="R1",
    text="孔雀石绿 was detected in 草鱼 (4.10µg/kg): 孔雀石绿 is on a prohibited list.",
    citation="刑法 Art 144; 法释〔2021〕24号 Art 9(2), 11",
    verified=True,
    facts={"substance": "孔雀石绿", "product": "草鱼"},
)

CASES: tuple[Event, ...] = (
    EvidenceAdded(**_STEP, items=(_item(EvidenceKind.TEST_REPORT, "TEST-01"),)),
    CaseFacts(**_STEP, sales_yuan=Decimal("62000.00"), place_kind="near_school", sold_after_warning=True),
    ReportSubmitted(**_STEP, offence="144", items=_ITEMS),
    ReportSigned(**_STEP, dossier=_DOSSIER),
    ReportWithdrawn(**_STEP, why="The list of goods lacks the second store room."),
    HeadApproved(**_STEP, dossier=_DOSSIER),
    HeadRefused(**_STEP, why="The origin of the substance was not looked into."),
    TransferSent(**_STEP, dossier=_DOSSIER),
    ReconsiderationRequested(**_STEP, why="The test report shows what was doubted."),
    SupervisionSuggested(**_STEP, why="The police uphold their decision without a reason of law."),
    GoodsHandedOver(**_STEP, receipt="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"),
    GoodsSeized(**_STEP, papers="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"),
    GoodsReleased(**_STEP, outcome="destroyed"),
    PenaltyDecided(
        **_STEP,
        penalty_no="FINE-2026-017",
        operator="P0001",
        kinds=("fine", "confiscation", "ban"),
        fine_yuan=Decimal("150000.00"),
        confiscated_yuan=Decimal("3200.00"),
        persons=(PersonPenalty(person="P1", role="person_in_charge", fine_yuan=Decimal("20000.00")),),
        law="食品安全法 Art 123",
        serious=True,
    ),
    PenaltyPublished(**_STEP, penalty_no="FINE-2026-017"),
    MajorCaseFlagged(**_STEP, why="The goods went to several counties."),
    CaseClosed(**_STEP, why="The penalty is paid and nothing else is open."),
    CaseClockCorrected(
        clock="REF-11:C-7Q2M4ZK3XAWB", due=datetime(2026, 3, 9, 16, tzinfo=UTC), why="The cold store was closed."
    ),
    ListingDecided(**_STEP, operator="P0001", name_of_list="serious_violation", why="A prohibited drug was used."),
    RepairGranted(entry_no="L-4RBX7Q2M5ZKA", granted_on=date(2027, 4, 1), why="Everything was mended and is kept so."),
    BulletinIssued(**_STEP, lesson="A fish farm has to buy its drugs where they carry a licence."),
    OperatorListed(
        **_ENTRY,
        reason="A prohibited drug was used.",
        by="officer.O001",
        listed_on=date(2026, 3, 4),
        until=date(2029, 3, 4),
        repair_from=date(2027, 3, 5),
        citation="市场监督管理严重违法失信名单管理办法 (SAMR Order 44)",
        verified=False,
    ),
    OperatorRelisted(
        **_ENTRY, standing="repaired", ended_on=date(2027, 4, 1), by="officer.O001", why="Everything was mended."
    ),
    BulletinPublished(
        bulletin_no="T-5QMX7Q2M5ZKA",
        product="草鱼",
        substances=("孔雀石绿",),
        offence="144",
        outcome="judged",
        penalties=("ban",),
        lesson="A fish farm has to buy its drugs where they carry a licence.",
    ),
    PoliceReceived(**_STEP),
    PoliceRedirected(**_STEP, to="21.02.82", why="The producer is there."),
    PoliceTookLonger(**_STEP, why="Several producers are involved."),
    PoliceFiled(**_STEP),
    PoliceDeclined(**_STEP, why="The facts show no crime."),
    PoliceUpheld(**_STEP, why="Nothing new was shown."),
    PoliceExplained(**_STEP, why="The seller did not know."),
    PoliceReturned(**_STEP, why="The amount stays below that of a crime."),
    ReasonsDemanded(**_STEP, why="The agency suggested supervision."),
    ReasonsAccepted(**_STEP, why="The explanation holds."),
    FilingOrdered(**_STEP, why="The substance is on the list; knowledge is for the investigation."),
    OpinionIssued(**_STEP, concerns="not_transferred", why="The facts suggest a crime."),
    ProcuratorateReturned(**_STEP, why="The circumstances are minor."),
    CaseProsecuted(**_STEP),
    CaseJudged(**_STEP, outcome="convicted"),
    JointSupervision(**_STEP, why="The goods went to several counties."),
    CaseMoved(**_TOLD | {"before": "reported", "state": "signed", "step": "sign"}),
    TransferMoved(
        **_TOLD | {"before": "transferred", "state": "received", "step": "receive", "by": "police.210283"},
        periods=(Period(**_PERIOD),),
    ),
    TransferRefused(
        **_TOLD | {"before": "signed", "state": "refused", "step": "refuse", "by": "head.H001"},
        reason="The origin of the substance was not looked into.",
    ),
    CaseTransferred(
        **_TOLD,
        to="21.02.83",
        product="草鱼",
        producer="P0001",
        samples=("S-0001",),
        offence="144",
        reasons=(_REASON,),
        items=_ITEMS,
        dossier=_DOSSIER,
        reported_by=("officer.O001", "officer.O002"),
        approved_by="head.H001",
        approved_at=datetime(2026, 3, 4, 1, tzinfo=UTC),
    ),
    CaseClockApproaching(**_CLOCK),
    CaseClockMissed(**_CLOCK),
    CaseClockRevised(
        **_CLOCK | {"before": datetime(2026, 3, 6, 16, tzinfo=UTC)},
        by="officer.O001",
        why="The receipt was a day later.",
    ),
)
