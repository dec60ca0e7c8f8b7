"""An officer put evidence into a dossier: its files must be in the evidence folder as their hashes say."""

from collections.abc import Sequence

from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.store.evidence import Addition
from services.enforcement.taking import admit, take
from shared import receipts
from shared.contracts import EvidenceAdded
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Heard, Work


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to added evidence, whose files are in this folder."""

    async def answer(additions: Sequence[Heard[EvidenceAdded]], work: Work) -> None:
        """Take each, or say why it cannot be taken."""
        for heard in additions:
            taking = await admit(heard, work)
            if taking is None:
                continue
            added = heard.event
            if fault := await fault_in(added.items, folder):
                receipts.turn_down(heard, work, fault)
                continue
            addition = Addition(added.case_no, taking.version, added.items, taking.by, added.at)
            await evidence.add(work.connection, addition)
            await take(taking, work)

    return answer
