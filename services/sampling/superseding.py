"""Whether a laboratory may correct or withdraw a report: it must be its own, on that sample, and still stand."""

from typing import Any

from services.sampling.acceptance import Rejection
from shared.contracts import RejectionReason

_GONE = {
    "withdrawn": "was withdrawn before",
    "overturned": "was overturned, and its correction would change nothing",
    "void": "is void: its sample was wrongly taken",
}


def refusal(  # noqa: PLR0913 - the report, and what is known of it
    known: Any | None, report_no: str, sample_no: str, laboratory: str, *, field: str, is_upheld: bool
) -> Rejection | None:
    """Why a report cannot be corrected or withdrawn, or none.

    ``known`` is its row of the store, none where there is none; ``field`` names it in the event; ``is_upheld`` says
    whether a re-inspection upheld the failure that it found.
    """
    if known is None:
        text = f"Laboratory {laboratory} has reported no {report_no}; check the number of the report."
        return Rejection(RejectionReason.NOT_REPORTED, f"data.{field}", text)
    if known.sample_no != sample_no:
        text = f"Report {report_no} is on sample {known.sample_no}, not on {sample_no}; correct one of the numbers."
        return Rejection(RejectionReason.NOT_REPORTED, "data.sample_no", text)
    if known.state == "superseded":
        text = f"Report {report_no} was corrected before by {known.superseded_by}; name that one."
        return Rejection(RejectionReason.CHANGED, f"data.{field}", text)
    if known.state in _GONE:
        return Rejection(RejectionReason.CHANGED, f"data.{field}", f"Report {report_no} {_GONE[known.state]}.")
    if is_upheld:
        text = f"A re-inspection upheld the failure that report {report_no} found, and that is final."
        return Rejection(RejectionReason.CHANGED, f"data.{field}", text)
    return None
