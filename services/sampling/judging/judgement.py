"""The judgement of a report: each determination, in the light of the others, by the limits that are known for it.

What is printed in words, or cannot be read, goes to a person whatever the catalogue says. Otherwise the limits of the
laboratory and of the catalogue decide (``deciding``), of a sum where the analyte is part of one (``sums``), of the
species where a total only screens for it (``speciation``), and the value of the label where one is stated
(``declared``). A failure by a method that only screens is not confirmed (``methods``).
"""

import re
from collections.abc import Iterable
from datetime import date

from services.sampling.judging import declared, legal, speciation, sums
from services.sampling.judging.deciding import by_limits, readable
from services.sampling.judging.decision import Decision
from services.sampling.judging.kinds_of_limit import Rule
from services.sampling.judging.limits import NOT_FOUND, Catalogue
from services.sampling.judging.measured import Measured, Sample, Sheet, sheet
from services.sampling.judging.methods import confirmed
from services.sampling.judging.notation import Result, Unreadable
from services.sampling.judging.outcome import Outcome
from services.sampling.judging.sums import Group
from shared.contracts.result import Determination, Report
from shared.contracts.sample import Finding, JudgementReason, Verdict

_OF_LABEL = re.compile("标签|标示|明示|标称")
_GRAVEST = (Verdict.FAIL, Verdict.UNCLEAR, Verdict.PASS)


def judge(
    report: Report,
    catalogue: Catalogue,
    *,
    concluded_on: date | None = None,
    made_on: date | None = None,
    subcategory: str = "",
) -> tuple[Finding, ...]:
    """The findings of a report, one for each determination, in its order.

    The production date and the subcategory of the sampling form, and the day of the conclusion, stand in where the
    report does not state them.
    """
    sample = Sample(
        product=report.product,
        category=report.category,
        subcategory=report.subcategory or subcategory,
        made_on=report.production_date or made_on,
        concluded_on=report.concluded_on or concluded_on,
    )
    return judge_determinations(report.determinations, sample, catalogue)


def judge_determinations(
    determinations: Iterable[Determination], sample: Sample, catalogue: Catalogue
) -> tuple[Finding, ...]:
    """The findings of what was determined on one sample, in its order."""
    whole = sheet(sample, determinations, catalogue)
    return tuple(_finding(line, _decision(line, whole), whole) for line in whole.lines)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """A sample fails if any finding fails, else it is unclear if any is, else it passes."""
    verdicts = {finding.verdict for finding in findings}
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    return Verdict.UNCLEAR if Verdict.UNCLEAR in verdicts else Verdict.PASS


def _finding(line: Measured, decision: Decision, whole: Sheet) -> Finding:
    outcome = confirmed(decision.outcome, line.printed)
    limit = decision.limit or (None if isinstance(line.stated, Unreadable) else line.stated)
    if outcome is not decision.outcome:
        decision = decision.turned(outcome)
    return Finding(
        analyte=line.printed.analyte,
        substance=line.analyte.name,
        hazard=line.analyte.hazard,
        result=line.printed.result,
        limit=line.printed.limit,
        verdict=outcome.verdict,
        reason=outcome.reason,
        explanation=_sentence(outcome.explanation),
        limit_used="" if decision.limit is None else str(decision.limit),
        limit_source=decision.source,
        standard=decision.standard,
        verified=decision.verified,
        legal_class=legal.legal_class(line.analyte, whole.sample, limit),
        ratio=outcome.ratio,
    )


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:] + "."


def _decision(line: Measured, whole: Sheet) -> Decision:
    result = readable(line)
    labelled = _by_label(line, whole) if line.printed.declared else None
    if labelled is not None:
        return labelled
    if isinstance(result, Outcome):
        return Decision(result).with_standard(whole.found(line.analyte.name))
    return _by_figures(line, result, whole)


def _by_figures(line: Measured, result: Result, whole: Sheet) -> Decision:
    species = speciation.species_of(line, whole)
    if species is not None:
        other = whole.line(species)
        by_species = None if other is None else _decision(other, whole)
        return speciation.screened(by_limits(line, result, whole.found(species), whole), species, by_species)
    group = sums.group_of(line, whole)
    if group is not None:
        return _in_group(line, result, group, whole)
    return by_limits(line, result, whole.found(line.analyte.name), whole)


def _in_group(line: Measured, result: Result, group: Group, whole: Sheet) -> Decision:
    total = sums.together(group, whole)
    if total is None:
        own = whole.found(line.analyte.name)
        found = whole.found(group.limit_of) if own == NOT_FOUND else own
        return sums.alone(by_limits(line, result, found, whole), group, whole)
    least = by_limits(total.line, total.least, total.found, whole)
    most = None if total.most is None else by_limits(total.line, total.most, total.found, whole)
    return sums.complete(sums.of_both_ends(total.text, least, most), group, whole)


def _by_label(line: Measured, whole: Sheet) -> Decision | None:
    """By the value of the label, and by a limit in figures too where one is printed; none where the label says nothing.

    A limit in words is the label's where it speaks of one.
    """
    if isinstance(line.result, Unreadable):
        return None
    decision = declared.by_label(line, line.result, whole.sample)
    if isinstance(line.stated, Unreadable):
        return decision if line.stated.reason is JudgementReason.NO_LIMIT else None
    if isinstance(line.stated, Rule):
        return decision if _OF_LABEL.search(line.printed.limit) else None
    if decision.outcome.reason is JudgementReason.LABEL_CASE:
        return None
    return min(decision, _by_figures(line, line.result, whole), key=lambda one: _GRAVEST.index(one.verdict))
