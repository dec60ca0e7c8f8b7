"""A food liability policy (食品安全责任保险), and the exchange's receipts for it."""

from typing import ClassVar, Self

from pydantic import model_validator

from shared.contracts.event import Day, Event, Name, PartnerEvent, Reference
from shared.contracts.result import RejectionReason


class PolicyBound(PartnerEvent):
    """An insurer bound a policy for a producer or seller."""

    TYPE: ClassVar = "insurer.policy.bound.v1"

    policy_no: Reference
    insured: Reference
    valid_from: Day
    valid_to: Day
    """Last day of cover, included."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to < self.valid_from:
            message = "valid_to is before valid_from: give the first and the last day of cover"
            raise ValueError(message)
        return self

    @property
    def about(self) -> str:
        return self.policy_no

    def sentence(self) -> str:
        return f"Policy {self.policy_no} bound for {self.insured}, {self.valid_from} to {self.valid_to}."


class PolicyRejected(Event):
    """The exchange refused what an insurer said; the receipt says what is wrong, where, and what to do."""

    TYPE: ClassVar = "receipt.policy.rejected.v1"

    insurer: Name
    reason: RejectionReason
    where: str
    explanation: str
    event_id: str = ""
    policy_no: str = ""

    @property
    def about(self) -> str:
        return self.policy_no or self.event_id or self.insurer

    def sentence(self) -> str:
        policy = self.policy_no or self.event_id or "(no id)"
        return f"Insurer {self.insurer}: policy {policy} refused ({self.reason}): {self.explanation}"
