"""The sampling plan of a year, special campaigns, their live progress, and rapid tests, which never count for them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.event import Day, Event, Instant, Name, Part, PartnerEvent, Printed, Reference, Township
from shared.contracts.form import PlaceKind
from shared.contracts.sample import Hazard
from shared.workdays import china_time


class PlanLine(Part):
    """How many samples of which food, hazard, township and kind of place; what is empty means any."""

    township: Township | None = None
    category: Printed = ""
    hazard: Hazard | None = None
    place_kind: PlaceKind | None = None
    samples: Annotated[int, Field(ge=1, le=1_000_000)]


class PlanAdopted(PartnerEvent):
    """An officer adopts the plan of a year or a special campaign, or a new version of it under the same number."""

    TYPE: ClassVar = "officer.plan.adopted.v1"

    plan_no: Reference
    title: Name
    kind: Literal["annual", "campaign"]
    starts: Day
    ends: Day
    """Last day, included."""
    lines: Annotated[tuple[PlanLine, ...], Field(min_length=1, max_length=2000)]
    key_categories: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    """重点食品品种: half of them are to be covered."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            message = "ends is before starts: give the first and the last day of the plan"
            raise ValueError(message)
        return self

    @property
    def about(self) -> str:
        return self.plan_no

    def sentence(self) -> str:
        return f"Plan {self.plan_no} adopted: {self.title}, {sum(line.samples for line in self.lines)} samples."


class PlanPublished(Event):
    """A plan or campaign is in force; a later version takes the place of an earlier one."""

    TYPE: ClassVar = "food.plan.published.v1"

    plan_no: str
    version: int
    title: str
    kind: Literal["annual", "campaign"]
    starts: date
    ends: date
    lines: tuple[PlanLine, ...]
    key_categories: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        return self.plan_no

    def sentence(self) -> str:
        samples = sum(line.samples for line in self.lines)
        return f"Plan {self.plan_no} (version {self.version}): {self.title}, {samples} samples by {self.ends}."


class Target(Part):
    """One of the plan's numbers and how far it is reached."""

    target: str
    """samples_per_1000, residue_samples_per_1000, key_category_coverage or line:<n>."""
    wanted: Decimal
    reached: Decimal
    unit: str
    """samples, or categories."""
    citation: str
    verified: bool

    @property
    def share(self) -> Decimal:
        """Reached over wanted; 1 where nothing is wanted."""
        return Decimal(1) if self.wanted == 0 else self.reached / self.wanted


class PlanProgressed(Event):
    """Samples of a plan were tested: how far its targets are reached. Rapid tests are not counted."""

    TYPE: ClassVar = "food.plan.progressed.v1"

    plan_no: str
    collected: int
    tested: int
    failed: int
    population: int
    population_base: str
    targets: tuple[Target, ...]
    """All that are not lines, then the lines that moved since the plan was last told; all when a version is adopted."""

    @property
    def about(self) -> str:
        return self.plan_no

    def sentence(self) -> str:
        shares = "; ".join(f"{target.target} {target.reached}/{target.wanted}" for target in self.targets[:3])
        return f"Plan {self.plan_no}: {self.collected} collected, {self.tested} tested, {self.failed} failed; {shares}."


class RapidTestRecorded(PartnerEvent):
    """A sampler made a rapid test (快速检测) on the spot; it is no sample of any plan."""

    TYPE: ClassVar = "sampler.rapid_test.recorded.v1"

    test_no: Reference
    township: Township
    place_kind: PlaceKind
    sampled_unit: Reference
    product: Name
    category: Name
    analyte: Name
    positive: bool
    tested_at: Instant
    notified_at: Instant | None = None
    """When the tested unit was told of a positive; its four hours to object run from there."""
    method: Printed = ""

    @property
    def about(self) -> str:
        return self.test_no

    def sentence(self) -> str:
        outcome = "positive" if self.positive else "negative"
        return f"Rapid test {self.test_no}: {self.analyte} in {self.product} {outcome}."


class ConfirmationRequired(Event):
    """A rapid test was positive: a sample for a laboratory has to be taken, and no rapid test may be the re-test."""

    TYPE: ClassVar = "food.confirmation.required.v1"

    test_no: str
    township: str
    sampled_unit: str
    product: str
    category: str
    analyte: str
    objection_until: Instant | None
    citation: str
    verified: bool

    @property
    def about(self) -> str:
        return self.test_no

    def sentence(self) -> str:
        until = f" the unit may object until {china_time(self.objection_until)};" if self.objection_until else ""
        return f"Rapid test {self.test_no} found {self.analyte} in {self.product}:{until} a laboratory sample is due."
