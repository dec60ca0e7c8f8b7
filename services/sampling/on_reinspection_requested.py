"""An officer enters a request for a re-inspection: refuse it with the law's ground, or draw a laboratory by lot."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.sampling import assigning, reinspection
from services.sampling.deadlines import deadlines
from services.sampling.duties import HANDING_OVER
from services.sampling.failed import failures_of
from services.sampling.reinspection import Barred
from services.sampling.store import reinspections, samples
from services.sampling.store.reports import Failure
from shared import receipts
from shared.contracts import (
    RefusalReason,
    ReinspectionRefused,
    ReinspectionRequested,
)
from shared.deadlines import beyond_calendar
from shared.heard import Heard, Work
from shared.refusal import Refusal
from shared.workdays import day_in_china


async def answer(requests: Sequence[Heard[ReinspectionRequested]], work: Work) -> None:
    """Decide each request."""
    for heard in requests:
        await _decide(heard, work)


async def _decide(heard: Heard[ReinspectionRequested], work: Work) -> None:
    request = heard.event
    failures = await failures_of(heard, work)
    if not failures:
        return
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
        concluded=[
            name for row in rows if row.state in reinspections.CONCLUDED for name in reinspection.assigned_of(row)
        ],
    )
    if barred:
        _refuse(heard, barred, failures[0], work)
        return
    again = reinspection.testable(failure.outcome for failure in failures)
    candidates = await assigning.candidates(heard, failures[0], again, work)
    if not candidates:
        receipts.decline(heard, work, RefusalReason.NO_LABORATORY, "data.sample_no", assigning.NOBODY)
        return
    accepted = await assigning.assign(
        heard, failures[0], again, candidates, work, by=request.by, on=request.requested_on
    )
    due = deadlines()[HANDING_OVER].end(heard.origin.received)
    receipts.accept(heard, work, accepted.sentence(), warnings=beyond_calendar(due))


def _concluded(rows: Sequence[Any]) -> list[str]:
    """The substances on which a re-inspection of the sample concluded before."""
    concluded = (row for row in rows if row.state in reinspections.CONCLUDED)
    return [name for row in concluded for name in reinspection.assigned_of(row)]


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
