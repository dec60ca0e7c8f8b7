"""A laboratory corrects a report of its own: the first is kept and no longer stands, and all follows the new one."""

from collections.abc import Sequence
from typing import Any

from services.sampling.overturning import overturn
from services.sampling.reporting import Desk, reject
from services.sampling.store import reinspections, reports
from services.sampling.superseding import refusal
from shared.contracts import OverturnReason, ResultCorrected
from shared.heard import Handler, Heard, Work


def handler(desk: Desk) -> Handler:
    """The answer to corrections."""

    async def answer(corrections: Sequence[Heard[ResultCorrected]], work: Work) -> None:
        for heard in corrections:  # one by one: a correction may itself be corrected in the same batch
            await _correct(desk, heard, work)
        await desk.count(corrections[-1], {heard.event.sample_no for heard in corrections}, work)

    return answer


async def _correct(desk: Desk, heard: Heard[ResultCorrected], work: Work) -> None:
    correction, laboratory = heard.event, heard.origin.party
    identity = laboratory, correction.corrects
    earlier: Any = await reports.known_report(work.connection, identity)
    upheld = await reinspections.is_upheld(work.connection, earlier)
    door = await desk.open([heard], work)
    if refused := desk.refusal(heard, door) or refusal(
        earlier, correction.corrects, correction.sample_no, laboratory, field="corrects", is_upheld=upheld
    ):
        reject(heard, correction, refused, work)
        return
    await _supersede(earlier, heard, work)
    desk.take(heard, door, work, corrected=earlier)
    await desk.close(door, work)


async def _supersede(earlier: Any, heard: Heard[ResultCorrected], work: Work) -> None:
    correction = heard.event
    failure = reports.failure_of(earlier)
    if failure:
        text = f"Laboratory {heard.origin.party} corrected report {correction.corrects}: {correction.why}"
        by = f"lab.{heard.origin.party}"
        await overturn(heard, work, failure, OverturnReason.REPORT_CORRECTED, text, by=by)
    identity = earlier.laboratory, earlier.report_no
    changed = {"state": reports.SUPERSEDED, "superseded_by": correction.report_no}
    await reports.change(work.connection, identity, **changed)
