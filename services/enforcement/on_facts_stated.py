"""An officer stated facts about a case: its rules are asked anew, and one that is met now refers the case."""

from services.enforcement.grounds.assessment import Assessment, dump
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.statement import merged
from services.enforcement.restating import Asking, Stated
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import CaseFacts, Reason, RefusalReason
from shared.heard import Handler, Work
from shared.refusal import Refusal


def handler(rules: Rules) -> Handler:
    """The answer to stated facts, assessed by these rules."""

    async def decide(taking: Taking, work: Work) -> Refusal | Outcome:
        stated = taking.said_as(CaseFacts)
        return await _fault(stated, work) or await _assessed(taking, stated, rules, work)

    return answering(decide)


async def _fault(stated: CaseFacts, work: Work) -> Refusal | None:
    if not stated.stated:
        text = "Nothing is stated; name at least one fact."
        return Refusal(RefusalReason.INCOMPLETE, "data", text)
    there = {row.sha256 for row in await evidence.of_case(work.connection, stated.case_no)}
    if missing := [one for one in stated.evidence if one not in there]:
        text = f"{missing[0]} is no item of the dossier of case {stated.case_no}; add the evidence first."
        return Refusal(RefusalReason.INCOMPLETE, "data.evidence", text)
    return None


async def _assessed(taking: Taking, said: CaseFacts, rules: Rules, work: Work) -> Outcome:
    before = Stated.kept(taking.case.facts)
    shown = set(before.shown) - said.stated.keys() | (said.stated.keys() if said.evidence else set())
    stated = Stated(merged([before.facts, said.stated]), shown)
    case = dict(taking.case._mapping) | {"version": taking.version}  # noqa: SLF001 - SQLAlchemy's name for a row as a mapping
    again = await Asking(taking.heard, rules, work).anew(case, stated)
    if again is None:
        return Outcome({"facts": stated.text()})
    change = {"facts": stated.text(), "assessments": dump(again.assessments)}
    return Outcome(change, warnings=tuple(_no_longer(one) for one in again.no_longer_met))


def _no_longer(one: Assessment) -> Reason:
    text = f"Rule {one.rule} was met by what was stated before and is not now; the referral stands, a person decides."
    return Reason(rule="no_longer_met", text=text, citation=one.citation, verified=one.verified)
