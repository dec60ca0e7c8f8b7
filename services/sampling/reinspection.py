"""Whether the law allows a re-inspection (复检), what it is made on, and what it comes out as.

Germs are not tested again: they change in the reserve portion, so what failed by them stays failed. The conclusion is
final (食品安全抽样检验管理办法 Art 35), so nothing is re-inspected twice.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from services.sampling.deadlines import deadlines
from services.sampling.judging.substances import substance
from shared.contracts import Bar, Finding, Hazard, ReinspectionRequested, SampleFailed, Verdict
from shared.deadlines import Deadline

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
    """Last day on which the laboratory keeps the reserve portion: 3 months after a pass, else 6, or its expiry."""
    last_day = deadlines()["SMP-06" if verdict is Verdict.PASS else "SMP-07"].last_day(concluded_on)
    return min(last_day, expires_on) if expires_on else last_day


def assigned_of(row: Any) -> list[str]:
    """The substances that a re-inspection is made for, from its row of the store."""
    return str(row.substances).split("|")


def testable(failures: Iterable[SampleFailed]) -> tuple[Finding, ...]:
    """The findings by which a sample failed and that may be tested again, each substance once."""
    found = (finding for failed in failures for finding in failed.decisive if finding.hazard not in _GERMS)
    return tuple({finding.substance: finding for finding in found}.values())


def bar(
    request: ReinspectionRequested,
    failures: Sequence[SampleFailed],
    *,
    notified_until: date | None,
    reserve: Reserve,
    concluded: Iterable[str],
) -> Barred | None:
    """The first ground on which the law bars a request, or none.

    ``failures`` are the sample's standing ones, at least one; ``notified_until`` is the last day for whoever asks, none
    where no notice was served on them; ``concluded`` are the substances that a re-inspection concluded on before.
    """
    failed = failures[0]
    law = period(failed.track)
    again = testable(failures)
    if not again:
        text = "What failed are germs, which change in the reserve portion; they are not tested again."
        return Barred(Bar.MICROBIOLOGY, text, law.citation, verified=failed.track != _FARM)
    if repeated := sorted({finding.substance for finding in again}.intersection(concluded)):
        text = f"Sample {failed.sample_no} was re-inspected for {'、'.join(repeated)} before, and that is final."
        return Barred(Bar.ALREADY_REINSPECTED, text, f"{_FINAL} Art 35", verified=False)
    if notified_until is None:
        text = f"No notice of the failed result was served on the {request.by} yet; the period starts with it."
        return Barred(Bar.NOT_NOTIFIED, text, law.citation, law.verified)
    if request.requested_on > notified_until:
        text = f"The request of {request.requested_on} came after {notified_until}, the last day for it."
        return Barred(Bar.LATE, text, law.citation, law.verified)
    return _unfit(request, failed, reserve)


def _unfit(request: ReinspectionRequested, failed: SampleFailed, reserve: Reserve) -> Barred | None:
    if not reserve.is_there:
        return Barred(Bar.RESERVE_UNUSABLE, "No reserve portion was taken.", _FINAL, verified=False)
    if not request.reserve_usable:
        until = kept_until(Verdict.FAIL, failed.concluded_on, reserve.expires_on)
        text = f"There is no reserve portion fit for a test; the laboratory had to keep it until {until}."
        return Barred(Bar.RESERVE_UNUSABLE, text, _FINAL, verified=False)
    if reserve.expires_on and request.requested_on > reserve.expires_on:
        text = f"The shelf life of the reserve portion ended on {reserve.expires_on}."
        return Barred(Bar.RESERVE_EXPIRED, text, _FINAL, verified=False)
    return None


def missing(assigned: Iterable[str], analytes: Iterable[str]) -> tuple[str, ...]:
    """Which of the substances that were assigned a re-inspection does not report."""
    reported = {substance(analyte).name for analyte in analytes}
    return tuple(name for name in assigned if name not in reported)


def covered(failures: Iterable[SampleFailed], assigned: Collection[str]) -> list[SampleFailed]:
    """The failures that rest on nothing but what was tested again."""
    return [failed for failed in failures if set(failed.substances) <= set(assigned)]


def conclusion(assigned: Collection[str], findings: Iterable[Finding], failures: Sequence[SampleFailed]) -> Conclusion:
    """What a re-inspection of these substances comes out as, given its findings and the failures that stand."""
    verdicts = {finding.verdict for finding in findings if finding.substance in assigned}
    if Verdict.FAIL in verdicts:
        return "upheld"
    if Verdict.UNCLEAR in verdicts:
        return "unclear"
    return "overturned" if covered(failures, assigned) or not failures else "upheld"


def reserve_of(form: Any | None) -> Reserve:
    """The reserve portion as the sampling form describes it; where there is no form, nothing speaks against it."""
    if form is None:
        return Reserve(is_there=True, expires_on=None)
    return Reserve(form.reserve_quantity > 0, expiry(form.production_date, form.shelf_life_days))
