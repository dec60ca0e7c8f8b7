"""The head of the agency approved or refused a transfer: a third person, over the dossier that was signed, intact."""

import functools
from collections.abc import Sequence

from services.enforcement import signing
from services.enforcement.dossier import incomplete
from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, Taking, admit, take
from shared import receipts
from shared.contracts import HeadApproved, HeadRefused, TransferRefused
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Heard, Work
from shared.refusal import Refusal


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to the head's decisions, on dossiers whose files are in this folder."""

    async def answer(decisions: Sequence[Heard[HeadApproved | HeadRefused]], work: Work) -> None:
        """Take each, or say why it cannot be taken."""
        for heard in decisions:
            taking = await admit(heard, work)
            if taking is None:
                continue
            decision = heard.event
            fault = signing.same_person(taking.by, taking.case.reported_by, taking.case.signed_by)
            if isinstance(decision, HeadRefused):
                outcome = Outcome(telling=functools.partial(TransferRefused, reason=decision.why))
            else:
                fault = fault or await _not_ready(taking, decision, work, folder)
                outcome = Outcome({"approved_by": taking.by, "approved_at": decision.at})
            if fault:
                receipts.turn_down(heard, work, fault)
            else:
                await take(taking, work, outcome)

    return answer


async def _not_ready(taking: Taking, approved: HeadApproved, work: Work, folder: EvidenceFolder) -> Refusal | None:
    items = evidence.current(await evidence.of_case(work.connection, approved.case_no))
    return (
        signing.another_dossier(approved.dossier, taking.case.dossier)
        or incomplete(items, opinion_pending=bool(taking.case.opinion_pending))
        or await fault_in(items, folder)
    )
