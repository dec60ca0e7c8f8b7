"""What a rapid test is refused for, and what follows from a positive one (食品安全法 Art 88).

A rapid test is no sample: a positive one asks for a sample that a laboratory tests, and the tested unit has four hours
from the moment at which it was told to ask for that.
"""

from datetime import datetime

from services.sampling.deadlines import deadlines
from services.sampling.form_check import CLOCKS_APART
from shared.contracts import ConfirmationRequired, RapidTestRecorded, Reason, RefusalReason
from shared.refusal import Refusal
from shared.workdays import china_time

OBJECTION = "REI-08"
"""The tested unit asks for a test by a laboratory."""


def refusal(test: RapidTestRecorded, region: str, received: datetime) -> Refusal | None:
    """The first thing that cannot be true in a rapid test recorded for a region, or none."""
    county = region.replace(".", "")
    if not test.township.startswith(county):
        text = f"Township {test.township} is not in county {county}, for which the test was sent; correct one of them."
        return Refusal(RefusalReason.WRONG_PLACE, "data.township", text)
    for name in ("tested_at", "notified_at"):
        at: datetime | None = getattr(test, name)
        if at is not None and at > received + CLOCKS_APART:
            text = f"{china_time(at)} is yet to come; set the device's clock."
            return Refusal(RefusalReason.WRONG_DATES, f"data.{name}", text)
    if test.notified_at is not None and test.notified_at < test.tested_at:
        text = (
            f"The unit is said to be told at {china_time(test.notified_at)}, before the test at "
            f"{china_time(test.tested_at)}; correct one of them."
        )
        return Refusal(RefusalReason.WRONG_DATES, "data.notified_at", text)
    return None


def confirmation(test: RapidTestRecorded) -> ConfirmationRequired:
    """What a positive test asks for; no end of the objection while the unit is not told."""
    period = deadlines()[OBJECTION]
    return ConfirmationRequired(
        test_no=test.test_no,
        township=test.township,
        sampled_unit=test.sampled_unit,
        product=test.product,
        category=test.category,
        analyte=test.analyte,
        objection_until=period.end(test.notified_at) if test.notified_at else None,
        citation=period.citation,
        verified=period.verified,
    )


def warnings(test: RapidTestRecorded) -> tuple[Reason, ...]:
    """A positive of which the unit does not know yet."""
    if not test.positive or test.notified_at:
        return ()
    period = deadlines()[OBJECTION]
    text = (
        f"The unit is not told yet, and its {period.amount} hours run from there: tell it, and send the test again "
        "with the time at which it was told."
    )
    return (Reason(rule="unit_not_told", text=text, citation=period.citation, verified=period.verified),)
