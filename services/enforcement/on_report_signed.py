"""A second officer signed the report: they are another person, and signed the dossier as it stands."""

from services.enforcement import signing
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import ReportSigned
from shared.heard import Work
from shared.refusal import Refusal


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    del work
    case, signed = taking.case, taking.said_as(ReportSigned)
    return (
        signing.same_person(taking.by, case.reported_by)
        or signing.another_dossier(signed.dossier, case.dossier)
        or Outcome({"signed_by": taking.by})
    )


answer = answering(_decide)
