"""The receipt for a message from a laboratory that is no report."""

from shared.contracts import ResultRejected
from shared.heard import Refused, Work


def refuse(refused: Refused, work: Work) -> None:
    """Tell the laboratory, whom the server let speak under its own prefix, what is wrong with its message."""
    fault, laboratory = refused.fault, refused.origin.party
    about = fault.about
    event = ResultRejected(
        laboratory=laboratory,
        reason=fault.reason,
        where=fault.where,
        explanation=fault.explanation,
        event_id=fault.event_id,
        report_no=about.get("report_no", ""),
        sample_no=about.get("sample_no", ""),
    )
    work.tell(refused, event, party=f"lab.{laboratory}")
