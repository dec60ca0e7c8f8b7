"""The agency decided a penalty: one that takes money waits while a transfer is possible or under way."""

from services.enforcement.penalty import with_another
from services.enforcement.steps import UNDECIDED, State
from services.enforcement.store import samples
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import PenaltyDecided, Reason, RefusalReason
from shared.heard import Work
from shared.refusal import Refusal

_LAW = "国务院令第310号 (2020) Art 11"


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    penalty = taking.said_as(PenaltyDecided)
    if fault := _in_place_of_transfer(taking, penalty):
        return fault
    kept = with_another(taking.case.penalties, penalty)
    return Outcome({"penalties": kept}, warnings=await _warnings(taking, penalty, work))


def _in_place_of_transfer(taking: Taking, penalty: PenaltyDecided) -> Refusal | None:
    if not penalty.takes_money or taking.case.state not in UNDECIDED:
        return None
    text = (
        f"Case {penalty.case_no} is {taking.case.state.replace('_', ' ')}: no fine or confiscation takes the place of "
        f"a transfer ({_LAW}); a warning, a closure or a licence decision may be taken now, and a fine when "
        "the transfer is refused, declined for good, or the case returned."
    )
    return Refusal(RefusalReason.BARRED, "data.kinds", text)


async def _warnings(taking: Taking, penalty: PenaltyDecided, work: Work) -> tuple[Reason, ...]:
    """What a person should look at where the case was referred and nobody decided on a transfer yet."""
    if not penalty.takes_money or taking.case.state != State.OPEN:
        return ()
    if not any(row.referred for row in await samples.standing_of(work.connection, penalty.case_no)):
        return ()
    text = (
        "The case was referred to the police and the procuratorate, and nobody decided on its transfer; a penalty does "
        "not take its place."
    )
    return (Reason(rule="penalty_before_decision", text=text, citation=_LAW, verified=True),)


answer = answering(_decide)
