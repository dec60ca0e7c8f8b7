"""Whether a dossier's files are in the evidence folder, whole and as their hashes say."""

import asyncio
from collections.abc import Iterable

from shared.contracts import EvidenceItem, RefusalReason
from shared.evidence import EvidenceFolder
from shared.failure import CannotStartError, NotYetError
from shared.refusal import Refusal


async def fault_in(items: Iterable[EvidenceItem], folder: EvidenceFolder) -> Refusal | None:
    """What is wrong with the first item that is not as it should be, or none.

    Raises NotYetError where the folder cannot be used, so that what was said is looked at again later.
    """
    for item in items:
        try:
            fault = await asyncio.to_thread(folder.fault_of, item.sha256, item.size)
        except CannotStartError as error:
            raise NotYetError(str(error)) from error
        if fault:
            text = f"{item.kind.value} {item.reference}: {fault}"
            return Refusal(RefusalReason.INCOMPLETE, "data.items", text)
    return None
