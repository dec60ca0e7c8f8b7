"""What a sampling form is refused for at the door, after it kept its schema, and what only warns.

Refused is what cannot be true: a sampler who is not on the form, a sample from tomorrow, a township of another county.
A number that fails its check digit only warns, because some early ones that are valid in law fail it too.
"""

from datetime import datetime, timedelta

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from shared.contracts import Reason, RefusalReason, SampleCollected
from shared.refusal import Refusal
from shared.workdays import china_time, day_in_china

CLOCKS_APART = timedelta(minutes=10)
"""How far a sampler's device may be ahead of the exchange."""
_USCC_LENGTH = 18
_LICENCE_DIGITS = 14


def refusal(form: SampleCollected, *, sampler: str, region: str, received: datetime) -> Refusal | None:
    """The first thing that cannot be true in a form that a sampler sent for a region, or none."""
    if sampler not in form.samplers:
        named = ", ".join(form.samplers)
        text = f"{sampler} sends the form and is not among its samplers {named}; one who took the sample sends it."
        return Refusal(RefusalReason.NOT_YOURS, "data.samplers", text)
    if form.sampled_at > received + CLOCKS_APART:
        text = f"The sample is said to be taken at {china_time(form.sampled_at)}, yet to come; set the device's clock."
        return Refusal(RefusalReason.WRONG_DATES, "data.sampled_at", text)
    day = day_in_china(form.sampled_at)
    if form.production_date is not None and form.production_date > day:
        text = (
            f"The product is said to be made on {form.production_date}, after it was taken on {day}; correct the date."
        )
        return Refusal(RefusalReason.WRONG_DATES, "data.production_date", text)
    county = region.replace(".", "")
    if not form.township.startswith(county):
        text = f"Township {form.township} is not in county {county}, for which the form was sent; correct one of them."
        return Refusal(RefusalReason.WRONG_PLACE, "data.township", text)
    return None


CORRECTED = Reason(
    rule="form_corrected",
    text="This form takes the place of the one that was sent before; both stay on the record.",
    citation="",
    verified=False,
)


def correction_refusal(  # noqa: PLR0913 - the form, and what became of the sample
    form: SampleCollected,
    first: SampleCollected,
    *,
    sampler: str,
    region: str,
    received: datetime,
    state: str,
    is_reported: bool,
    home: str,
) -> Refusal | None:
    """Why a form cannot take the place of the first one, or none.

    ``state`` is the sample's and ``home`` its region.
    """
    number = form.sample_no
    if sampler not in first.samplers or region != home:
        text = f"Sample {number} has a form with other content; only one of its own samplers can correct it."
        return Refusal(RefusalReason.CHANGED, "data.sample_no", text)
    if is_reported or state in ("refused", "void"):
        why = "was reported on" if is_reported else f"is {state}"
        text = f"Sample {number} {why}, so its form stays; give a new sample a number of its own."
        return Refusal(RefusalReason.CHANGED, "data.sample_no", text)
    return refusal(form, sampler=sampler, region=region, received=received)


def warnings(form: SampleCollected) -> tuple[Reason, ...]:
    """Numbers on the form that look mistyped."""
    named = (("sampled unit", form.sampled_unit), ("producer", form.producer), ("consignor", form.consignor))
    found = [_mistyped_code(who, code) for who, code in named if code and len(code) == _USCC_LENGTH]
    digits = form.producer_licence.upper().removeprefix("SC")
    if form.producer_licence.upper().startswith("SC") and not _is_licence(digits):
        text = f"The production licence {form.producer_licence} fails its check digit; look at the label again."
        citation = "production licence number: check digit by ISO 7064 MOD 11,10"
        found.append(Reason(rule="licence_check_digit", text=text, citation=citation, verified=True))
    return tuple(warning for warning in found if warning)


def _mistyped_code(who: str, code: str) -> Reason | None:
    if uscc.is_valid(code):
        return None
    text = f"The code {code} of the {who} fails its check digit; look at the licence again. Some early codes do."
    return Reason(rule="uscc_check_digit", text=text, citation="GB 32100-2015", verified=True)


def _is_licence(digits: str) -> bool:
    return len(digits) == _LICENCE_DIGITS and digits.isdigit() and bool(mod_11_10.is_valid(digits))
