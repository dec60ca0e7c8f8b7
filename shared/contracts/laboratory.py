"""The registry of laboratories: accreditation with scope and expiry, proficiency rounds and what they say."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.event import Day, Event, Name, Part, PartnerEvent, PartyId, Printed, Reason, Reference
from shared.contracts.sample import Hazard


class ScopeItem(Part):
    """What a laboratory is accredited for (CMA/CNAS 能力范围); what is empty means any."""

    category: Printed = ""
    hazard: Hazard | None = None
    substance: Printed = ""
    """The reviewed name of a substance, or an alias of it."""
    method: Printed = ""
    """A test method such as GB 5009.123, of any year where none is given."""


class LaboratoryAccredited(PartnerEvent):
    """An officer enters a laboratory's accreditation; a later entry takes the place of an earlier one."""

    TYPE: ClassVar = "officer.laboratory.accredited.v1"

    laboratory: PartyId
    certificate_no: Reference
    valid_from: Day
    valid_to: Day
    """Last day of the accreditation, included."""
    scope: Annotated[tuple[ScopeItem, ...], Field(min_length=1, max_length=2000)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to < self.valid_from:
            message = "valid_to is before valid_from: give the first and the last day of the accreditation"
            raise ValueError(message)
        return self

    @property
    def about(self) -> str:
        return self.laboratory

    def sentence(self) -> str:
        return f"Laboratory {self.laboratory} accredited {self.valid_from} to {self.valid_to} ({self.certificate_no})."


class ProficiencyResult(Part):
    """One laboratory's result in a round."""

    laboratory: PartyId
    value: Annotated[Decimal, Field(max_digits=20, decimal_places=10)]


class ProficiencyRoundClosed(PartnerEvent):
    """An officer reports a proficiency round (能力验证): everybody's result on one substance in one material."""

    TYPE: ClassVar = "officer.proficiency.closed.v1"

    round_no: Reference
    substance: Name
    unit: Name
    assigned: Annotated[Decimal, Field(max_digits=20, decimal_places=10)] | None = None
    """The assigned value x_pt; the robust mean of the results (ISO 13528 Algorithm A) where it is empty."""
    sigma: Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=10)] | None = None
    """The standard deviation for proficiency assessment σ_pt; the robust one of the results where it is empty."""
    closed_on: Day
    results: Annotated[tuple[ProficiencyResult, ...], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        named = [result.laboratory for result in self.results]
        if len(set(named)) < len(named):
            message = "a laboratory stands in the round twice: give one result for each"
            raise ValueError(message)
        return self

    @property
    def about(self) -> str:
        return self.round_no

    def sentence(self) -> str:
        return f"Proficiency round {self.round_no} on {self.substance}: {len(self.results)} laboratories."


class Score(Part):
    """A laboratory's z-score in a round."""

    laboratory: str
    value: Decimal
    z: Decimal
    rating: Literal["satisfactory", "questionable", "unsatisfactory"]


class ProficiencyEvaluated(Event):
    """A proficiency round is evaluated: z-scores by ISO 13528."""

    TYPE: ClassVar = "food.proficiency.evaluated.v1"

    round_no: str
    substance: str
    unit: str
    assigned: Decimal
    sigma: Decimal
    robust: bool
    """Whether the assigned value or σ_pt was computed from the results."""
    closed_on: date
    scores: tuple[Score, ...]
    citation: str

    @property
    def about(self) -> str:
        return self.round_no

    def sentence(self) -> str:
        bad = [score.laboratory for score in self.scores if score.rating == "unsatisfactory"]
        flagged = f"unsatisfactory: {', '.join(bad)}" if bad else "nobody unsatisfactory"
        return f"Proficiency round {self.round_no} on {self.substance}, {len(self.scores)} laboratories: {flagged}."


class LaboratoryFlagged(Event):
    """A laboratory needs someone's look: an unsatisfactory round, or two questionable ones in a row."""

    TYPE: ClassVar = "food.laboratory.flagged.v1"

    laboratory: str
    round_no: str
    substance: str
    reasons: tuple[Reason, ...]

    @property
    def about(self) -> str:
        return self.laboratory

    def sentence(self) -> str:
        return f"Laboratory {self.laboratory} is flagged: {self.reasons[0].text}"
