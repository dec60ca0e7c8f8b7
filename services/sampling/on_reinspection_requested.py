"""An officer enters a request for a re-inspection: refuse it with the law's ground, or draw a laboratory by lot."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.sampling import accreditation, draw, receipts, reinspection
from services.sampling.concluding import assigned_of
from services.sampling.deadlines import beyond_calendar, deadlines
from services.sampling.duties import HANDING_OVER
from services.sampling.failed import failed_sample
from services.sampling.form_check import Refusal
from services.sampling.reinspection import Barred
from services.sampling.rereading import reread
from services.sampling.store import acts, laboratories, reinspections, reports, samples, tables
from services.sampling.store.reports import Failure
from shared.clocks import Start, start_clocks
from shared.contracts import (
    Finding,
    RefusalReason,
    ReinspectionAccepted,
    ReinspectionAssigned,
    ReinspectionRefused,
    ReinspectionRequested,
)
from shared.heard import Heard, Work
from shared.identifiers import number_of
from shared.workdays import day_in_china


async def answer(requests: Sequence[Heard[ReinspectionRequested]], work: Work) -> None:
    """Decide each request."""
    for heard in requests:
        await _decide(heard, work)


async def _decide(heard: Heard[ReinspectionRequested], work: Work) -> None:
    request = heard.event
    if await failed_sample(heard, work) is None:
        return
    failures = await reports.failures(work.connection, request.sample_no)
    rows = await reinspections.reinspections_of(work.connection, request.sample_no)
    notices = await _notices(request, failures, work)
    if fault := _fault(request, rows, notices, day_in_china(heard.origin.received)):
        receipts.turn_down(heard, work, fault)
        return
    barred = reinspection.bar(
        request,
        [failure.outcome for failure in failures],
        notified_until=max((notice.reinspection_until for notice in notices), default=None),
        reserve=reinspection.reserve_of(await samples.form_of(work.connection, request.sample_no)),
        concluded=[name for row in rows for name in assigned_of(row)],
    )
    if barred:
        _refuse(heard, barred, failures[0], work)
        return
    again = reinspection.testable(failure.outcome for failure in failures)
    candidates = await _candidates(heard, failures[0], again, work)
    if not candidates:
        text = "No other laboratory on the exchange is accredited for what failed; enter one, or have the city draw."
        receipts.decline(heard, work, RefusalReason.NO_LABORATORY, "data.sample_no", text)
        return
    await _draw(heard, failures[0], again, candidates, work)


async def _notices(request: ReinspectionRequested, failures: Sequence[Failure], work: Work) -> list[Any]:
    """The notices that were served on whoever asks."""
    found = []
    for failure in failures:
        served = await reinspections.notices_of(work.connection, failure.laboratory, failure.report_no)
        found += [notice for addressee, notice in served.items() if addressee == request.by]
    return found


def _fault(request: ReinspectionRequested, rows: Sequence[Any], notices: Sequence[Any], today: date) -> Refusal | None:
    for row in rows:
        if row.state in (reinspections.OPEN, reinspections.UNCLEAR):
            text = f"Re-inspection {row.reinspection_no} of sample {request.sample_no} is under way; wait for it."
            return Refusal(RefusalReason.ALREADY_DONE, "data.sample_no", text)
    earliest = min((notice.served_on for notice in notices), default=request.requested_on)
    if not earliest <= request.requested_on <= today:
        text = (
            f"{request.requested_on} is not between the notice on {earliest} and today; enter the day on which the "
            "request was made."
        )
        return Refusal(RefusalReason.WRONG_DATES, "data.requested_on", text)
    return None


def _refuse(heard: Heard[ReinspectionRequested], barred: Barred, failure: Failure, work: Work) -> None:
    event = ReinspectionRefused(
        sample_no=heard.event.sample_no,
        bar=barred.bar,
        explanation=barred.explanation,
        citation=barred.citation,
        verified=barred.verified,
    )
    work.tell(heard, event, region=failure.region)
    text = f"{barred.explanation} ({barred.citation}{'' if barred.verified else ', unverified'})"
    receipts.decline(heard, work, RefusalReason.BARRED, "data.sample_no", text)


async def _candidates(
    heard: Heard[ReinspectionRequested], failure: Failure, again: Sequence[Finding], work: Work
) -> list[str]:
    """Who is accredited today for everything that is tested again, but nobody who reported on the sample."""
    today = day_in_china(heard.origin.received)
    report = reread(failure.outcome, again)
    reported = {row.laboratory for row in await reports.on_sample(work.connection, heard.event.sample_no)}
    known = await laboratories.accreditations(work.connection)
    return sorted(
        laboratory
        for laboratory, entries in known.items()
        if laboratory not in reported and accreditation.refusal(report, entries, today, by_any_method=True) is None
    )


async def _draw(
    heard: Heard[ReinspectionRequested],
    failure: Failure,
    again: Sequence[Finding],
    candidates: Sequence[str],
    work: Work,
) -> None:
    request, region, law = heard.event, failure.region, deadlines()["REI-03"]
    seed = draw.seed_of(heard.key, heard.origin.sequence, heard.origin.received)
    told: dict[str, Any] = {
        "reinspection_no": number_of("R", heard.key),
        "sample_no": request.sample_no,
        "laboratory": draw.drawn(candidates, seed),
        "first_laboratory": failure.laboratory,
        "analytes": tuple(finding.analyte for finding in again),
    }
    accepted = ReinspectionAccepted(
        **told, candidates=tuple(candidates), seed=seed, citation=law.citation, verified=law.verified
    )
    work.tell(heard, accepted, region=region)
    outcome = failure.outcome
    assigned = ReinspectionAssigned(
        **told, product=outcome.product, category=outcome.category, subcategory=outcome.subcategory
    )
    for laboratory in (accepted.laboratory, failure.laboratory):  # one tests, the other hands the reserve portion over
        work.tell(heard, assigned, party=f"lab.{laboratory}", region=region)
    await reinspections.keep_reinspection(work.connection, _row(request, accepted, failure, again))
    await acts.keep(heard, work, request.sample_no)
    received = heard.origin.received
    due = deadlines()[HANDING_OVER].end(received)
    clock = f"{HANDING_OVER}:{accepted.reinspection_no}"
    await start_clocks(work, tables, [Start(clock, request.sample_no, region, received, due)])
    receipts.accept(heard, work, accepted.sentence(), warnings=beyond_calendar(due))


def _row(
    request: ReinspectionRequested, accepted: ReinspectionAccepted, failure: Failure, again: Sequence[Finding]
) -> dict[str, Any]:
    return {
        "reinspection_no": accepted.reinspection_no,
        "sample_no": request.sample_no,
        "region": failure.region,
        "first_laboratory": failure.laboratory,
        "first_report_no": failure.report_no,
        "laboratory": accepted.laboratory,
        "requested_by": request.by,
        "requested_on": request.requested_on,
        "state": reinspections.OPEN,
        "reserve_received": None,
        "report_no": "",
        "substances": "|".join(finding.substance for finding in again),
        "findings": "",
        "on_time": True,
    }
