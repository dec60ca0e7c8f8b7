"""What every event has in common.

An event is a frozen record of something that happened. It knows its type (with the version in the name), the
sample or case it is about, and how to say itself in one sentence; the demo, the logs, the console and the
reference documentation all use that sentence.
"""

from abc import abstractmethod
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

EventType = str
"""A CloudEvents type such as ``food.sample.failed.v1``; the last token is the version."""

REGION_PATTERN = r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$"
Region = Annotated[str, StringConstraints(pattern=REGION_PATTERN)]
"""A county as province.city.county, from GB/T 2260: Zhuanghe, 210283, is ``21.02.83``."""


_NO_NUL = r"^[^\x00]*$"
"""No database can keep a NUL character in a text."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A short text such as a product, an analyte or a number on a form: 1 to 200 characters on one line."""

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$")]
"""An opaque number that stands for an organisation; never a person's or a shop's name."""

Day = Annotated[date, Field(ge=date(1900, 1, 1))]
"""A day in China; one before 1900 stands for a program that knows no date."""

Printed = Annotated[str, StringConstraints(max_length=2000, pattern=_NO_NUL)]
"""A value exactly as the report prints it; may be empty."""


Person = Annotated[str, StringConstraints(pattern=r"^(sampler|officer)\.[A-Z0-9-]{2,32}$")]
"""A person as role and opaque id, such as officer.O007; the name stays in the partners file, never in an event."""

PartyId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,32}$")]
"""An organisation's or a person's token on the bus, such as L0142 or S01."""

Township = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
"""A township or street by its nine digits, such as 210283104; the first six are the county's (GB/T 2260)."""

Stated = Annotated[str, StringConstraints(min_length=2, max_length=2000, pattern=_NO_NUL)]
"""What a person states in writing, such as the grounds of a decision; never empty."""

Instant = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]
"""A point in time, with its offset from UTC; one before 2000 stands for a device that knows no time."""


class Part(BaseModel):
    """A piece of an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Part):
    """Something that happened, told once, never changed."""

    TYPE: ClassVar[EventType]

    @property
    @abstractmethod
    def about(self) -> str:
        """The number of the sample, alert, case, policy or clock that the event is about (CloudEvents subject)."""

    @property
    def trace(self) -> str:
        """The number of the sample whose path the event belongs to, or what it is about where there is none."""
        return self.about

    @abstractmethod
    def sentence(self) -> str:
        """The event in one sentence, for people."""


class PartnerEvent(Event):
    """What an organisation outside tells the exchange: a field that is not in the contract is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(Part):
    """Why a decision came out as it did: a rule, its source and the facts that it looked at."""

    rule: Name
    """The rule's name in the project's own rule tables."""
    text: str
    """The rule's finding in one sentence."""
    citation: str
    """The law or standard with its article; empty where the rule is the house's own."""
    verified: bool
    """Whether the citation was checked against the official text."""
    facts: dict[str, str] = {}
