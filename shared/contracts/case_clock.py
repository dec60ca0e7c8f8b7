"""Statutory clocks of a case: told to the agency and the procuratorate, corrected by an officer."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.case_step import WrittenReason
from shared.contracts.clock import PeriodTold
from shared.contracts.event import Instant, Name, PartnerEvent
from shared.workdays import china_time


class CaseClockTold(PeriodTold):
    """What every telling of a case's clock says."""

    case_no: str

    @property
    def trace(self) -> str:
        return self.case_no


class CaseClockApproaching(CaseClockTold):
    """A statutory period of a case is about to end and its duty is not yet done."""

    TYPE: ClassVar = "case.clock.approaching.v1"

    def sentence(self) -> str:
        return self.approaches()


class CaseClockMissed(CaseClockTold):
    """A statutory period of a case ended before its duty was done."""

    TYPE: ClassVar = "case.clock.missed.v1"

    def sentence(self) -> str:
        return self.is_missed()


class CaseClockCorrected(PartnerEvent):
    """An officer corrects the end of a case's clock, with the reason."""

    TYPE: ClassVar = "officer.case.clock_corrected.v1"

    clock: Name
    """Such as REF-04:C-7Q2M4ZK3XAWB."""
    due: Instant
    why: WrittenReason

    @property
    def about(self) -> str:
        return self.clock

    def sentence(self) -> str:
        return f"Clock {self.clock} is corrected to end at {china_time(self.due)}: {self.why}"


class CaseClockRevised(CaseClockTold):
    """A clock of a case has another end than before; ``due`` is the new one."""

    TYPE: ClassVar = "case.clock.revised.v1"

    before: datetime
    """The end that it had."""
    by: str
    why: str

    def sentence(self) -> str:
        return self.is_revised(self.before, self.by, self.why)
