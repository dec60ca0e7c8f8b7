"""Whether a report speaks of the sample that its form describes.

A report under a wrong sample number would let one producer answer for another's food. So where report and form both
state the product, its category, its production date or its producer, they must agree, nothing is concluded before the
sample was taken, and the laboratory must be the one that has it; else the report is refused, and the laboratory looks
at its numbers.
"""

from typing import Any

from services.sampling.acceptance import Refusal
from services.sampling.judging.substances import spelling
from shared.contracts import RejectionReason
from shared.contracts.result import Report
from shared.workdays import day_in_china


def refusal(report: Report, form: Any, laboratory: str) -> Refusal | None:
    """The first thing in which a laboratory's report and the sample differ, or none.

    ``form`` is the sample as the store knows it from its form and its custody.
    """
    if form.state == "refused":
        text = f"Sample {report.sample_no} was refused by laboratory {form.laboratory}; a refused sample is not tested."
        return _differs("sample_no", text)
    if form.state == "void":
        text = f"An objection to how sample {report.sample_no} was taken was sustained; nothing is tested on it."
        return _differs("sample_no", text)
    if form.laboratory and form.laboratory != laboratory:
        text = (
            f"Sample {report.sample_no} is with laboratory {form.laboratory}, not with {laboratory}: "
            "check the number, or confirm the receipt of the sample first."
        )
        return _differs("sample_no", text)
    taken_on = day_in_china(form.sampled_at)
    if report.concluded_on and report.concluded_on < taken_on:
        text = (
            f"The conclusion of {report.concluded_on} is before sample {report.sample_no} was taken on {taken_on}: "
            "check the sample number, or correct the date."
        )
        return _differs("concluded_on", text)
    for name, said, known in (
        ("product", spelling(report.product), spelling(form.product)),
        ("category", spelling(report.category), spelling(form.category)),
        ("production_date", report.production_date, form.production_date),
        ("producer", report.producer, form.producer),
    ):
        if said and known and said != known:
            text = (
                f"The report names the {name.replace('_', ' ')} {getattr(report, name)} and the form of sample "
                f"{report.sample_no} says {getattr(form, name)}: check the sample number, or have the form corrected."
            )
            return _differs(name, text)
    return None


def _differs(field: str, text: str) -> Refusal:
    return Refusal(RejectionReason.DIFFERS_FROM_FORM, f"data.{field}", text)
