"""Statutory clocks: the due message that a service hears from its own table, and what is told when one is missed."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Instant, Name, Part, PartnerEvent, Stated
from shared.workdays import china_time


class Moment(StrEnum):
    """What a clock can fall due for."""

    APPROACHING = "approaching"
    MISSED = "missed"


class ClockDue(Event):
    """A clock in a service's own table fell due; one for an old revision is ignored."""

    TYPE: ClassVar = "clock.due.v1"

    clock: str
    """The clock's kind and what it runs for, such as ``SMP-04:DEMO-0001``."""
    moment: Moment
    revision: int

    @property
    def about(self) -> str:
        return self.clock

    def sentence(self) -> str:
        return f"Clock {self.clock} is {self.moment.value} (revision {self.revision})."


class Period(Part):
    """A statutory period: whom it binds to what, from when until when, by which law."""

    clock: str
    """Its name: the kind and what it runs for, such as SMP-04:L0142:R-0001."""
    actor: str
    duty: str
    started: datetime
    due: datetime
    citation: str
    verified: bool


class PeriodTold(Period, Event):
    """What every telling of a statutory clock says."""

    @property
    def about(self) -> str:
        return self.clock

    @property
    def kind(self) -> str:
        """The kind of the clock, such as SMP-04."""
        return self.clock.partition(":")[0]

    def approaches(self) -> str:
        """That it is about to end, in one sentence."""
        return f"Clock {self.clock} approaches: {self.actor} must {self.duty} by {china_time(self.due)}."

    def is_missed(self) -> str:
        """That it ended before its duty was done, in one sentence."""
        return f"Clock {self.clock} missed: {self.actor} had to {self.duty} by {china_time(self.due)}."

    def is_revised(self, before: datetime, by: str, why: str) -> str:
        """That it has another end than before, in one sentence."""
        return (
            f"Clock {self.clock} of {self.actor} now ends at {china_time(self.due)} instead of "
            f"{china_time(before)}, by {by}: {why}"
        )


class ClockTold(PeriodTold):
    """What every telling of a clock that runs for a sample says."""

    sample_no: str

    @property
    def trace(self) -> str:
        return self.sample_no


class ClockApproaching(ClockTold):
    """A statutory period is about to end and its duty is not yet done."""

    TYPE: ClassVar = "food.clock.approaching.v1"

    def sentence(self) -> str:
        return self.approaches()


class ClockMissed(ClockTold):
    """A statutory period ended before its duty was done."""

    TYPE: ClassVar = "food.clock.missed.v1"

    def sentence(self) -> str:
        return self.is_missed()


class ClockCorrected(PartnerEvent):
    """An officer corrects the end of a statutory clock, with the reason: an extension, or a start entered wrongly."""

    TYPE: ClassVar = "officer.clock.corrected.v1"

    clock: Name
    """Such as SMP-02:S-0001."""
    due: Instant
    why: Stated

    @property
    def about(self) -> str:
        return self.clock

    def sentence(self) -> str:
        return f"Clock {self.clock} is corrected to end at {china_time(self.due)}: {self.why}"


class ClockRevised(ClockTold):
    """A statutory clock has another end than before; ``due`` is the new one."""

    TYPE: ClassVar = "food.clock.revised.v1"

    before: datetime
    """The end that it had."""
    by: str
    why: str

    def sentence(self) -> str:
        return self.is_revised(self.before, self.by, self.why)
