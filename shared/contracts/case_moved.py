"""What the exchange tells of a case's steps: to the procuratorate from the report, to the police from the transfer."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.case_step import Version
from shared.contracts.clock import Period
from shared.contracts.dossier import EvidenceItem
from shared.contracts.event import Event, Reason, Region


class StepTold(Event):
    """What every telling of a step says."""

    case_no: str
    version: Version
    """Of the case after the step; whoever acts next names it."""
    step: str
    """The step's name in the table of steps, such as file."""
    before: str
    state: str
    """Before and after the step."""
    by: str
    """Such as police.210283 or officer.O007."""
    at: datetime
    text: str
    """The step in one sentence."""
    citation: str
    """The article that provides for it."""
    verified: bool
    periods: tuple[Period, ...] = ()
    """The statutory periods that the step started."""

    @property
    def about(self) -> str:
        return self.case_no

    def sentence(self) -> str:
        return f"{self.text} Case {self.case_no} is {self.state.replace('_', ' ')} now, in version {self.version}."


class CaseMoved(StepTold):
    """A case took a step within the agency, before its transfer or beside it."""

    TYPE: ClassVar = "case.moved.v1"

    items: tuple[EvidenceItem, ...] = ()
    """What the step added to the dossier."""


class TransferMoved(StepTold):
    """A transferred case took a step."""

    TYPE: ClassVar = "case.transfer.moved.v1"

    items: tuple[EvidenceItem, ...] = ()
    """What the step added to the dossier; the files are handed over beside it."""


class TransferRefused(StepTold):
    """The head of the agency refused the transfer of a case; the reason is kept."""

    TYPE: ClassVar = "case.transfer.refused.v1"

    reason: str


class CaseTransferred(StepTold):
    """A case was transferred to the police (移送), signed and approved; this is what starts the periods."""

    TYPE: ClassVar = "case.transferred.v1"

    to: Region
    """The region of the police to whom it goes."""
    product: str
    producer: str | None
    samples: tuple[str, ...]
    offence: str
    """Article of the Criminal Law that the report names."""
    reasons: tuple[Reason, ...]
    items: tuple[EvidenceItem, ...]
    """The dossier, item by item; the files are handed over beside it."""
    dossier: str
    """The digest over the items, which the signers and the head signed."""
    reported_by: tuple[str, ...]
    approved_by: str
    approved_at: datetime
