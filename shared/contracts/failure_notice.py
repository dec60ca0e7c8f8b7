"""The notice of a failed result is served on the operator or the producer: their periods start."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Day, Event
from shared.contracts.officer import Addressee, OfficerEvent


class NoticeServed(OfficerEvent):
    """An officer served the notice of a failed result on the operator or the producer: its periods start."""

    TYPE: ClassVar = "officer.notice.served.v1"

    to: Addressee
    served_on: Day
    document: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """SHA-256 of the printed document, where it was made by the exchange's own command."""

    def sentence(self) -> str:
        return f"Notice of the failed sample {self.sample_no} served on the {self.to} on {self.served_on}."


class FailureNotified(Event):
    """The notice of a failed result was served: who may ask for a re-inspection, and until when."""

    TYPE: ClassVar = "food.failure.notified.v1"

    sample_no: str
    report_no: str
    laboratory: str
    to: Addressee
    reference: str | None
    """The operator or the producer, as the sampling form names it."""
    served_on: date
    reinspection_until: date
    """Last day for a request."""
    citation: str
    verified: bool
    document: str = ""

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return (
            f"The {self.to} was told of the failed sample {self.sample_no} on {self.served_on}; "
            f"a re-inspection may be asked for until {self.reinspection_until}."
        )
