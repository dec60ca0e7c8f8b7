"""Whether the law allows a re-inspection (复检), what it is made on, and what it comes out as.

Germs are not tested again: they change in the reserve portion, so what failed by them stays failed. The conclusion is
final (食品安全抽样检验管理办法 Art 35), and there is one re-inspection of a sample only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from services.sampling.deadlines import Deadline, deadlines
from services.sampling.judging.substances import substance
from shared.contracts import Bar, Finding, Hazard, ReinspectionRequested, SampleFailed, Verdict

_GERMS = frozenset((Hazard.MICROBIOLOGY, Hazard.PATHOGEN))
_FARM = "farm"
_FINAL = "食品安全抽样检验管理办法 (SAMR Order 15)"

Conclusion = Literal["upheld", "overturned", "unclear"]


@dataclass(frozen=True, slots=True)
class Barred:
    """Why the law does not allow a re-inspection."""

    bar: Bar
    explanation: str
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Reserve:
    """The reserve portion, as form and laboratory know it."""

    is_there: bool
    expires_on: date | None
    """Last day of the shelf life; none where the form does not say it."""


def period(track: str) -> Deadline:
    """The applicant's period: 7 working days from the notice, 5 for produce on the farm."""
    return deadlines()["REI-09" if track == _FARM else "REI-01"]


def conclusion_period(track: str) -> Deadline:
    """The drawn laboratory's period: 10 working days from the reserve portion's receipt, 7 for produce on the farm."""
    return deadlines()["REI-10" if track == _FARM else "REI-06"]


def expiry(made_on: date | None, shelf_life_days: int | None) -> date | None:
    """Last day of a product's shelf life; none where the form does not say it."""
    return made_on + timedelta(days=shelf_life_days) if made_on and shelf_life_days else None


def kept_until(verdict: Verdict, concluded_on: date, expires_on: date | None) -> date:
    """Until when the laboratory keeps the reserve portion: 3 months after a pass, 6 after a failure, or its expiry."""
    last_day = deadlines()["SMP-06" if verdict is Verdict.PASS else "SMP-07"].last_day(concluded_on)
    return min(last_day, expires_on) if expires_on else last_day


def testable(failed: SampleFailed) -> tuple[Finding, ...]:
    """The findings by which a sample failed and that may be tested again."""
    return tuple(finding for finding in failed.decisive if finding.hazard not in _GERMS)


def bar(
    request: ReinspectionRequested,
    failed: SampleFailed,
    *,
    notified_until: date | None,
    reserve: Reserve,
    is_repeated: bool,
) -> Barred | None:
    """The first ground on which the law bars a request, or none.

    ``notified_until`` is the last day for whoever asks, none where no notice was served on them.
    """
    law = period(failed.track)
    if is_repeated:
        text = f"Sample {failed.sample_no} was re-inspected before, and that conclusion is final."
        return Barred(Bar.ALREADY_REINSPECTED, text, f"{_FINAL} Art 35", verified=False)
    if not testable(failed):
        text = "What failed are germs, which change in the reserve portion; they are not tested again."
        return Barred(Bar.MICROBIOLOGY, text, law.citation, verified=True)
    if notified_until is None:
        text = f"No notice of the failed result was served on the {request.by} yet; the period starts with it."
        return Barred(Bar.NOT_NOTIFIED, text, law.citation, law.verified)
    if request.requested_on > notified_until:
        text = f"The request of {request.requested_on} came after {notified_until}, the last day for it."
        return Barred(Bar.LATE, text, law.citation, law.verified)
    return _unfit(request, failed, reserve)


def _unfit(request: ReinspectionRequested, failed: SampleFailed, reserve: Reserve) -> Barred | None:
    if not reserve.is_there or not request.reserve_usable:
        until = kept_until(Verdict.FAIL, failed.concluded_on, reserve.expires_on)
        text = f"There is no reserve portion fit for a test; the laboratory had to keep it until {until}."
        if not reserve.is_there:
            text = "No reserve portion was taken."
        return Barred(Bar.RESERVE_UNUSABLE, text, _FINAL, verified=False)
    if reserve.expires_on and request.requested_on > reserve.expires_on:
        text = f"The shelf life of the reserve portion ended on {reserve.expires_on}."
        return Barred(Bar.RESERVE_EXPIRED, text, _FINAL, verified=False)
    return None


def missing(failed: SampleFailed, analytes: Iterable[str]) -> tuple[str, ...]:
    """Which of the analytes to be tested again a re-inspection does not report."""
    reported = {substance(analyte).name for analyte in analytes}
    return tuple(finding.analyte for finding in testable(failed) if finding.substance not in reported)


def conclusion(failed: SampleFailed, findings: Sequence[Finding]) -> Conclusion:
    """What a re-inspection comes out as, given its findings."""
    again = {finding.substance for finding in testable(failed)}
    verdicts = {finding.verdict for finding in findings if finding.substance in again}
    if Verdict.FAIL in verdicts:
        return "upheld"
    if Verdict.UNCLEAR in verdicts:
        return "unclear"
    return "overturned" if len(testable(failed)) == len(failed.decisive) else "upheld"


def reserve_of(form: Any) -> Reserve:
    """The reserve portion as the sampling form describes it."""
    return Reserve(form.reserve_quantity > 0, expiry(form.production_date, form.shelf_life_days))
