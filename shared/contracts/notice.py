"""The notice of circumstances to the insurer of the producer or the seller, or why there is none."""

from enum import StrEnum
from typing import ClassVar, Literal

from shared.contracts.event import Event, Reason


class InsurerNotified(Event):
    """A failed sample concerns an insured producer or seller: the insurer is told the circumstances."""

    TYPE: ClassVar = "notice.insurer.notified.v1"

    notice_no: str
    sample_no: str
    insurer: str
    policy_no: str
    insured: str
    role: Literal["producer", "seller"]
    product: str
    substances: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def about(self) -> str:
        return self.notice_no

    @property
    def trace(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return (
            f"Insurer {self.insurer} notified ({self.notice_no}): policy {self.policy_no} of {self.role} "
            f"{self.insured}, sample {self.sample_no}."
        )


class NotDueReason(StrEnum):
    """Why no insurer is notified."""

    NOBODY_NAMED = "nobody_named"
    NO_POLICY = "no_policy"
    NOT_IN_FORCE = "not_in_force"


class NoticeNotDue(Event):
    """No insurer is to be told of a failed sample, with the reason."""

    TYPE: ClassVar = "notice.notdue.v1"

    sample_no: str
    reason: NotDueReason
    reasons: tuple[Reason, ...]

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"No notice for sample {self.sample_no} ({self.reason.value}): {self.reasons[0].text}"


class NoticeRetracted(Event):
    """A failed sample of which an insurer was notified is overturned: the notice no longer counts."""

    TYPE: ClassVar = "notice.retracted.v1"

    notice_no: str
    sample_no: str
    insurer: str
    policy_no: str
    insured: str
    explanation: str

    @property
    def about(self) -> str:
        return self.notice_no

    @property
    def trace(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Notice {self.notice_no} to insurer {self.insurer} is retracted: {self.explanation}"
