"""An officer entered an operator in a list: after a penalty in that case, once, for the term that the law sets."""

from services.enforcement import listing
from services.enforcement.deadlines import deadlines
from services.enforcement.penalty import load
from services.enforcement.store import listings, tables
from services.enforcement.taking import Outcome, Taking, answering
from shared.clocks import Start, start_clocks
from shared.contracts import ListingDecided, OperatorListed, RefusalReason
from shared.heard import Work
from shared.identifiers import number_of
from shared.refusal import Refusal
from shared.workdays import day_in_china


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    decided = taking.said_as(ListingDecided)
    if fault := await _fault(taking, decided, work):
        return fault
    await _enter(taking, decided, work)
    return Outcome()


async def _fault(taking: Taking, decided: ListingDecided, work: Work) -> Refusal | None:
    if decided.operator not in {one.operator for one in load(taking.case.penalties)}:
        text = (
            f"No penalty on {decided.operator} was decided in case {decided.case_no}; an operator is listed after one "
            f"({taking.step.citation}, not checked against its text)."
        )
        return Refusal(RefusalReason.BARRED, "data.case_no", text)
    for row in await listings.standing(work.connection, operator=decided.operator):
        if row.name_of_list == decided.name_of_list:
            text = f"{decided.operator} stands in that list already until {row.until}: entry {row.entry_no}."
            return Refusal(RefusalReason.ALREADY_DONE, "data.operator", text)
    return None


async def _enter(taking: Taking, decided: ListingDecided, work: Work) -> None:
    law = deadlines()[listing.TERM]
    day = day_in_china(decided.at)
    repair = day_in_china(deadlines()[listing.REPAIR].end(day))
    event = OperatorListed(
        entry_no=number_of("L", taking.heard.key),
        operator=decided.operator,
        name_of_list=decided.name_of_list,
        case_no=decided.case_no,
        reason=decided.why,
        by=taking.by,
        listed_on=day,
        until=law.last_day(day),
        repair_from=repair,
        citation=law.citation,
        verified=law.verified,
    )
    region = taking.case.region
    work.tell(taking.heard, event, region=region)
    row = event.model_dump(exclude={"by", "citation", "verified"})
    await listings.keep(work.connection, row | {"region": region, "entered_by": taking.by})
    clock = listing.clock_of(event.entry_no)
    start = Start(clock, trace=decided.case_no, region=region, started=decided.at, due=law.end(day))
    await start_clocks(work, tables, [start])


answer = answering(_decide)
