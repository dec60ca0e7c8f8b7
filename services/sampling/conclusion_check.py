"""What a drawn laboratory's conclusion is refused for: numbers, state, dates, and what is missing in it.

Nothing is taken of a conclusion that is refused; the laboratory corrects it and reports again.
"""

from datetime import datetime
from typing import Any

from services.sampling import acceptance, reinspection
from services.sampling.judging.methods import is_screening
from shared.contracts import RefusalReason, ReinspectionReported
from shared.refusal import Refusal
from shared.workdays import day_in_china


def refusal(reported: ReinspectionReported, row: Any | None, laboratory: str, received: datetime) -> Refusal | None:
    """The first thing that is wrong with a laboratory's conclusion, or none.

    ``row`` is the re-inspection's row of the store, none where there is none.
    """
    if row is None or row.sample_no != reported.sample_no:
        text = (
            f"There is no re-inspection {reported.reinspection_no} of sample {reported.sample_no}; check the numbers."
        )
        return Refusal(RefusalReason.UNKNOWN_REINSPECTION, "data.reinspection_no", text)
    return _wrong_state(row, laboratory) or _wrong_content(reported, row, received)


def _wrong_state(row: Any, laboratory: str) -> Refusal | None:
    number = row.reinspection_no
    if row.laboratory != laboratory:
        text = f"Laboratory {row.laboratory} was drawn for re-inspection {number}, and only it concludes."
        return Refusal(RefusalReason.NOT_YOURS, "data.reinspection_no", text)
    if row.state in ("unable", "called_off"):
        text = f"Re-inspection {number} was called off; its conclusion is not taken any more."
        return Refusal(RefusalReason.WRONG_STATE, "data.reinspection_no", text)
    if row.state != "open":
        text = f"Re-inspection {number} was concluded before: {row.state}; its conclusion is final."
        return Refusal(RefusalReason.ALREADY_DONE, "data.reinspection_no", text)
    if row.reserve_received is None:
        text = f"Confirm the receipt of the reserve portion of sample {row.sample_no} first; then report again."
        return Refusal(RefusalReason.WRONG_STATE, "data.sample_no", text)
    return None


def _wrong_content(reported: ReinspectionReported, row: Any, received: datetime) -> Refusal | None:
    received_on, today = day_in_china(row.reserve_received), day_in_china(received)
    if not received_on <= reported.concluded_on <= today:
        text = f"{reported.concluded_on} is not between the reserve portion's receipt on {received_on} and today."
        return Refusal(RefusalReason.WRONG_DATES, "data.concluded_on", text)
    if absent := reinspection.missing(reinspection.assigned_of(row), (one.analyte for one in reported.determinations)):
        text = f"The re-inspection was asked for {'、'.join(absent)} as well; report all that failed."
        return Refusal(RefusalReason.WRONG_AMOUNTS, "data.determinations", text)
    for index, one in enumerate(reported.determinations):
        if one.kind == "screening" or (one.kind != "confirmatory" and is_screening(one.method)):
            text = f"{one.analyte} was tested again by a screening method; a re-inspection needs a confirmatory one."
            return Refusal(RefusalReason.WRONG_AMOUNTS, f"data.determinations.{index}.method", text)
    wrong = acceptance.wrong_figures(reported.determinations)
    return Refusal(RefusalReason.WRONG_AMOUNTS, wrong.where, wrong.explanation) if wrong else None
