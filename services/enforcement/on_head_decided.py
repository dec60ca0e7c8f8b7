"""The head of the agency approved or refused a transfer: a third person, over the dossier that was signed, intact."""

import functools

from services.enforcement import signing
from services.enforcement.dossier import incomplete
from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import HeadApproved, HeadRefused, TransferRefused
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Work
from shared.refusal import Refusal


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to the head's decisions, on dossiers whose files are in this folder."""

    async def decide(taking: Taking, work: Work) -> Refusal | Outcome:
        decision = taking.said
        if fault := signing.same_person(taking.by, taking.case.reported_by, taking.case.signed_by):
            return fault
        if isinstance(decision, HeadRefused):
            return Outcome(telling=functools.partial(TransferRefused, reason=decision.why))
        approved = taking.said_as(HeadApproved)
        fault = await _not_ready(taking, approved, work, folder)
        return fault or Outcome({"approved_by": taking.by, "approved_at": approved.at})

    return answering(decide)


async def _not_ready(taking: Taking, approved: HeadApproved, work: Work, folder: EvidenceFolder) -> Refusal | None:
    items = evidence.current(await evidence.of_case(work.connection, approved.case_no))
    return (
        signing.another_dossier(approved.dossier, taking.case.dossier)
        or incomplete(items, opinion_pending=bool(taking.case.opinion_pending))
        or await fault_in(items, folder)
    )
