"""A re-inspection (复检): asked for, refused by the law or given to a laboratory by lot, and its conclusion."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.event import Day, Event, PartnerEvent, Person, Reference, Stated
from shared.contracts.officer import Addressee, OfficerEvent
from shared.contracts.result import Determination
from shared.contracts.sample import Finding


class ReinspectionRequested(OfficerEvent):
    """An officer enters the request for a re-inspection (复检) that the operator or the producer made."""

    TYPE: ClassVar = "officer.reinspection.requested.v1"

    by: Addressee
    requested_on: Day
    reserve_usable: bool = True
    """Whether the laboratory still has the reserve portion and it is fit for a test."""

    def sentence(self) -> str:
        return f"The {self.by} asks for a re-inspection of sample {self.sample_no} on {self.requested_on}."


class Bar(StrEnum):
    """Why the law bars a re-inspection."""

    MICROBIOLOGY = "microbiology"
    LATE = "late"
    RESERVE_UNUSABLE = "reserve_unusable"
    RESERVE_EXPIRED = "reserve_expired"
    ALREADY_REINSPECTED = "already_reinspected"
    NOT_NOTIFIED = "not_notified"
    NOT_FAILED = "not_failed"


class ReinspectionRefused(Event):
    """A request for a re-inspection is refused: the law bars it."""

    TYPE: ClassVar = "food.reinspection.refused.v1"

    sample_no: str
    bar: Bar
    explanation: str
    citation: str
    verified: bool

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"No re-inspection of sample {self.sample_no} ({self.bar.value}): {self.explanation}"


class ReinspectionTold(Event):
    """What every telling of a re-inspection says."""

    reinspection_no: str
    sample_no: str

    @property
    def about(self) -> str:
        return self.reinspection_no

    @property
    def trace(self) -> str:
        return self.sample_no


class Drawn(ReinspectionTold):
    """What every telling of a drawn laboratory says."""

    laboratory: str
    """The drawn one; never the first."""
    first_laboratory: str
    analytes: tuple[str, ...]
    """What failed, as the first report prints it."""


class ReinspectionAccepted(Drawn):
    """A re-inspection is to be made: the laboratory is drawn by lot among those accredited for what failed."""

    TYPE: ClassVar = "food.reinspection.accepted.v1"

    candidates: tuple[str, ...]
    seed: str
    """What the lot was drawn with: anybody can draw it again."""
    citation: str
    verified: bool

    def sentence(self) -> str:
        return (
            f"Re-inspection {self.reinspection_no} of sample {self.sample_no}: {self.laboratory} was drawn among "
            f"{len(self.candidates)}."
        )


class ReinspectionAssigned(Drawn):
    """A laboratory was drawn for a re-inspection: it is told so, and the first one that it hands the reserve over."""

    TYPE: ClassVar = "receipt.reinspection.assigned.v1"

    product: str
    category: str
    subcategory: str = ""

    def sentence(self) -> str:
        return (
            f"Laboratory {self.laboratory} is to re-inspect sample {self.sample_no} ({self.reinspection_no}) for "
            f"{'、'.join(self.analytes)}; laboratory {self.first_laboratory} hands the reserve portion over."
        )


class ReinspectionReported(PartnerEvent):
    """The drawn laboratory concluded its re-inspection of the reserve portion; its conclusion is final."""

    TYPE: ClassVar = "lab.reinspection.reported.v1"

    reinspection_no: Reference
    sample_no: Reference
    report_no: Reference
    concluded_on: Day
    determinations: Annotated[tuple[Determination, ...], Field(min_length=1, max_length=200)]

    @property
    def about(self) -> str:
        return self.reinspection_no

    @property
    def trace(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Re-inspection {self.reinspection_no} of sample {self.sample_no} concluded on {self.concluded_on}."


class ReinspectionConcluded(ReinspectionTold):
    """A re-inspection is concluded: the failure is upheld, overturned, or a person has to decide."""

    TYPE: ClassVar = "food.reinspection.concluded.v1"

    report_no: str
    """The first report, whose failure was looked at again."""
    laboratory: str
    """The one that re-inspected."""
    first_laboratory: str
    outcome: Literal["upheld", "overturned", "unclear"]
    findings: tuple[Finding, ...]
    on_time: bool
    settled_by: Person | None = None
    """Who decided, where the exchange could not."""
    why: str = ""
    """What the person decided on."""

    def sentence(self) -> str:
        found = "; ".join(f"{finding.analyte}: {finding.explanation}" for finding in self.findings)
        by = f", decided by {self.settled_by}" if self.settled_by else ""
        return (
            f"Re-inspection {self.reinspection_no} of sample {self.sample_no} {self.outcome}{by}: {found or self.why}"
        )


class ReinspectionSettled(OfficerEvent):
    """An officer decides a re-inspection whose results the exchange could not."""

    TYPE: ClassVar = "officer.reinspection.settled.v1"

    outcome: Literal["upheld", "overturned"]
    why: Stated

    def sentence(self) -> str:
        return f"The re-inspection of sample {self.sample_no} is settled as {self.outcome}: {self.why}"
