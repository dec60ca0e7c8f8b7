"""An officer put evidence into a dossier: its files must be in the evidence folder as their hashes say."""

from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import EvidenceAdded
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Work
from shared.refusal import Refusal


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to added evidence, whose files are in this folder."""

    async def decide(taking: Taking, work: Work) -> Refusal | Outcome:
        added = taking.said_as(EvidenceAdded)
        if fault := await fault_in(added.items, folder):
            return fault
        await evidence.add(work.connection, taking.addition(added.items))
        return Outcome(told={"items": added.items})

    return answering(decide)
