"""The police passed a case on: from then on it is before the police of another region, and they are told."""

from services.enforcement import handing_over
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import PoliceRedirected, RefusalReason
from shared.heard import Work
from shared.refusal import Refusal


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    to = taking.said_as(PoliceRedirected).to
    if to == taking.case.police:
        text = f"Case {taking.said.case_no} is before the police of {to} already; name those who are competent."
        return Refusal(RefusalReason.WRONG_PLACE, "data.to", text)
    return Outcome({"police": to}, await handing_over.telling(taking.case, to, work))


answer = answering(_decide)
