"""An officer enters a request for a re-inspection: refuse it with the law's ground, or draw a laboratory by lot."""

from collections.abc import Sequence
from typing import Any

from services.sampling import accreditation, draw, receipts, reinspection
from services.sampling.deadlines import deadlines
from services.sampling.duties import HANDING_OVER
from services.sampling.failed import failed_sample
from services.sampling.reinspection import Barred
from services.sampling.rereading import reread
from services.sampling.store import acts, laboratories, reinspections, samples, tables
from services.sampling.store.reports import Failure
from shared.clocks import Start, start_clocks
from shared.contracts import (
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
    failure = await failed_sample(heard, work)
    if failure is None:
        return
    today = day_in_china(heard.origin.received)
    if request.requested_on > today:
        text = f"{request.requested_on} is yet to come; enter the day on which the request was made."
        receipts.decline(heard, work, RefusalReason.WRONG_DATES, "data.requested_on", text)
        return
    if barred := await _barred(request, failure, work):
        _refuse(heard, barred, failure, work)
        return
    candidates = await _candidates(failure, request, work)
    if not candidates:
        text = "No other laboratory on the exchange is accredited for what failed; enter one, or have the city draw."
        receipts.decline(heard, work, RefusalReason.NO_LABORATORY, "data.sample_no", text)
        return
    await _draw(heard, failure, candidates, work)


async def _barred(request: ReinspectionRequested, failure: Failure, work: Work) -> Barred | None:
    notices = await reinspections.notices_of(work.connection, failure.laboratory, failure.report_no)
    form = await samples.form_of(work.connection, request.sample_no)
    return reinspection.bar(
        request,
        failure.outcome,
        notified_until=notices[request.by].reinspection_until if request.by in notices else None,
        reserve=reinspection.reserve_of(form),
        is_repeated=await reinspections.reinspection_of(work.connection, request.sample_no) is not None,
    )


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


async def _candidates(failure: Failure, request: ReinspectionRequested, work: Work) -> list[str]:
    """Who is accredited on the day of the request for everything that is tested again, but never the first."""
    again = reread(failure.outcome, reinspection.testable(failure.outcome))
    known = await laboratories.accreditations(work.connection)
    return sorted(
        laboratory
        for laboratory, entries in known.items()
        if laboratory != failure.laboratory
        and accreditation.refusal(again, entries, request.requested_on, by_any_method=True) is None
    )


async def _draw(heard: Heard[ReinspectionRequested], failure: Failure, candidates: Sequence[str], work: Work) -> None:
    seed = draw.seed_of(heard.key, heard.origin.sequence, heard.origin.received)
    law = deadlines()["REI-03"]
    told: dict[str, Any] = {
        "reinspection_no": number_of("R", f"{failure.region} {heard.event.sample_no}"),
        "sample_no": heard.event.sample_no,
        "laboratory": draw.drawn(candidates, seed),
        "first_laboratory": failure.laboratory,
        "analytes": tuple(finding.analyte for finding in reinspection.testable(failure.outcome)),
    }
    accepted = ReinspectionAccepted(
        **told, candidates=tuple(candidates), seed=seed, citation=law.citation, verified=law.verified
    )
    work.tell(heard, accepted, region=failure.region)
    outcome = failure.outcome
    assigned = ReinspectionAssigned(
        **told, product=outcome.product, category=outcome.category, subcategory=outcome.subcategory
    )
    work.tell(heard, assigned, party=f"lab.{accepted.laboratory}", region=failure.region)
    await reinspections.keep_reinspection(work.connection, _row(heard.event, accepted, failure))
    await acts.keep(heard, work, heard.event.sample_no)
    received = heard.origin.received
    due = deadlines()[HANDING_OVER].end(received)
    clock = f"{HANDING_OVER}:{accepted.reinspection_no}"
    await start_clocks(work, tables, [Start(clock, heard.event.sample_no, failure.region, received, due)])
    receipts.accept(heard, work, accepted.sentence())


def _row(request: ReinspectionRequested, accepted: ReinspectionAccepted, failure: Failure) -> dict[str, Any]:
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
    }
