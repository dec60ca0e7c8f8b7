"""What may still happen to a failed result: its notice is served, a re-inspection, an objection, the disposal."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.event import Day, Event, Instant, PartnerEvent, Person, Reference, Stated
from shared.contracts.result import Determination
from shared.contracts.sample import Finding

Addressee = Literal["operator", "producer"]
"""The sampled unit (被抽样单位), or the nominal producer (标称生产企业)."""


class OfficerEvent(PartnerEvent):
    """What an officer does about one failed sample."""

    sample_no: Reference

    @property
    def about(self) -> str:
        return self.sample_no


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


class Drawn(Event):
    """What every telling of a drawn laboratory says."""

    reinspection_no: str
    sample_no: str
    laboratory: str
    """The drawn one; never the first."""
    first_laboratory: str
    analytes: tuple[str, ...]
    """What failed, as the first report prints it."""

    @property
    def about(self) -> str:
        return self.reinspection_no

    @property
    def trace(self) -> str:
        return self.sample_no


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


class ReinspectionConcluded(Event):
    """A re-inspection is concluded: the failure is upheld, overturned, or a person has to decide."""

    TYPE: ClassVar = "food.reinspection.concluded.v1"

    reinspection_no: str
    sample_no: str
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

    @property
    def about(self) -> str:
        return self.reinspection_no

    @property
    def trace(self) -> str:
        return self.sample_no

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


class ObjectionOpened(Event):
    """An objection is under review, until a day."""

    TYPE: ClassVar = "food.objection.opened.v1"

    objection_no: str
    sample_no: str
    by: Addressee
    ground: ObjectionGround
    late: bool
    """Whether the law's period for it was over; the officer decides what follows."""
    review_until: date
    citation: str
    verified: bool

    @property
    def about(self) -> str:
        return self.objection_no

    @property
    def trace(self) -> str:
        return self.sample_no

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


class ObjectionClosed(Event):
    """An objection is sustained or dismissed."""

    TYPE: ClassVar = "food.objection.closed.v1"

    objection_no: str
    sample_no: str
    ground: ObjectionGround
    sustained: bool
    decided_by: str
    why: str

    @property
    def about(self) -> str:
        return self.objection_no

    @property
    def trace(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        outcome = "sustained" if self.sustained else "dismissed"
        return f"Objection {self.objection_no} to sample {self.sample_no} {outcome}: {self.why}"


class ResultSettled(OfficerEvent):
    """An officer decides a result that the exchange could not, with the reason."""

    TYPE: ClassVar = "officer.result.settled.v1"

    laboratory: Reference
    report_no: Reference
    verdict: Literal["pass", "fail"]
    why: Stated

    def sentence(self) -> str:
        return f"Report {self.report_no} on sample {self.sample_no} is settled as {self.verdict}: {self.why}"


class DisposalClosed(OfficerEvent):
    """An officer finished the verification and disposal (核查处置) of a failed sample."""

    TYPE: ClassVar = "officer.disposal.closed.v1"

    closed_at: Instant
    why: Stated

    def sentence(self) -> str:
        return f"Disposal of the failed sample {self.sample_no} closed: {self.why}"
