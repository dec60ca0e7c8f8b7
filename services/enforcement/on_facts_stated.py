"""An officer stated facts about a case: its rules are asked anew, and one that is met now refers the case."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.enforcement.grounds.aggravation import Known, aggravating
from services.enforcement.grounds.assessing import reassess
from services.enforcement.grounds.assessment import Assessment, dump, load, strongest
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.statement import merged
from services.enforcement.handing_over import kept_reasons
from services.enforcement.store import evidence, samples
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import CaseFacts, CaseReferred, Reason, RefusalReason
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


async def _assessed(taking: Taking, stated: CaseFacts, rules: Rules, work: Work) -> Outcome:
    kept: dict[str, Any] = json.loads(taking.case.facts)
    facts = merged([kept.get("stated", {}), stated.stated])
    shown = set(kept.get("shown", ())) - stated.stated.keys() | (stated.stated.keys() if stated.evidence else set())
    rows = [row for row in await samples.of_cases(work.connection, [stated.case_no]) if not row.overturned]
    assessed = [load(row.assessments) for row in rows if row.assessments]
    again = reassess(facts, assessed, load(taking.case.assessments), rules, shown)
    change = {
        "facts": json.dumps({"stated": facts, "shown": sorted(shown)}, ensure_ascii=False),
        "assessments": dump(again.assessments),
    }
    if rows and again.newly_met:
        weighing = aggravating(facts, Known(assessed))
        await _refer(taking, rows[0], again.newly_met, weighing, work)
    return Outcome(change, warnings=tuple(_no_longer(one) for one in again.no_longer_met))


async def _refer(
    taking: Taking, row: Row[Any], met: Sequence[Assessment], weighing: tuple[Reason, ...], work: Work
) -> None:
    """Tell police and procuratorate, by the case's first standing sample."""
    reasons = tuple(one.reason for one in met)
    event = CaseReferred(
        case_no=taking.said.case_no,
        sample_no=row.sample_no,
        laboratory=row.laboratory,
        report_no=row.report_no,
        version=taking.version,
        product=taking.case.product,
        producer=taking.case.producer,
        seller=None,
        reasons=reasons,
        strength=strongest(one.strength for one in met).value,
        aggravation=weighing,
    )
    work.tell(taking.heard, event, region=taking.case.region)
    if not row.referred:
        await samples.refer(work.connection, (row.laboratory, row.report_no), reasons[0].rule, kept_reasons(reasons))


def _no_longer(one: Assessment) -> Reason:
    text = f"Rule {one.rule} was met by what was stated before and is not now; the referral stands, a person decides."
    return Reason(rule="no_longer_met", text=text, citation=one.citation, verified=one.verified)
