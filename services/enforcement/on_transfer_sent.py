"""An officer hands an approved case over to the police of the same level, with the dossier that was approved."""

from services.enforcement import handing_over, signing
from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import TransferSent
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Work
from shared.refusal import Refusal


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to transfers of dossiers whose files are in this folder."""

    async def decide(taking: Taking, work: Work) -> Refusal | Outcome:
        sent = taking.said_as(TransferSent)
        items = evidence.current(await evidence.of_case(work.connection, sent.case_no))
        fault = signing.another_dossier(sent.dossier, taking.case.dossier) or await fault_in(items, folder)
        if fault:
            return fault
        to = taking.case.region
        return Outcome({"police": to}, await handing_over.telling(taking.case, to, work))

    return answering(decide)
