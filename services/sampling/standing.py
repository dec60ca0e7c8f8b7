"""A report stands: its outcome, the clocks that it starts, and what is kept of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.sampling import duties
from services.sampling.duties import Arrival
from services.sampling.judged import judged
from shared.clocks import Start
from shared.contracts import Finding, SampleJudged, Verdict
from shared.contracts.result import Report


@dataclass(frozen=True, slots=True)
class Earlier:
    """The report whose place this one takes."""

    report_no: str
    on_time: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from a report that stands."""

    outcome: SampleJudged
    starts: list[Start]
    kept: dict[str, Any]
    """Columns of the store: the whole outcome where someone may have to come back to it."""


def stand(  # noqa: PLR0913 - what an outcome rests on
    report: Report,
    form: Any,
    findings: tuple[Finding, ...],
    arrival: Arrival,
    *,
    laboratory: str,
    earlier: Earlier | None = None,
    report_due: datetime | None = None,
) -> Standing:
    """What follows from a report on a sample.

    ``form`` is the sample's row of the store; ``report_due`` is the end of the period for testing, where it is known. A
    correction is as timely as the report that it corrects.
    """
    outcome = judged(
        report,
        form,
        findings,
        laboratory=laboratory,
        concluded_on=arrival.concluded_on,
        supersedes=earlier.report_no if earlier else "",
    )
    starts = duties.started(outcome, arrival)
    if earlier:
        on_time = earlier.on_time
        starts = [start for start in starts if start.done is None]
    else:
        on_time = duties.is_on_time(starts) and (report_due is None or arrival.received <= report_due)
    kept = "" if outcome.verdict is Verdict.PASS else outcome.model_dump_json()
    return Standing(outcome, starts, {"verdict": outcome.verdict.value, "on_time": on_time, "kept": kept})
