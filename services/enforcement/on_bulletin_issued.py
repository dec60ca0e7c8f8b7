"""The head of the agency released an ended case as a typical one: what is published names nobody."""

from services.enforcement.handing_over import reasons_in
from services.enforcement.penalty import kinds_of, load
from services.enforcement.store import samples
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import BulletinIssued, BulletinPublished, RefusalReason
from shared.heard import Work
from shared.identifiers import number_of
from shared.refusal import Refusal


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    issued = taking.said_as(BulletinIssued)
    if fault := _names_somebody(taking, issued):
        return fault
    work.tell(taking.heard, await _published(taking, issued, work), region=taking.case.region)
    return Outcome()


def _names_somebody(taking: Taking, issued: BulletinIssued) -> Refusal | None:
    """Whether the lesson says which case or which operator it is about."""
    penalised = (one.operator for one in load(taking.case.penalties))
    for number in (issued.case_no, taking.case.producer, *penalised):
        if number and number in issued.lesson:
            text = f"The lesson names {number}; a typical case is published without anybody's name or number."
            return Refusal(RefusalReason.BARRED, "data.lesson", text)
    return None


async def _published(taking: Taking, issued: BulletinIssued, work: Work) -> BulletinPublished:
    rows = await samples.standing_of(work.connection, taking.said.case_no)
    reasons = [reason for row in rows for reason in reasons_in(row.reasons)]
    substances = dict.fromkeys(reason.facts["substance"] for reason in reasons if "substance" in reason.facts)
    return BulletinPublished(
        bulletin_no=number_of("T", taking.heard.key),
        product=taking.case.product,
        substances=tuple(substances),
        offence=taking.case.offence,
        outcome=taking.case.state,
        penalties=kinds_of(load(taking.case.penalties)),
        lesson=issued.lesson,
    )


answer = answering(_decide)
