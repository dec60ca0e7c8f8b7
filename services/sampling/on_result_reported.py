"""A laboratory reported: check the report at the door, judge it, tell the outcome and give the laboratory a receipt."""

from collections.abc import Sequence

from services.sampling import store
from services.sampling.acceptance import Refusal, refusal
from services.sampling.deadlines import FAILED_RESULT, deadlines
from services.sampling.judgement import judge, verdict_of
from services.sampling.limits import Catalogue
from shared.clocks import Start, start_clocks
from shared.contracts import (
    Finding,
    Receipt,
    RejectionReason,
    ResultRejected,
    ResultReported,
    ResultsAccepted,
    SampleFailed,
    SampleJudged,
    SamplePassed,
    SampleUnclear,
    Verdict,
)
from shared.heard import Handler, Heard, Work
from shared.workdays import day_in_china, start_of_day

OUTCOMES: dict[Verdict, type[SampleJudged]] = {
    Verdict.PASS: SamplePassed,
    Verdict.FAIL: SampleFailed,
    Verdict.UNCLEAR: SampleUnclear,
}


def handler(catalogue: Catalogue) -> Handler:
    """The answer to reports, judged by this catalogue of limits."""

    async def answer(reports: Sequence[Heard[ResultReported]], work: Work) -> None:
        known = await store.known_reports(work.connection, [_identity(heard) for heard in reports])
        rows: list[dict[str, str]] = []
        clocks: list[Start] = []
        accepted: dict[str, list[tuple[Heard[ResultReported], Receipt]]] = {}
        for heard in reports:
            content = store.content_of(heard.event)
            refused = _refusal(heard, content, known)
            if refused:
                _reject(heard, refused, work)
                continue
            findings = judge(heard.event, catalogue)
            verdict = verdict_of(findings)
            _tell(heard, verdict, findings, work)
            known[_identity(heard)] = (content, heard.key)
            rows.append(_row(heard, content, verdict))
            if verdict is Verdict.FAIL:
                clocks.append(_clock(heard))
            receipt = Receipt(
                event_id=heard.id,
                report_no=heard.event.report_no,
                sample_no=heard.event.sample_no,
                verdict=verdict.value,
            )
            accepted.setdefault(heard.origin.party, []).append((heard, receipt))
        await store.keep_reports(work.connection, rows)
        await start_clocks(work, store.tables, clocks)
        for laboratory, receipts in accepted.items():
            event = ResultsAccepted(laboratory=laboratory, receipts=tuple(receipt for _, receipt in receipts))
            work.tell(receipts[0][0], event, party=f"lab.{laboratory}")

    return answer


def _identity(heard: Heard[ResultReported]) -> tuple[str, str]:
    return heard.origin.party, heard.event.report_no


def _refusal(
    heard: Heard[ResultReported], content: str, known: dict[tuple[str, str], tuple[str, str]]
) -> Refusal | None:
    earlier = known.get(_identity(heard))
    if earlier is None:
        return refusal(heard.event, day_in_china(heard.origin.received))
    number = heard.event.report_no
    if earlier[0] == content:
        text = f"Report {number} was reported before with the same content, and judged; nothing needs to be done."
        return Refusal(RejectionReason.REPEATED, "data.report_no", text)
    text = f"Report {number} was reported before with other content; give a further report a number of its own."
    return Refusal(RejectionReason.CHANGED, "data.report_no", text)


def _reject(heard: Heard[ResultReported], refused: Refusal, work: Work) -> None:
    laboratory = heard.origin.party
    event = ResultRejected(
        laboratory=laboratory,
        reason=refused.reason,
        where=refused.where,
        explanation=refused.explanation,
        event_id=heard.id,
        report_no=heard.event.report_no,
        sample_no=heard.event.sample_no,
    )
    work.tell(heard, event, party=f"lab.{laboratory}")


def _tell(heard: Heard[ResultReported], verdict: Verdict, findings: tuple[Finding, ...], work: Work) -> None:
    report = heard.event
    outcome = OUTCOMES[verdict](
        sample_no=report.sample_no,
        report_no=report.report_no,
        laboratory=heard.origin.party,
        product=report.product,
        category=report.category,
        subcategory=report.subcategory,
        production_date=report.production_date,
        concluded_on=report.concluded_on or day_in_china(min(heard.time, heard.origin.received)),
        producer=report.producer,
        seller=report.seller,
        producer_region=report.producer_region,
        findings=findings,
    )
    work.tell(heard, outcome)


def _row(heard: Heard[ResultReported], content: str, verdict: Verdict) -> dict[str, str]:
    return {
        "laboratory": heard.origin.party,
        "report_no": heard.event.report_no,
        "sample_no": heard.event.sample_no,
        "content": content,
        "event_key": heard.key,
        "verdict": verdict.value,
    }


def _clock(heard: Heard[ResultReported]) -> Start:
    """The clock of a failed result; it runs from the arrival where the laboratory names no day of its conclusion."""
    concluded = heard.event.concluded_on or day_in_china(heard.origin.received)
    return Start(
        clock=f"{FAILED_RESULT}:{heard.origin.party}:{heard.event.report_no}",
        trace=heard.event.sample_no,
        region=heard.region,
        started=start_of_day(concluded),
        due=deadlines()[FAILED_RESULT].end(concluded),
        done=heard.origin.received,
    )
