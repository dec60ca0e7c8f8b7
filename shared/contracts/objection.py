"""An objection (异议) to how a sample was taken or judged, from its filing to the decision."""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.event import Day, Event, Reference, Stated
from shared.contracts.officer import Addressee, OfficerEvent

ObjectionGround = Literal["sampling", "authenticity", "method", "standard", "judgement"]
"""What is objected to: how or from whom the sample was taken, or how and by what it was judged."""


class ObjectionFiled(OfficerEvent):
    """An officer enters an objection (异议) of the operator or the producer."""

    TYPE: ClassVar = "officer.objection.filed.v1"

    by: Addressee
    ground: ObjectionGround
    filed_on: Day
    why: Stated

    def sentence(self) -> str:
        return f"The {self.by} objects to sample {self.sample_no} ({self.ground}): {self.why}"


class ObjectionTold(Event):
    """What every telling of an objection says."""

    objection_no: str
    sample_no: str

    @property
    def about(self) -> str:
        return self.objection_no

    @property
    def trace(self) -> str:
        return self.sample_no


class ObjectionOpened(ObjectionTold):
    """An objection is under review, until a day."""

    TYPE: ClassVar = "food.objection.opened.v1"

    by: Addressee
    ground: ObjectionGround
    late: bool
    """Whether the law's period for it was over; the officer decides what follows."""
    review_until: date
    citation: str
    verified: bool

    def sentence(self) -> str:
        late = ", filed late" if self.late else ""
        return (
            f"Objection {self.objection_no} to sample {self.sample_no} ({self.ground}{late}): "
            f"review until {self.review_until}."
        )


class ObjectionDecided(OfficerEvent):
    """An officer decides an objection; one that is sustained overturns the failed sample."""

    TYPE: ClassVar = "officer.objection.decided.v1"

    objection_no: Reference
    sustained: bool
    why: Stated

    def sentence(self) -> str:
        outcome = "sustained" if self.sustained else "dismissed"
        return f"Objection {self.objection_no} to sample {self.sample_no} is {outcome}: {self.why}"


class ObjectionClosed(ObjectionTold):
    """An objection is sustained or dismissed."""

    TYPE: ClassVar = "food.objection.closed.v1"

    ground: ObjectionGround
    sustained: bool
    decided_by: str
    why: str

    def sentence(self) -> str:
        outcome = "sustained" if self.sustained else "dismissed"
        return f"Objection {self.objection_no} to sample {self.sample_no} {outcome}: {self.why}"
