"""A re-inspection is given to a laboratory: who may make it, who is drawn, who is told, and the clock that starts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.sampling import accreditation, draw
from services.sampling.deadlines import deadlines
from services.sampling.duties import HANDING_OVER
from services.sampling.rereading import reread
from services.sampling.store import acts, laboratories, reinspections, reports, tables
from services.sampling.store.reports import Failure
from shared.clocks import Start, start_clocks
from shared.contracts import Finding, ReinspectionAccepted, ReinspectionAssigned
from shared.contracts.officer import Addressee
from shared.heard import Heard, Work
from shared.identifiers import number_of
from shared.workdays import day_in_china

NOBODY = "No other laboratory on the exchange is accredited for what failed; enter one, or have the city draw."


async def candidates(heard: Heard[Any], failure: Failure, again: Sequence[Finding], work: Work) -> list[str]:
    """Who is accredited today for all that is tested again; nobody who reported on the sample or could not test it."""
    today, sample_no = day_in_china(heard.origin.received), failure.outcome.sample_no
    report = reread(failure.outcome, again)
    out = {row.laboratory for row in await reports.on_sample(work.connection, sample_no)}
    drawn_before = await reinspections.reinspections_of(work.connection, sample_no)
    out |= {row.laboratory for row in drawn_before if row.state in (reinspections.OPEN, reinspections.UNABLE)}
    known = await laboratories.accreditations(work.connection)
    return sorted(
        laboratory
        for laboratory, entries in known.items()
        if laboratory not in out and accreditation.refusal(report, entries, today, by_any_method=True) is None
    )


async def assign(  # noqa: PLR0913 - what is tested again, by whom, and who asked when
    heard: Heard[Any],
    failure: Failure,
    again: Sequence[Finding],
    among: Sequence[str],
    work: Work,
    *,
    by: Addressee,
    on: date,
) -> ReinspectionAccepted:
    """Draw one of the candidates, at least one; tell it and the first laboratory, and start the hand-over's clock."""
    region, law, outcome = failure.region, deadlines()["REI-03"], failure.outcome
    seed = draw.seed_of(heard.key, heard.origin.sequence, heard.origin.received)
    told: dict[str, Any] = {
        "reinspection_no": number_of("R", heard.key),
        "sample_no": outcome.sample_no,
        "laboratory": draw.drawn(among, seed),
        "first_laboratory": failure.laboratory,
        "analytes": tuple(finding.analyte for finding in again),
    }
    accepted = ReinspectionAccepted(
        **told, candidates=tuple(among), seed=seed, citation=law.citation, verified=law.verified
    )
    work.tell(heard, accepted, region=region)
    assigned = ReinspectionAssigned(
        **told, product=outcome.product, category=outcome.category, subcategory=outcome.subcategory
    )
    for laboratory in (accepted.laboratory, failure.laboratory):  # one tests, the other hands the reserve portion over
        work.tell(heard, assigned, party=f"lab.{laboratory}", region=region)
    await reinspections.keep_reinspection(work.connection, _row(accepted, failure, again, by, on))
    await acts.keep(heard, work, outcome.sample_no)
    received = heard.origin.received
    due = deadlines()[HANDING_OVER].end(received)
    clock = f"{HANDING_OVER}:{accepted.reinspection_no}"
    await start_clocks(work, tables, [Start(clock, outcome.sample_no, region, received, due)])
    return accepted


def _row(
    accepted: ReinspectionAccepted, failure: Failure, again: Sequence[Finding], by: Addressee, on: date
) -> dict[str, Any]:
    return {
        "reinspection_no": accepted.reinspection_no,
        "sample_no": accepted.sample_no,
        "region": failure.region,
        "first_laboratory": failure.laboratory,
        "first_report_no": failure.report_no,
        "laboratory": accepted.laboratory,
        "requested_by": by,
        "requested_on": on,
        "state": reinspections.OPEN,
        "reserve_received": None,
        "report_no": "",
        "substances": "|".join(finding.substance for finding in again),
        "findings": "",
        "on_time": True,
    }
