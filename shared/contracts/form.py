"""The sampling form (抽样单) and the custody of a sample until the laboratory takes it or refuses it.

The fields are those of the national form; the address, the names of the unit and of persons stay on paper, because an
event cannot be erased. Organisations and persons are references.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from stdnum.cn import ric

from shared.contracts.event import (
    Day,
    Event,
    Instant,
    Name,
    PartnerEvent,
    PartyId,
    Printed,
    Reason,
    Reference,
    Region,
    Stated,
    Township,
)

_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")

Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=4)]
"""A quantity in the form's own unit."""
Celsius = Annotated[Decimal, Field(ge=-100, le=100, max_digits=5, decimal_places=2)]
"""A temperature in °C."""
Holder = Annotated[str, StringConstraints(pattern=r"^(lab|sampler|carrier)\.[A-Z0-9-]{2,32}$")]
"""Who has a sample: a kind and an opaque id."""
Track = Literal["market", "farm"]
"""Which law sets the periods: food on the market (食品安全法) or produce on the farm (农产品质量安全法)."""


class PlaceKind(StrEnum):
    """Where a sample is taken (抽样地点/场所)."""

    PRODUCER = "producer"
    FARM = "farm"
    SUPERMARKET = "supermarket"
    SHOP = "shop"
    WET_MARKET = "wet_market"
    RURAL_MARKET = "rural_market"
    WHOLESALE_MARKET = "wholesale_market"
    ONLINE = "online"
    RESTAURANT = "restaurant"
    SCHOOL_CANTEEN = "school_canteen"
    SCHOOL_SURROUNDINGS = "school_surroundings"
    OTHER_CANTEEN = "other_canteen"
    OTHER = "other"


class SampleCollected(PartnerEvent):
    """A sampler took a sample and filled in the national form (抽样单)."""

    TYPE: ClassVar = "sampler.sample.collected.v1"

    sample_no: Reference
    """抽样编号."""
    plan_no: Reference | None = None
    """The plan or campaign that the sample counts for (任务来源); the annual plan of the county where it is empty."""
    task_type: Literal["supervision", "evaluation", "risk_monitoring"] = "supervision"
    """检验目的/任务类别."""
    task_level: Literal["national", "provincial", "city", "county"] = "county"
    laboratory: PartyId | None = None
    """The laboratory that the sample is meant for (检验机构)."""
    sampling_org: Reference | None = None
    """抽样单位."""
    samplers: Annotated[tuple[PartyId, ...], Field(min_length=2, max_length=6)]
    """抽样人员: two or more persons, by their ids; who sends the form is one of them."""
    sampled_at: Instant
    township: Township
    chain_stage: Literal["production", "circulation", "catering"]
    """抽样环节."""
    place_kind: PlaceKind
    area_kind: Literal["urban", "rural", "scenic"] = "urban"
    track: Track = "market"
    sampled_unit: Reference
    """被抽样单位, by its unified social credit code (统一社会信用代码) or another opaque number."""
    licence_kind: Printed = ""
    licence_no: Printed = ""
    annual_sales: Printed = ""
    product: Name
    """样品名称."""
    brand: Printed = ""
    spec: Printed = ""
    batch_no: Printed = ""
    production_date: Day | None = None
    date_kind: Literal["production", "processing", "purchase"] = "production"
    shelf_life_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    product_standard: Printed = ""
    grade: Printed = ""
    category: Name
    """食品大类: one of the 33."""
    subcategory: Printed = ""
    variety: Printed = ""
    item: Printed = ""
    """食品细类."""
    sterile: bool = False
    """抽样方式."""
    tools: Printed = ""
    lot_size: Printed = ""
    """抽样基数/批量."""
    quantity: Amount
    """抽样数量: everything that was taken; the portions below add up to it."""
    test_quantity: Amount
    """What the laboratory tests."""
    duplicate_quantity: Amount = Decimal(0)
    """A second portion for a repeated test."""
    reserve_quantity: Amount
    """备样数量: kept sealed for a re-inspection."""
    quantity_unit: Name
    unit_price: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    """单价 in yuan: samples are bought (食品安全法 Art 87)."""
    storage: Printed = ""
    temperature: Celsius | None = None
    humidity: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] | None = None
    packaging: Printed = ""
    form: Printed = ""
    """样品形态."""
    sample_kind: Printed = ""
    sample_nature: Printed = ""
    is_export: bool = False
    origin_country: Printed = ""
    barcode: Printed = ""
    seal_no: Name
    """封样编号."""
    producer: Reference | None = None
    """标识生产企业: the nominal producer."""
    producer_licence: Printed = ""
    producer_region: Region | None = None
    consigned_production: bool = False
    consignor: Reference | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        portions = self.test_quantity + self.duplicate_quantity + self.reserve_quantity
        if portions != self.quantity:
            message = (
                f"the portions for test, duplicate and reserve add up to {portions} {self.quantity_unit} and the form "
                f"says {self.quantity}: correct one of them"
            )
            raise ValueError(message)
        if len(set(self.samplers)) < len(self.samplers):
            message = "the same sampler stands on the form twice: two different persons take a sample"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _names_nobody(self) -> Self:
        for name in ("sampled_unit", "producer", "consignor"):
            said = getattr(self, name)
            if said and (ric.is_valid(said) or _MOBILE.fullmatch(said)):
                message = (
                    f"{name} is a person's identity or telephone number, which must not enter an event: write the "
                    "unified social credit code, or an opaque number of the agency's own"
                )
                raise ValueError(message)
        return self

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Sample {self.sample_no} taken: {self.product} at {self.place_kind.value}, township {self.township}."


