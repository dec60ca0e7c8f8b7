"""The judgement of a report: each determination against the limit that the laboratory states and the catalogue's.

Where both limits are known and lead to different verdicts the finding is disputed and goes to a person: the edition in
force on the production date may be another than the laboratory used. Where only one is known it decides. A text that
cannot be read is unclear with its reason, whatever the catalogue says: someone must look at the report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.sampling.comparison import compared, with_sign
from services.sampling.kinds_of_limit import Limit, Rule
from services.sampling.limit_notation import read_limit
from services.sampling.limits import Catalogue, Found, Row
from services.sampling.notation import Reading, Result, Unreadable, read_quantity, read_result
from services.sampling.outcome import Outcome, unclear
from services.sampling.substances import Substance, substance
from shared.contracts.result import Determination, ResultReported
from shared.contracts.sample import Finding, Hazard, JudgementReason, LimitSource, Verdict

_NOT_COMPARABLE = frozenset(
    (
        JudgementReason.UNIT_MISMATCH,
        JudgementReason.UNIT_MISSING,
        JudgementReason.UNITS_INCOMPLETE,
        JudgementReason.LIMIT_CORRUPT,
    )
)
"""Reasons for which a result and a limit of the catalogue do not even stand side by side."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """An outcome, the limit that brought it about and who stated that."""

    outcome: Outcome
    limit_used: str = ""
    source: LimitSource = LimitSource.NONE


def judge(report: ResultReported, catalogue: Catalogue) -> tuple[Finding, ...]:
    """The findings of a report, one for each determination, in its order."""
    return tuple(
        judge_determination(
            determination,
            product=report.product,
            category=report.category,
            subcategory=report.subcategory,
            made_on=report.production_date,
            catalogue=catalogue,
        )
        for determination in report.determinations
    )


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """A sample fails if any finding fails, else it is unclear if any is, else it passes."""
    verdicts = {finding.verdict for finding in findings}
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    return Verdict.UNCLEAR if Verdict.UNCLEAR in verdicts else Verdict.PASS


def judge_determination(  # noqa: PLR0913 - what is known of the sample
    determination: Determination,
    *,
    product: str,
    category: str,
    subcategory: str,
    made_on: date | None,
    catalogue: Catalogue,
) -> Finding:
    """The finding of one determination on a product that was made on a day, none where the report names no day."""
    analyte = substance(determination.analyte)
    found = catalogue.find(analyte.name, product, category, subcategory, made_on)
    decision = _decision(determination, analyte, found)
    row = found.decides or (found.informs[0] if found.informs and not found.ambiguous else None)
    outcome = decision.outcome
    return Finding(
        analyte=determination.analyte,
        substance=analyte.name,
        hazard=analyte.hazard,
        result=determination.result,
        limit=determination.limit,
        verdict=outcome.verdict,
        reason=outcome.reason,
        explanation=_sentence(outcome.explanation),
        limit_used=decision.limit_used,
        limit_source=decision.source,
        standard=row.standard if row else "",
        verified=row.verified if row else None,
        ratio=outcome.ratio,
    )


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:] + "."


def _decision(determination: Determination, analyte: Substance, found: Found) -> _Decision:
    result, stated = read_result(determination.result), read_limit(determination.limit)
    absent = isinstance(result, Unreadable) and result.reason is JudgementReason.NO_RESULT
    if not absent and (isinstance(stated, Rule) or analyte.hazard is Hazard.LABEL):
        text = "what is printed is a rule or a finding in words, which a person decides"
        return _Decision(unclear(JudgementReason.LABEL_CASE, text))
    if isinstance(result, Unreadable):
        return _Decision(unclear(result.reason, result.why))
    detection_limit = read_quantity(determination.lod) if determination.lod else None
    if isinstance(stated, Unreadable):
        if stated.reason is not JudgementReason.NO_LIMIT:
            return _Decision(unclear(stated.reason, stated.why))
        return _by_catalogue(result, analyte, detection_limit, found)
    stated = with_sign(stated, analyte)
    outcome = compared(result, stated, analyte, detection_limit)
    if outcome.verdict is Verdict.UNCLEAR or found.decides is None:
        return _by_laboratory(outcome, stated, found)
    return _by_both(outcome, stated, compared(result, found.decides.limit, analyte, detection_limit), found.decides)


def _by_laboratory(outcome: Outcome, stated: Limit, found: Found) -> _Decision:
    if outcome.verdict is Verdict.UNCLEAR:
        return _Decision(outcome)
    open_row = found.informs[0] if found.informs and not found.ambiguous else None
    if open_row is not None and open_row.limit != stated:
        outcome = _with_note(outcome, f"the catalogue's {open_row.limit} ({open_row.edition}) only informs")
    return _Decision(outcome, str(stated), LimitSource.LABORATORY)


def _by_catalogue(result: Result, analyte: Substance, detection_limit: Reading | None, found: Found) -> _Decision:
    row = found.decides
    if row is None:
        known = "; ".join(f"{row.limit} ({row.edition})" for row in found.informs)
        text = f"the report states no limit and the catalogue only informs: {known}" if known else "no limit is known"
        return _Decision(unclear(JudgementReason.NO_LIMIT, text))
    outcome = compared(result, row.limit, analyte, detection_limit)
    if outcome.verdict is Verdict.UNCLEAR:
        return _Decision(outcome)
    outcome = _with_note(outcome, f"the report states no limit, the catalogue's is of {row.edition}")
    return _Decision(outcome, str(row.limit), LimitSource.CATALOGUE)


def _by_both(outcome: Outcome, stated: Limit, other: Outcome, row: Row) -> _Decision:
    if other.reason in _NOT_COMPARABLE:
        outcome = _with_note(outcome, f"the catalogue's {row.limit} ({row.edition}) cannot be compared with the result")
        return _Decision(outcome, str(stated), LimitSource.LABORATORY)
    if other.verdict is outcome.verdict:
        if row.limit != stated:
            outcome = _with_note(outcome, f"the catalogue's {row.limit} ({row.edition}) leads to the same")
        return _Decision(outcome, str(stated), LimitSource.BOTH)
    text = (
        f"the laboratory states {stated}, with which the sample would {outcome.verdict.value}, and the catalogue has "
        f"{row.limit} ({row.edition}) for the production date, with which it would {_would(other)}"
    )
    return _Decision(unclear(JudgementReason.LIMIT_DISPUTED, text))


def _would(outcome: Outcome) -> str:
    return "be unclear" if outcome.verdict is Verdict.UNCLEAR else outcome.verdict.value


def _with_note(outcome: Outcome, note: str) -> Outcome:
    return Outcome(outcome.verdict, outcome.reason, f"{outcome.explanation}; {note}", outcome.ratio)
