"""A sample failed: notify the insurer of its producer or seller, or say why not."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.insurance import store
from services.insurance.cover import Notice, Policy, decide
from services.insurance.notices import decided, not_notified, notified
from shared.contracts import NoticeNotDue, SampleFailed
from shared.heard import Heard, Work
from shared.workdays import day_in_china


async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
    """Decide on each failed sample; one that was overturned before it is heard of is kept, and nothing is told."""
    named = {name for heard in failed for name in (heard.event.producer, heard.event.seller) if name}
    policies = await store.policies_of(work.connection, sorted(named))
    reports = [heard.event.identity for heard in failed]
    known = await store.known_notices(work.connection, reports)
    notices: list[dict[str, Any]] = []
    for heard, report in zip(failed, reports, strict=True):
        day = day_in_china(heard.time)
        if (row := known.get(report)) and row.reason == store.OVERTURNED:
            await store.revise_notice(work.connection, report, **_row(heard, day))
        else:
            notices.append(_row(heard, day) | _decide(heard, policies, day, work))
    await store.keep_notices(work.connection, notices)


def _decide(heard: Heard[SampleFailed], policies: Sequence[Policy], day: date, work: Work) -> dict[str, Any]:
    sample = heard.event
    decision = decide(sample, policies, day)
    if isinstance(decision, Notice):
        work.tell(heard, notified(sample, decision), party=decision.policy.insurer)
        return decided(decision)
    work.tell(heard, NoticeNotDue(sample_no=sample.sample_no, reason=decision.reason, reasons=decision.reasons))
    return not_notified(decision.reason.value)


def _row(heard: Heard[SampleFailed], day: date) -> dict[str, Any]:
    sample = heard.event
    return {
        "laboratory": sample.laboratory,
        "report_no": sample.report_no,
        "sample_no": sample.sample_no,
        "producer": sample.producer,
        "seller": sample.seller,
        "region": heard.region,
        "day": day,
        "sample": sample.model_dump_json(),
    }
