"""Whether a report speaks of the sample that its form describes.

A report under a wrong sample number would let one producer answer for another's food. So where report and form both
state the product, its category, its production date or its producer, they must agree, nothing is concluded before the
sample was taken, and the laboratory must be the one that has it; else the report is refused, and the laboratory looks
at its numbers.
"""

from typing import Any

from services.sampling.acceptance import Rejection
from services.sampling.judging.substances import spelling, substance
from shared.contracts import RejectionReason
from shared.contracts.result import Report
from shared.workdays import day_in_china

_ENDED = {
    "refused": "Sample {sample} was refused by laboratory {laboratory}; a refused sample is not tested.",
    "void": "An objection to how sample {sample} was taken was sustained; nothing is tested on it.",
}


def refusal(report: Report, form: Any, laboratory: str) -> Rejection | None:
    """The first thing in which a laboratory's report and the sample differ, or none.

    ``form`` is the sample as the store knows it from its form and its custody.
    """
    return _not_testable(report, form, laboratory) or _different(report, form)


def _not_testable(report: Report, form: Any, laboratory: str) -> Rejection | None:
    if form.state in _ENDED:
        return _differs("sample_no", _ENDED[form.state].format(sample=report.sample_no, laboratory=form.laboratory))
    if form.laboratory and form.laboratory != laboratory:
        text = (
            f"Sample {report.sample_no} is with laboratory {form.laboratory}, not with {laboratory}: "
            "check the number, or confirm the receipt of the sample first."
        )
        return _differs("sample_no", text)
    reported = {substance(one.analyte).name for one in report.determinations} if form.cleared else set()
    if cleared := reported.intersection(form.cleared.split("|")):
        text = (
            f"A re-inspection of sample {report.sample_no} overturned its failure by {'、'.join(sorted(cleared))}, and "
            "that is final; no further report on it is taken."
        )
        return Rejection(RejectionReason.CHANGED, "data.determinations", text)
    return None


def _different(report: Report, form: Any) -> Rejection | None:
    taken_on = day_in_china(form.sampled_at)
    if report.concluded_on and report.concluded_on < taken_on:
        text = (
            f"The conclusion of {report.concluded_on} is before sample {report.sample_no} was taken on {taken_on}: "
            "check the sample number, or correct the date."
        )
        return _differs("concluded_on", text)
    for name, said, known in (
        ("product", report.product, form.product),
        ("category", report.category, form.category),
        ("production_date", report.production_date, form.production_date),
        ("producer", report.producer, form.producer),
    ):
        if said and known and said != known and _spelt(said) != _spelt(known):
            text = (
                f"The report names the {name.replace('_', ' ')} {said} and the form of sample "
                f"{report.sample_no} says {known}: check the sample number, or have the sampler correct "
                "the form."
            )
            return _differs(name, text)
    return None


def _spelt(said: object) -> object:
    """A text as it is compared: width and spaces make no difference."""
    return spelling(said) if isinstance(said, str) else said


def _differs(field: str, text: str) -> Rejection:
    return Rejection(RejectionReason.DIFFERS_FROM_FORM, f"data.{field}", text)
