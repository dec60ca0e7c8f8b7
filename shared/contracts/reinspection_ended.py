"""A re-inspection ends without a conclusion: nobody pays for it, nobody wants it any more, or the laboratory cannot."""

from typing import ClassVar, Literal

from shared.contracts.event import Reference, Stated
from shared.contracts.officer import OfficerEvent
from shared.contracts.reinspection import Drawn

EndReason = Literal["fee_unpaid", "applicant_withdrew", "laboratory_unable"]
"""The applicant did not pay in time or took the request back; or the drawn laboratory cannot test, or stays silent."""


class ReinspectionCalledOff(OfficerEvent):
    """An officer calls a re-inspection off; where the laboratory is unable, another one is drawn at once."""

    TYPE: ClassVar = "officer.reinspection.called_off.v1"

    reinspection_no: Reference
    reason: EndReason
    why: Stated

    def sentence(self) -> str:
        return f"Re-inspection {self.reinspection_no} of sample {self.sample_no} is called off: {self.why}"


class ReinspectionEnded(Drawn):
    """A re-inspection ended without a conclusion: the failure stands, unless another laboratory tests in its place."""

    TYPE: ClassVar = "food.reinspection.ended.v1"

    reason: EndReason
    why: str
    called_off_by: str
    """The officer, such as officer.O001."""
    followed_by: str = ""
    """The re-inspection by another laboratory in its place; empty where there is none."""
    citation: str = ""
    """The law, where it is the law that ends it: an unpaid fee counts as the request taken back."""
    verified: bool = False

    def sentence(self) -> str:
        then = f"; {self.followed_by} takes its place" if self.followed_by else ""
        return (
            f"Re-inspection {self.reinspection_no} of sample {self.sample_no} ended ({self.reason}){then}: {self.why}"
        )


class ReinspectionRecalled(Drawn):
    """The drawn laboratory is not to re-inspect any more: it is told so, and so is the first one."""

    TYPE: ClassVar = "receipt.reinspection.recalled.v1"

    next_laboratory: str = ""
    """Who tests in its place and needs the reserve portion; empty where nobody does."""

    def sentence(self) -> str:
        portion = (
            f"the reserve portion goes to laboratory {self.next_laboratory}"
            if self.next_laboratory
            else "whoever holds the reserve portion keeps it"
        )
        return (
            f"Laboratory {self.laboratory} is not to re-inspect sample {self.sample_no} ({self.reinspection_no}) any "
            f"more; {portion}."
        )