class SampleHandedOver(PartnerEvent):
    """A sampler passed a sealed sample on, to the laboratory, another sampler or a carrier."""

    TYPE: ClassVar = "sampler.sample.handed_over.v1"

    sample_no: Reference
    handed_at: Instant
    to: Holder
    """Such as lab.L0142, sampler.S02 or carrier.SF-0471: an id, never a name."""
    seal_no: Name
    seal_intact: bool
    temperature: Celsius | None = None
    note: Printed = ""

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Sample {self.sample_no} handed to {self.to}, seal {self.seal_no}."


class SampleReceived(PartnerEvent):
    """A laboratory took a sample whose seal, form and condition were in order; the period for its report runs."""

    TYPE: ClassVar = "lab.sample.received.v1"

    sample_no: Reference
    portion: Literal["test", "reserve"] = "test"
    """The reserve portion is what a re-inspection is made on."""
    received_at: Instant
    seal_no: Name
    seal_intact: Literal[True] = True
    temperature: Celsius | None = None
    agreed_days: Annotated[int, Field(ge=1, le=180)] | None = None
    """Working days for the report, where another period was agreed in writing."""
    note: Printed = ""

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Sample {self.sample_no} ({self.portion} portion) received, seal {self.seal_no}."


class ReceiptRefusal(StrEnum):
    """Why a laboratory does not take a sample."""

    SEAL_BROKEN = "seal_broken"
    FORM_DIFFERS = "form_differs"
    TEMPERATURE = "temperature"
    SPOILED = "spoiled"
    TOO_LITTLE = "too_little"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER = "other"


class SampleRefused(PartnerEvent):
    """A laboratory refuses a sample in writing; another has to be taken."""

    TYPE: ClassVar = "lab.sample.refused.v1"

    sample_no: Reference
    refused_at: Instant
    ground: ReceiptRefusal
    why: Stated

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Sample {self.sample_no} refused ({self.ground.value}): {self.why}"


class ReplacementRequired(Event):
    """A laboratory refused a sample: another has to be taken in its place."""

    TYPE: ClassVar = "food.replacement.required.v1"

    sample_no: str
    laboratory: str
    ground: ReceiptRefusal
    why: str
    product: str
    township: str
    sampled_unit: str
    plan_no: str | None

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return (
            f"Laboratory {self.laboratory} refused sample {self.sample_no} ({self.ground.value}); another sample of "
            f"{self.product} has to be taken."
        )


class SampleRegistered(Event):
    """A sample stands on the exchange with its form; warnings say which national cap it breaks."""

    TYPE: ClassVar = "food.sample.registered.v1"

    sample_no: str
    plan_no: str | None
    township: str
    place_kind: PlaceKind
    track: Track
    category: str
    subcategory: str
    product: str
    producer: str | None
    sampled_unit: str
    laboratory: str | None
    sampled_at: Instant
    warnings: tuple[Reason, ...] = ()

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        warned = "".join(f" Warning: {warning.text}" for warning in self.warnings)
        return f"Sample {self.sample_no} registered: {self.product} from {self.place_kind.value}.{warned}"


class CustodyRecorded(Event):
    """A sample changed hands, was taken by a laboratory or refused by it."""

    TYPE: ClassVar = "food.custody.recorded.v1"

    sample_no: str
    step: Literal["handed_over", "received", "reserve_received", "refused"]
    by: str
    """Who says so, such as sampler.S01."""
    to: str
    at: Instant
    seal_no: str = ""
    seal_intact: bool | None = None
    temperature: Decimal | None = None
    text: str = ""
    """A refusal's grounds in writing, or a note."""

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        more = f": {self.text}" if self.text else ""
        return f"Sample {self.sample_no} {self.step.replace('_', ' ')} by {self.by}, now with {self.to}{more}."
