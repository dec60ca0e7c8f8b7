"""What a re-inspection is about: the failure that stands on its sample, or the one that it was asked for."""

from typing import Any

from services.sampling.store import reports
from shared.contracts import SampleFailed
from shared.heard import Work


async def first_outcome(row: Any, work: Work) -> SampleFailed | None:
    """The outcome that is looked at again, of a re-inspection's row of the store.

    A laboratory may have corrected its report meanwhile; then what it says now counts.
    """
    if failure := await reports.failure(work.connection, row.sample_no):
        return failure.outcome
    identity = row.first_laboratory, row.first_report_no
    known = (await reports.known_reports(work.connection, [identity])).get(identity)
    return SampleFailed.model_validate_json(known.kept) if known else None
