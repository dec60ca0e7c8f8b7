"""Which statutory clocks a report on a sample starts and ends.

A report ends the laboratory's period for testing. Its conclusion started the period for telling the authority: two
working days for a failure, 24 hours where it may seriously harm, seven working days for a pass; it ended when the
report stood on the exchange. A failure starts what the authority owes: the notice to operator and producer, and the
verification and disposal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.sampling.deadlines import deadlines
from shared.clocks import Start, Stop
from shared.contracts import Hazard, LegalClass, SampleJudged, Verdict
from shared.workdays import start_of_day

DELIVERY = "SMP-01"
"""The sampler delivers the sample."""
TESTING = "SMP-02"
"""The laboratory issues its report."""
PASSED = "SMP-03"
FAILED = "SMP-04"
SERIOUS = "SMP-05"
"""The laboratory reports a pass, a failure, a serious risk to the authority."""
NOTICE = "SMP-09"
"""The authority serves the notice of a failure."""
DISPOSAL = "DSP-02"
"""The authority finishes verification and disposal (核查处置)."""
HANDING_OVER = "REI-04"
"""The first laboratory hands the reserve portion over to the drawn one."""
OF_A_REINSPECTION = (HANDING_OVER, "REI-06", "REI-10")
"""Handing over, and concluding: food on the market, produce on the farm."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a laboratory concluded, when its report came, and where."""

    concluded_on: date
    received: datetime
    region: str


def name_of(kind: str, laboratory: str, report_no: str) -> str:
    """The name of a clock that runs for a report."""
    return f"{kind}:{laboratory}:{report_no}"


def is_serious(outcome: SampleJudged) -> bool:
    """Whether a failure may seriously harm: a pathogen, or a substance that is prohibited in food.

    The law's words are "may cause serious harm to health" (Order 15 Art 27); that these two are meant is the house's
    reading, so the clock shows its citation as unverified.
    """
    return outcome.verdict is Verdict.FAIL and any(
        finding.hazard is Hazard.PATHOGEN or finding.legal_class is LegalClass.PROHIBITED
        for finding in outcome.decisive
    )


def reporting(outcome: SampleJudged, arrival: Arrival) -> Start | None:
    """The period from the conclusion to the report's arrival, already over; none for an unclear outcome."""
    kind = {Verdict.PASS: PASSED, Verdict.FAIL: FAILED}.get(outcome.verdict)
    if kind is None:
        return None
    kind = SERIOUS if is_serious(outcome) else kind
    started = start_of_day(arrival.concluded_on)
    if kind == SERIOUS:  # the day is known and not the hour: it runs from the day's end
        started += timedelta(days=1)
    return Start(
        clock=name_of(kind, outcome.laboratory, outcome.report_no),
        trace=outcome.sample_no,
        region=arrival.region,
        started=started,
        due=deadlines()[kind].end(started),
        done=arrival.received,
    )


def started(outcome: SampleJudged, arrival: Arrival) -> list[Start]:
    """The clocks that an outcome starts; a pass in time starts none, since nothing is left to be kept."""
    told = reporting(outcome, arrival)
    late = [told] if told and (outcome.verdict is Verdict.FAIL or arrival.received > told.due) else []
    if outcome.verdict is not Verdict.FAIL:
        return late
    owed = [
        Start(
            clock=name_of(kind, outcome.laboratory, outcome.report_no),
            trace=outcome.sample_no,
            region=arrival.region,
            started=arrival.received,
            due=deadlines()[kind].end(arrival.received),
        )
        for kind in (NOTICE, DISPOSAL)
    ]
    return late + owed


def ended(sample_no: str, received: datetime) -> list[Stop]:
    """The period for testing ends with the report; so does that for delivery, if nobody confirmed the receipt."""
    return [Stop(f"{kind}:{sample_no}", received) for kind in (DELIVERY, TESTING)]


def dropped(laboratory: str, report_no: str, at: datetime) -> list[Stop]:
    """What the authority owed for a failure ends when the failure no longer stands."""
    return [Stop(name_of(kind, laboratory, report_no), at) for kind in (NOTICE, DISPOSAL)]


def is_on_time(starts: Iterable[Start]) -> bool:
    """Whether the report that started these clocks came within the period from its conclusion."""
    return all(start.done is None or start.done <= start.due for start in starts)
