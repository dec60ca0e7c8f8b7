"""The failures of the sample that an officer's request is about; where there are none, the officer is told why."""

from typing import Any

from services.sampling.store import reports, samples
from services.sampling.store.reports import Failure
from shared import receipts
from shared.contracts import RefusalReason
from shared.heard import Heard, Work
from shared.refusal import Refusal


async def failures_of(heard: Heard[Any], work: Work) -> list[Failure]:
    """The sample's standing failures in the officer's own region, by arrival; none after a receipt that says why."""
    sample_no = heard.event.sample_no
    failures = await reports.failures(work.connection, sample_no)
    if not failures:
        known = await samples.one(work.connection, sample_no) is not None
        reason = RefusalReason.WRONG_STATE if known else RefusalReason.UNKNOWN_SAMPLE
        text = f"Sample {sample_no} is unknown; check the number."
        if known:
            text = f"Sample {sample_no} does not count as failed: no standing report on it says so; look at the sample."
        receipts.decline(heard, work, reason, "data.sample_no", text)
        return []
    if fault := of_another_region(sample_no, failures[0].region, heard.region):
        receipts.turn_down(heard, work, fault)
        return []
    return failures


def of_another_region(sample_no: str, its: str, asked_for: str) -> Refusal | None:
    """Why an officer of one region may not act on a sample of another, or none."""
    if its == asked_for:
        return None
    text = f"Sample {sample_no} belongs to region {its}; its own officers act on it."
    return Refusal(RefusalReason.NOT_YOURS, "data.sample_no", text)
