"""An officer hands an approved case over to the police of the same level, with the dossier that was approved."""

from collections.abc import Sequence

from services.enforcement import handing_over, signing
from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, admit, take
from shared import receipts
from shared.contracts import TransferSent
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Heard, Work


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to transfers of dossiers whose files are in this folder."""

    async def answer(transfers: Sequence[Heard[TransferSent]], work: Work) -> None:
        """Take each, or say why it cannot be taken."""
        for heard in transfers:
            taking = await admit(heard, work)
            if taking is None:
                continue
            items = evidence.current(await evidence.of_case(work.connection, heard.event.case_no))
            fault = signing.another_dossier(heard.event.dossier, taking.case.dossier) or await fault_in(items, folder)
            if fault:
                receipts.turn_down(heard, work, fault)
                continue
            to = taking.case.region
            telling = await handing_over.telling(taking.case, to, work)
            await take(taking, work, Outcome({"police": to}, telling))

    return answer
