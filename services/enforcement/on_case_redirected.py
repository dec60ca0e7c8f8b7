"""The police passed a case on: from then on it is before the police of another region, and they are told."""

from collections.abc import Sequence

from services.enforcement import handing_over
from services.enforcement.taking import Outcome, admit, take
from shared import receipts
from shared.contracts import PoliceRedirected, RefusalReason
from shared.heard import Heard, Work


async def answer(redirected: Sequence[Heard[PoliceRedirected]], work: Work) -> None:
    """Pass each on, or say why it cannot be."""
    for heard in redirected:
        taking = await admit(heard, work)
        if taking is None:
            continue
        to = heard.event.to
        if to == taking.case.police:
            text = f"Case {taking.said.case_no} is before the police of {to} already; name those who are competent."
            receipts.decline(heard, work, RefusalReason.WRONG_PLACE, "data.to", text)
            continue
        telling = await handing_over.telling(taking.case, to, work)
        await take(taking, work, Outcome({"police": to}, telling))
