"""An officer enters an objection: it is under review, and the period for the review runs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.sampling import objection
from services.sampling.failed import failures_of, of_another_region
from services.sampling.store import acts, reinspections, samples, tables
from shared import receipts
from shared.clocks import Start, start_clocks
from shared.contracts import ObjectionFiled, ObjectionOpened, RefusalReason
from shared.deadlines import beyond_calendar
from shared.heard import Heard, Work
from shared.identifiers import number_of
from shared.refusal import Refusal
from shared.workdays import day_in_china, start_of_day


async def answer(objections: Sequence[Heard[ObjectionFiled]], work: Work) -> None:
    """Open each, or say why it cannot be."""
    for heard in objections:
        await _open(heard, work)


async def _open(heard: Heard[ObjectionFiled], work: Work) -> None:
    filed = heard.event
    sample = await samples.one(work.connection, filed.sample_no)
    before = await reinspections.objections_of(work.connection, filed.sample_no)
    if fault := _fault(filed, sample, before, heard):
        receipts.turn_down(heard, work, fault)
        return
    starts: date | None = day_in_china(sample.sampled_at) if sample else None
    if filed.ground != "sampling":
        failures = await failures_of(heard, work)
        if not failures:
            return
        failure = failures[0]
        served = await reinspections.notices_of(work.connection, failure.laboratory, failure.report_no)
        starts = served[filed.by].served_on if filed.by in served else None
    review = objection.review(filed.ground, filed.filed_on, starts)
    law = review.law
    event = ObjectionOpened(
        objection_no=number_of("B", heard.key),
        sample_no=filed.sample_no,
        by=filed.by,
        ground=filed.ground,
        late=review.late,
        review_until=law.last_day(filed.filed_on),
        citation=law.citation,
        verified=law.verified,
    )
    work.tell(heard, event)
    await reinspections.keep_objection(work.connection, _row(filed, event, heard.region))
    await acts.keep(heard, work, filed.sample_no)
    begun = start_of_day(filed.filed_on)
    clock = f"{law.kind}:{event.objection_no}"
    await start_clocks(work, tables, [Start(clock, filed.sample_no, heard.region, begun, law.end(begun))])
    warnings = beyond_calendar(law.end(begun))
    receipts.accept(heard, work, event.sentence(), number=event.objection_no, warnings=warnings)


def _row(filed: ObjectionFiled, event: ObjectionOpened, region: str) -> dict[str, Any]:
    return {
        "objection_no": event.objection_no,
        "sample_no": filed.sample_no,
        "region": region,
        "addressee": filed.by,
        "ground": filed.ground,
        "filed_on": filed.filed_on,
        "review_until": event.review_until,
        "state": reinspections.OPEN,
    }


def _fault(
    filed: ObjectionFiled, sample: Any | None, before: dict[str, Any], heard: Heard[ObjectionFiled]
) -> Refusal | None:
    if sample is None:
        text = f"There is no form of sample {filed.sample_no}; check the number, or ask the sampler to send the form."
        return Refusal(RefusalReason.UNKNOWN_SAMPLE, "data.sample_no", text)
    taken_on, today = day_in_china(sample.sampled_at), day_in_china(heard.origin.received)
    if not taken_on <= filed.filed_on <= today:
        text = f"{filed.filed_on} is not between the sampling on {taken_on} and today; correct the day."
        return Refusal(RefusalReason.WRONG_DATES, "data.filed_on", text)
    for number, row in before.items():
        if (row.addressee, row.ground) == (filed.by, filed.ground):
            text = f"The {filed.by} objected to the {filed.ground} before: {number}, {row.state}."
            return Refusal(RefusalReason.ALREADY_DONE, "data.ground", text)
    return of_another_region(filed.sample_no, sample.region, heard.region)
