"""A re-inspection is concluded: it is told, and failures that rest on nothing but what was re-tested are overturned."""

from typing import Any

from services.sampling import reinspection
from services.sampling.overturning import overturn
from services.sampling.reporting import Desk
from services.sampling.store import acts, reinspections, reports, samples
from shared.contracts import OverturnReason, ReinspectionConcluded, SampleFailed
from shared.heard import Heard, Work


async def first_outcome(row: Any, work: Work) -> SampleFailed:
    """The failure that a re-inspection was asked for, as it was told then."""
    identity = row.first_laboratory, row.first_report_no
    known: Any = await reports.known_report(work.connection, identity)
    return SampleFailed.model_validate_json(known.kept)


async def standing(row: Any, work: Work) -> list[SampleFailed]:
    """The failures of its sample that stand now."""
    return [failure.outcome for failure in await reports.failures(work.connection, row.sample_no)]


async def conclude(  # noqa: PLR0913 - the conclusion, and where it comes from
    desk: Desk, heard: Heard[Any], row: Any, event: ReinspectionConcluded, work: Work, *, why: str, by: str
) -> None:
    """Tell and keep a conclusion; one that overturns clears the sample of what was tested again."""
    work.tell(heard, event, region=row.region)
    changed = {
        "state": event.outcome,
        "on_time": event.on_time,
        "findings": reinspections.findings_json(event.findings),
    }
    await reinspections.change_reinspection(work.connection, row.reinspection_no, **changed)
    await acts.keep(heard, work, row.sample_no)
    if event.outcome != reinspections.OVERTURNED:
        return
    assigned = reinspection.assigned_of(row)
    await samples.clear(work.connection, row.sample_no, assigned)
    failures = await reports.failures(work.connection, row.sample_no)
    covered = reinspection.covered([failure.outcome for failure in failures], assigned)
    for failure in failures:
        if failure.outcome in covered:
            await overturn(heard, work, failure, OverturnReason.REINSPECTION_PASSED, why, by=by)
    await desk.count(heard, {row.sample_no}, work)
