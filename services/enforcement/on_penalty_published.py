"""The agency published a penalty: one that was decided in this case."""

from services.enforcement.penalty import load
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import PenaltyPublished, RefusalReason
from shared.heard import Work
from shared.refusal import Refusal


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    del work
    number = taking.said_as(PenaltyPublished).penalty_no
    known = [one.penalty_no for one in load(taking.case.penalties)]
    if number in known:
        return Outcome()
    text = f"No penalty {number} was decided in case {taking.said.case_no}; known are {', '.join(known) or 'none'}."
    return Refusal(RefusalReason.WRONG_STATE, "data.penalty_no", text)


answer = answering(_decide)
