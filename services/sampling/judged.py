"""What is told of a judged sample: the report's findings together with what the sampling form says of the sample."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.sampling import reinspection
from services.sampling.judging.judgement import verdict_of
from shared.contracts import (
    Finding,
    JudgementReason,
    SampleFailed,
    SampleJudged,
    SamplePassed,
    SampleUnclear,
    Verdict,
    VerdictDisagreed,
)
from shared.contracts.result import Report

OUTCOMES: dict[Verdict, type[SampleJudged]] = {
    Verdict.PASS: SamplePassed,
    Verdict.FAIL: SampleFailed,
    Verdict.UNCLEAR: SampleUnclear,
}
_STATED = {"合格样品": Verdict.PASS, "不合格样品": Verdict.FAIL, "问题样品": Verdict.FAIL}


def judged(  # noqa: PLR0913 - what a verdict rests on
    report: Report,
    form: Any,
    findings: tuple[Finding, ...],
    *,
    laboratory: str,
    concluded_on: date,
    supersedes: str = "",
) -> SampleJudged:
    """The event that tells a verdict; what the form says of place, producer and seller goes before the report.

    ``form`` is the sample's row of the store.
    """
    verdict, made_on = verdict_of(findings), report.production_date or form.production_date
    expires_on = reinspection.expiry(made_on, form.shelf_life_days)
    return OUTCOMES[verdict](
        sample_no=report.sample_no,
        report_no=report.report_no,
        laboratory=laboratory,
        product=report.product,
        category=report.category,
        subcategory=report.subcategory or form.subcategory,
        production_date=made_on,
        concluded_on=concluded_on,
        producer=form.producer or report.producer,
        seller=form.sampled_unit,
        producer_region=form.producer_region or report.producer_region,
        findings=findings,
        supersedes=supersedes,
        place_kind=form.place_kind,
        track=form.track,
        reserve_until=reinspection.kept_until(verdict, concluded_on, expires_on),
    )


def settled(outcome: SampleJudged, verdict: Verdict, *, by: str, why: str) -> SampleJudged:
    """An unclear outcome as a person decided it: each unclear finding takes the person's verdict and keeps its own."""
    findings = tuple(_decided(finding, verdict) for finding in outcome.findings)
    values = outcome.model_dump() | {"findings": findings, "settled_by": by, "settled_because": why}
    return OUTCOMES[verdict].model_validate(values)


def _decided(finding: Finding, verdict: Verdict) -> Finding:
    if finding.verdict is not Verdict.UNCLEAR:
        return finding
    text = f"A person decided; the exchange had found ({finding.reason.value}): {finding.explanation}"
    decided = {"verdict": verdict, "reason": JudgementReason.PERSON_DECIDED, "explanation": text}
    return finding.model_copy(update=decided)


def disagreement(conclusion: str, outcome: SampleJudged) -> VerdictDisagreed | None:
    """The laboratory's own verdict, as printed, against the exchange's, where both decide and differ."""
    stated = _STATED.get(conclusion)
    if stated is None or outcome.verdict in (stated, Verdict.UNCLEAR):
        return None
    return VerdictDisagreed(
        sample_no=outcome.sample_no,
        report_no=outcome.report_no,
        laboratory=outcome.laboratory,
        stated=conclusion,
        judged=outcome.verdict,
        explanation="; ".join(f"{finding.analyte}: {finding.explanation}" for finding in outcome.decisive),
    )


def hazards_of(findings: Sequence[Finding]) -> str:
    """The kinds of hazard that were tested, sorted, with a space between."""
    return " ".join(sorted({finding.hazard.value for finding in findings}))
