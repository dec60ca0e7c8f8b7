"""One result against the limit that the laboratory states and against the catalogue's.

Where both are known and lead to different verdicts the determination is disputed and goes to a person: the edition in
force on the production date may be another than the laboratory used. Where only one is known it decides. A limit that
cannot stand beside the result, for its unit or for what it is per, has no say.
"""

from services.sampling.judging.basis import Basis, basis_behind, on_basis
from services.sampling.judging.comparison import compared, with_sign
from services.sampling.judging.decision import Decision, noted
from services.sampling.judging.kinds_of_limit import Limit, Rule
from services.sampling.judging.limits import Found, Row
from services.sampling.judging.measured import Measured, Sheet
from services.sampling.judging.notation import Result, Unreadable
from services.sampling.judging.outcome import Outcome, unclear
from shared.contracts.sample import Hazard, JudgementReason, LimitSource, Verdict

_NOT_COMPARABLE = frozenset(
    (
        JudgementReason.UNIT_MISMATCH,
        JudgementReason.UNIT_MISSING,
        JudgementReason.UNITS_INCOMPLETE,
        JudgementReason.LIMIT_CORRUPT,
        JudgementReason.BASIS_UNKNOWN,
    )
)
"""Reasons for which a result and a limit of the catalogue do not even stand side by side."""


def readable(line: Measured) -> Result | Outcome:
    """The result, or why a person must look at what is printed, whatever the limits are."""
    absent = isinstance(line.result, Unreadable) and line.result.reason is JudgementReason.NO_RESULT
    if not absent and (isinstance(line.stated, Rule) or line.analyte.hazard is Hazard.LABEL):
        text = "what is printed is a rule or a finding in words, which a person decides"
        return unclear(JudgementReason.LABEL_CASE, text)
    if isinstance(line.result, Unreadable):
        return unclear(line.result.reason, line.result.why)
    if isinstance(line.stated, Unreadable) and line.stated.reason is not JudgementReason.NO_LIMIT:
        return unclear(line.stated.reason, line.stated.why)
    return line.result


def by_limits(line: Measured, result: Result, found: Found, sheet: Sheet) -> Decision:
    """The decision on a readable result by the stated limit, the catalogue's, or both."""
    if isinstance(line.stated, Unreadable):
        return _by_catalogue(line, result, found, sheet).with_standard(found)
    stated = with_sign(line.stated, line.analyte)
    per = basis_behind(line.printed.limit) if line.basis else None
    outcome = against(line, result, on_basis(stated, per, line.basis, sheet.share) if per else stated)
    row = found.decides
    if outcome.verdict is Verdict.UNCLEAR:
        return Decision(outcome).with_standard(found)
    if row is None:
        return _by_laboratory(outcome, stated, found).with_standard(found)
    return _by_both(outcome, stated, _by_row(line, result, row, sheet), row).with_standard(found)


def against(line: Measured, result: Result, limit: Limit | Outcome) -> Outcome:
    """A result against a limit, unless it is already known why they cannot be compared."""
    return limit if isinstance(limit, Outcome) else compared(result, limit, line.analyte, line.detection_limit)


def _by_row(line: Measured, result: Result, row: Row, sheet: Sheet) -> Outcome:
    return against(line, result, on_basis(row.limit, row.per, _said(line, row), sheet.share))


def _said(line: Measured, row: Row) -> Basis | None:
    """What the result is per; a report that says nothing means the food as it is where the limit does too."""
    return line.basis or (Basis.AS_IS if row.per is Basis.AS_IS else None)


def _by_laboratory(outcome: Outcome, stated: Limit, found: Found) -> Decision:
    open_row = found.informs[0] if found.informs and not found.ambiguous else None
    if open_row is not None and open_row.limit != stated:
        outcome = noted(outcome, f"the catalogue's {open_row.limit} ({open_row.edition}) only informs")
    return Decision(outcome, stated, LimitSource.LABORATORY)


def _by_catalogue(line: Measured, result: Result, found: Found, sheet: Sheet) -> Decision:
    row = found.decides
    if row is None:
        return Decision(_without_limit(found, dated=sheet.sample.made_on is not None))
    outcome = _by_row(line, result, row, sheet)
    if outcome.verdict is Verdict.UNCLEAR:
        return Decision(outcome)
    outcome = noted(outcome, f"the report states no limit, the catalogue's is of {row.edition}")
    return Decision(outcome, row.limit, LimitSource.CATALOGUE)


def _without_limit(found: Found, *, dated: bool) -> Outcome:
    known = "; ".join(f"{row.limit} for {row.food} ({row.edition})" for row in found.informs)
    if not known:
        return unclear(JudgementReason.NO_LIMIT, "the report states no limit and the catalogue knows none")
    if found.ambiguous:
        text = f"the report states no limit, and the product may be of several foods of the catalogue: {known}"
        return unclear(JudgementReason.CATEGORY_AMBIGUOUS, text)
    if not dated:
        text = f"the report states no limit, and the catalogue's edition needs the production date: {known}"
        return unclear(JudgementReason.EDITION_AMBIGUOUS, text)
    if found.edition_open:
        text = f"the report states no limit, and it is unknown which edition was in force: {known}"
        return unclear(JudgementReason.EDITION_AMBIGUOUS, text)
    return unclear(JudgementReason.NO_LIMIT, f"the report states no limit and the catalogue only informs: {known}")


def _by_both(outcome: Outcome, stated: Limit, other: Outcome, row: Row) -> Decision:
    if other.reason in _NOT_COMPARABLE:
        why = f" ({other.explanation})" if other.reason is JudgementReason.BASIS_UNKNOWN else ""
        note = f"the catalogue's {row.limit} ({row.edition}) cannot be compared with the result{why}"
        return Decision(noted(outcome, note), stated, LimitSource.LABORATORY)
    if other.verdict is outcome.verdict:
        if row.limit != stated:
            outcome = noted(outcome, f"the catalogue's {row.limit} ({row.edition}) leads to the same")
        return Decision(outcome, stated, LimitSource.BOTH)
    text = (
        f"the laboratory states {stated}, with which the sample would {outcome.verdict.value}, and the catalogue has "
        f"{row.limit} ({row.edition}) for the production date, with which it would {_would(other)}"
    )
    return Decision(unclear(JudgementReason.LIMIT_DISPUTED, text))


def _would(outcome: Outcome) -> str:
    return "be unclear" if outcome.verdict is Verdict.UNCLEAR else outcome.verdict.value
