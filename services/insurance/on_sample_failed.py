"""A sample failed: notify the insurer of its producer or seller, or say why not."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.insurance import store
from services.insurance.cover import Notice, decide
from services.insurance.notices import notified
from shared.contracts import NoticeNotDue, SampleFailed
from shared.heard import Heard, Work
from shared.workdays import day_in_china


async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
    """Decide on each failed sample."""
    named = {name for heard in failed for name in (heard.event.producer, heard.event.seller) if name}
    policies = await store.policies_of(work.connection, sorted(named))
    notices: list[dict[str, Any]] = []
    for heard in failed:
        sample = heard.event
        day = day_in_china(heard.time)
        decision = decide(sample, policies, day)
        row = _row(heard, day)
        if isinstance(decision, Notice):
            work.tell(heard, notified(sample, decision), party=decision.policy.insurer)
            notices.append(row | {"notice_no": decision.notice_no, "reason": decision.role})
        else:
            not_due = NoticeNotDue(sample_no=sample.sample_no, reason=decision.reason, reasons=decision.reasons)
            work.tell(heard, not_due)
            notices.append(row | {"notice_no": None, "reason": decision.reason.value})
    await store.keep_notices(work.connection, notices)


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
