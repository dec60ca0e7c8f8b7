"""An officer decided a result that the exchange could not: the sample passes or fails, by whom and why."""

from collections.abc import Sequence
from typing import Any

from services.sampling import duties, report_receipts
from services.sampling.duties import Arrival
from services.sampling.judged import disagreement, settled
from services.sampling.reporting import Desk
from services.sampling.store import acts, reports, tables
from shared import receipts
from shared.clocks import start_clocks
from shared.contracts import Receipt, RefusalReason, ResultSettled, SampleUnclear, Verdict
from shared.heard import Handler, Heard, Work
from shared.refusal import Refusal


def handler(desk: Desk) -> Handler:
    """The answer to decisions of officers."""

    async def answer(decisions: Sequence[Heard[ResultSettled]], work: Work) -> None:
        for heard in decisions:
            await _settle(heard, work)
        await desk.count(decisions[-1], {heard.event.sample_no for heard in decisions}, work)

    return answer


async def _settle(heard: Heard[ResultSettled], work: Work) -> None:
    decision = heard.event
    identity = decision.laboratory, decision.report_no
    row: Any = await reports.known_report(work.connection, identity)
    if fault := _fault(row, decision, heard.region):
        receipts.turn_down(heard, work, fault)
        return
    unclear = SampleUnclear.model_validate_json(row.kept)
    outcome = settled(unclear, Verdict(decision.verdict), by=f"officer.{heard.origin.party}", why=decision.why)
    work.tell(heard, outcome, region=row.region)
    if disagreed := disagreement(row.stated, outcome):
        work.tell(heard, disagreed, region=row.region)
    # the laboratory did its part when it reported: only what the authority owes starts now
    owed = [start for start in duties.started(outcome, _arrival(row, heard)) if start.done is None]
    await start_clocks(work, tables, owed)
    kept = "" if outcome.verdict is Verdict.PASS else outcome.model_dump_json()
    await reports.change(work.connection, identity, verdict=outcome.verdict.value, kept=kept)
    await acts.keep(heard, work, decision.sample_no)
    _tell_the_laboratory(heard, row, outcome.verdict, work)
    receipts.accept(heard, work, f"Sample {decision.sample_no} is settled: {outcome.verdict.value}.")


def _tell_the_laboratory(heard: Heard[ResultSettled], row: Any, verdict: Verdict, work: Work) -> None:
    event_id = row.event_key.partition(" ")[2]
    receipt = Receipt(event_id=event_id, report_no=row.report_no, sample_no=row.sample_no, verdict=verdict.value)
    report_receipts.give(heard, row.laboratory, [receipt], work)


def _fault(row: Any, decision: ResultSettled, region: str) -> Refusal | None:
    number = decision.report_no
    if row is None or row.sample_no != decision.sample_no:
        text = (
            f"Laboratory {decision.laboratory} has no report {number} on sample {decision.sample_no}; look at the list."
        )
        return Refusal(RefusalReason.UNKNOWN_REPORT, "data.report_no", text)
    if row.region != region:
        text = f"Sample {decision.sample_no} belongs to region {row.region}; its own officers decide."
        return Refusal(RefusalReason.NOT_YOURS, "data.sample_no", text)
    if row.state != reports.STANDING:
        text = f"Report {number} is {row.state}; only a result that stands can be settled."
        return Refusal(RefusalReason.WRONG_STATE, "data.report_no", text)
    if row.verdict != Verdict.UNCLEAR:
        text = f"Report {number} came out as {row.verdict}; only an unclear result needs a person."
        return Refusal(RefusalReason.WRONG_STATE, "data.report_no", text)
    return None


def _arrival(row: Any, heard: Heard[ResultSettled]) -> Arrival:
    return Arrival(row.concluded_on, heard.origin.received, row.region)
