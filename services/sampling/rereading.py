"""A failed sample as a report, so that what judges reports also judges what is tested again."""

from collections.abc import Iterable, Sequence

from services.sampling.judging.substances import substance
from shared.contracts import Determination, Finding, ReinspectionReported, ResultReported, SampleFailed


def reread(failed: SampleFailed, findings: Iterable[Finding]) -> ResultReported:
    """Some findings of a failed sample as they were reported."""
    determinations = [
        Determination(analyte=finding.analyte, result=finding.result, limit=finding.limit) for finding in findings
    ]
    return _report(failed, failed.report_no, determinations)


def as_report(failed: SampleFailed, again: ReinspectionReported) -> ResultReported:
    """A re-inspection's determinations on the sample that the first report describes, by the limits of that report.

    Where the drawn laboratory prints another limit, the first one stands: what is looked at again is the result.
    """
    limits = {finding.substance: finding.limit for finding in failed.findings if finding.limit}
    determinations = [
        one.model_copy(update={"limit": limits.get(substance(one.analyte).name, one.limit)})
        for one in again.determinations
    ]
    return _report(failed, again.report_no, determinations)


def _report(failed: SampleFailed, report_no: str, determinations: Sequence[Determination]) -> ResultReported:
    return ResultReported(
        report_no=report_no,
        sample_no=failed.sample_no,
        product=failed.product,
        category=failed.category,
        subcategory=failed.subcategory,
        production_date=failed.production_date,
        determinations=tuple(determinations),
    )
