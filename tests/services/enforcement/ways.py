"""The ways of a case as they are taken in these tests: each leads an open case to one state."""

from typing import Any

from shared.contracts import (
    CaseJudged,
    CaseProsecuted,
    FilingOrdered,
    HeadApproved,
    HeadRefused,
    PoliceDeclined,
    PoliceExplained,
    PoliceFiled,
    PoliceReceived,
    PoliceReturned,
    PoliceUpheld,
    ReasonsAccepted,
    ReasonsDemanded,
    ReconsiderationRequested,
    ReportSigned,
    ReportSubmitted,
    RequestAccepted,
    SupervisionSuggested,
    TransferSent,
)
from shared.contracts.case_step import CaseStep
from tests.services.enforcement.desk import Desk

OFFICER, SECOND, HEAD = "officer.O001", "officer.O003", "head.H001"
POLICE, PROCURATORATE = "police.210283", "procuratorate.210283"
WHY: dict[str, Any] = {"why": "The facts are as they are."}
Taken = tuple[str, type[CaseStep], dict[str, Any]]
Way = tuple[Taken, ...]

_REPORTED: Way = ((OFFICER, ReportSubmitted, {}),)
_SIGNED: Way = (*_REPORTED, (SECOND, ReportSigned, {}))
_APPROVED: Way = (*_SIGNED, (HEAD, HeadApproved, {}))
_TRANSFERRED: Way = (*_APPROVED, (OFFICER, TransferSent, {}))
_RECEIVED: Way = (*_TRANSFERRED, (POLICE, PoliceReceived, {}))
_FILED: Way = (*_RECEIVED, (POLICE, PoliceFiled, {}))
_DECLINED: Way = (*_RECEIVED, (POLICE, PoliceDeclined, WHY))
_RECONSIDERING: Way = (*_DECLINED, (OFFICER, ReconsiderationRequested, WHY))
_UPHELD: Way = (*_RECONSIDERING, (POLICE, PoliceUpheld, WHY))
_SUPERVISING: Way = (*_UPHELD, (OFFICER, SupervisionSuggested, WHY))
_DEMANDED: Way = (*_SUPERVISING, (PROCURATORATE, ReasonsDemanded, WHY))
_GIVEN: Way = (*_DEMANDED, (POLICE, PoliceExplained, WHY))
_PROSECUTED: Way = (*_FILED, (PROCURATORATE, CaseProsecuted, {}))

WAYS: dict[str, Way] = {
    "open": (),
    "reported": _REPORTED,
    "signed": _SIGNED,
    "approved": _APPROVED,
    "refused": (*_SIGNED, (HEAD, HeadRefused, WHY)),
    "transferred": _TRANSFERRED,
    "received": _RECEIVED,
    "filed": _FILED,
    "declined": _DECLINED,
    "reconsidering": _RECONSIDERING,
    "upheld": _UPHELD,
    "supervising": _SUPERVISING,
    "reasons_demanded": _DEMANDED,
    "reasons_given": _GIVEN,
    "filing_ordered": (*_GIVEN, (PROCURATORATE, FilingOrdered, WHY)),
    "not_filed": (*_GIVEN, (PROCURATORATE, ReasonsAccepted, WHY)),
    "returned": (*_FILED, (POLICE, PoliceReturned, WHY)),
    "prosecuted": _PROSECUTED,
    "judged": (*_PROSECUTED, (PROCURATORATE, CaseJudged, {"outcome": "convicted"})),
}


def filled_in(desk: Desk, kind: type[CaseStep], said: dict[str, Any]) -> dict[str, Any]:
    """What a step says, with the complete dossier where it speaks of one."""
    if kind is ReportSubmitted:
        return {"offence": "144", "items": desk.dossier()} | said
    if "dossier" in said or "dossier" not in kind.model_fields:
        return said
    return said | {"dossier": desk.digest}


async def lead(desk: Desk, state: str) -> None:
    """Lead the open case to this state; every step is taken."""
    for teller, kind, said in WAYS[state]:
        receipt = await desk.take(teller, kind, **filled_in(desk, kind, said))
        assert isinstance(receipt, RequestAccepted), receipt.explanation
    assert state == (await desk.case()).state
