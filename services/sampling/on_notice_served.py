"""An officer served the notice of a failed result: the addressee's period for a re-inspection starts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.sampling import duties, reinspection
from services.sampling.failed import failures_of
from services.sampling.store import acts, reinspections, samples, tables
from services.sampling.store.reports import Failure
from shared import receipts
from shared.clocks import Stop, stop_clocks
from shared.contracts import FailureNotified, NoticeServed, RefusalReason
from shared.deadlines import beyond_calendar
from shared.heard import Heard, Work
from shared.refusal import Refusal
from shared.workdays import day_in_china, start_of_day


async def answer(notices: Sequence[Heard[NoticeServed]], work: Work) -> None:
    """Keep each notice, or say why it cannot be."""
    for heard in notices:
        await _serve(heard, work)


async def _serve(heard: Heard[NoticeServed], work: Work) -> None:
    notice = heard.event
    failures = await failures_of(heard, work)
    if not failures:
        return
    form = await samples.form_of(work.connection, notice.sample_no)
    addressees = {"operator": form.sampled_unit if form else None, "producer": form.producer if form else None}
    failure, served = await _owed(notice, failures, work)
    today = day_in_china(heard.origin.received)
    if fault := _fault(notice, failure, addressees, served, today):
        receipts.turn_down(heard, work, fault)
        return
    law = reinspection.period(failure.outcome.track)
    event = FailureNotified(
        sample_no=notice.sample_no,
        report_no=failure.report_no,
        laboratory=failure.laboratory,
        to=notice.to,
        reference=addressees[notice.to],
        served_on=notice.served_on,
        reinspection_until=law.last_day(notice.served_on),
        citation=law.citation,
        verified=law.verified,
        document=notice.document,
    )
    work.tell(heard, event, region=failure.region)
    await reinspections.keep_notice(work.connection, _row(event))
    await acts.keep(heard, work, notice.sample_no)
    owed = {to for to, reference in addressees.items() if reference} - served.keys() - {notice.to}
    if not owed:
        days = [notice.served_on, *(row.served_on for row in served.values())]
        clock = duties.name_of(duties.NOTICE, failure.laboratory, failure.report_no)
        await stop_clocks(work, tables, [Stop(clock, start_of_day(max(days)))])
    left = f" The {owed.pop()} is still to be told." if owed else ""
    warnings = beyond_calendar(law.end(notice.served_on))
    receipts.accept(heard, work, f"{event.sentence()}{left}", warnings=warnings)


async def _owed(notice: NoticeServed, failures: Sequence[Failure], work: Work) -> tuple[Failure, dict[str, Any]]:
    """The first failure of the sample of which the addressee was not told, or the last one; and who was told of it."""
    for failure in failures:
        served = await reinspections.notices_of(work.connection, failure.laboratory, failure.report_no)
        if notice.to not in served:
            break
    return failure, served


def _row(event: FailureNotified) -> dict[str, Any]:
    return {
        "laboratory": event.laboratory,
        "report_no": event.report_no,
        "addressee": event.to,
        "sample_no": event.sample_no,
        "served_on": event.served_on,
        "reinspection_until": event.reinspection_until,
        "document": event.document,
    }


def _fault(
    notice: NoticeServed,
    failure: Failure,
    addressees: dict[str, str | None],
    served: dict[str, Any],
    today: date,
) -> Refusal | None:
    if not any(addressees.values()):
        text = f"There is no form of sample {notice.sample_no}, so nobody is named; ask the sampler to send it."
        return Refusal(RefusalReason.UNKNOWN_SAMPLE, "data.sample_no", text)
    if not addressees[notice.to]:
        text = f"The form of sample {notice.sample_no} names no {notice.to}; there is nobody to serve it on."
        return Refusal(RefusalReason.WRONG_STATE, "data.to", text)
    if notice.to in served:
        text = f"The notice was served on the {notice.to} on {served[notice.to].served_on}; nothing needs to be done."
        return Refusal(RefusalReason.ALREADY_DONE, "data.to", text)
    reported_on = day_in_china(failure.reported_at)
    if not reported_on <= notice.served_on <= today:
        text = f"{notice.served_on} is not between the report's arrival on {reported_on} and today; correct the day."
        return Refusal(RefusalReason.WRONG_DATES, "data.served_on", text)
    return None
