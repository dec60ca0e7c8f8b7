"""A second officer signed the report: they are another person, and signed the dossier as it stands."""

from collections.abc import Sequence

from services.enforcement import signing
from services.enforcement.taking import Outcome, admit, take
from shared import receipts
from shared.contracts import ReportSigned
from shared.heard import Heard, Work


async def answer(signatures: Sequence[Heard[ReportSigned]], work: Work) -> None:
    """Take each signature, or say why it cannot be taken."""
    for heard in signatures:
        taking = await admit(heard, work)
        if taking is None:
            continue
        case, signed = taking.case, heard.event
        fault = signing.same_person(taking.by, case.reported_by) or signing.another_dossier(
            signed.dossier, case.dossier
        )
        if fault:
            receipts.turn_down(heard, work, fault)
            continue
        await take(taking, work, Outcome({"signed_by": taking.by}))
