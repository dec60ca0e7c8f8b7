"""What a report is refused for at the door, after it kept its schema.

Only what cannot be true is refused: a day that has not come, a conclusion before the production, an amount below zero,
a limit of detection above the limit of quantification. What merely cannot be read is taken, and judged unclear.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.sampling.judging.notation import Unreadable, read_quantity, read_result
from services.sampling.judging.units import factor
from shared.contracts.result import Determination, RejectionReason, Report


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the exchange does not take a report, in which field, and what the laboratory can do."""

    reason: RejectionReason
    where: str
    explanation: str


def refusal(report: Report, received_on: date) -> Rejection | None:
    """The first thing that cannot be true in a report received on a day (in China), or none."""
    return _wrong_dates(report, received_on) or wrong_figures(report.determinations)


def wrong_figures(determinations: Iterable[Determination]) -> Rejection | None:
    """The first determination of a report whose figures cannot be true, or none."""
    found = (_wrong_figures(one, f"data.determinations.{index}") for index, one in enumerate(determinations))
    return next((refused for refused in found if refused), None)


def _wrong_dates(report: Report, received_on: date) -> Rejection | None:
    for name in ("production_date", "concluded_on"):
        day: date | None = getattr(report, name)
        if day is not None and day > received_on:
            text = f"{day} is after {received_on}, the day on which the report came in; correct the date."
            return Rejection(RejectionReason.FUTURE_DATE, f"data.{name}", text)
    made, concluded = report.production_date, report.concluded_on
    if made is not None and concluded is not None and concluded < made:
        text = f"The conclusion of {concluded} is before the production on {made}; correct one of the dates."
        return Rejection(RejectionReason.DATES_OUT_OF_ORDER, "data.concluded_on", text)
    return None


def _wrong_figures(determination: Determination, where: str) -> Rejection | None:
    result = read_result(determination.result)
    if not isinstance(result, Unreadable):
        for reading in result.readings + result.repeated:
            if reading.value is not None and reading.value < 0:
                text = f"{reading} is below zero; report what was not found as not detected (未检出) with its LOD."
                return Rejection(RejectionReason.NEGATIVE_RESULT, f"{where}.result", text)
    if determination.lod and determination.loq and _above(determination.lod, determination.loq):
        text = f"The limit of detection {determination.lod} is above the limit of quantification {determination.loq}."
        return Rejection(RejectionReason.LOD_ABOVE_LOQ, f"{where}.lod", f"{text} Correct one of the two.")
    return None


def _above(detection: str, quantification: str) -> bool:
    """Whether one printed amount is surely above another: both readable, and in units of one dimension."""
    lod, loq = read_quantity(detection), read_quantity(quantification)
    if lod is None or loq is None or lod.value is None or loq.value is None:
        return False
    times = factor(lod.unit, loq.unit)
    return times is not None and lod.value * times > loq.value
