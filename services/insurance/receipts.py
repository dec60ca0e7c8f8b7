"""The receipt for a message from an insurer that is no policy."""

from shared.contracts import PolicyRejected
from shared.heard import Refused, Work


def refuse(refused: Refused, work: Work) -> None:
    """Tell the insurer, whom the server let speak under its own prefix, what is wrong with its message."""
    fault, insurer = refused.fault, refused.origin.party
    event = PolicyRejected(
        insurer=insurer,
        reason=fault.reason,
        where=fault.where,
        explanation=fault.explanation,
        event_id=fault.event_id,
        policy_no=fault.about.get("policy_no", ""),
    )
    work.tell(refused, event, party=f"insurer.{insurer}")
