"""A laboratory's report on one sample, and the exchange's receipts for it."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from shared.contracts.event import Day, Event, Name, Part, PartnerEvent, Printed, Reference, Region


class Determination(Part):
    """One analyte of a report (检验项目), with result and limit exactly as printed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    analyte: Name
    result: Printed
    limit: Printed
    lod: Printed = ""
    """Limit of detection with its unit, as printed."""
    loq: Printed = ""
    """Limit of quantification with its unit, as printed."""
    method: Printed = ""
    """Test method, such as ``GB 5009.123-2014``."""


class ResultReported(PartnerEvent):
    """A laboratory finished its report (检验报告) on one sample."""

    TYPE: ClassVar = "lab.result.reported.v1"

    report_no: Reference
    sample_no: Reference
    product: Name
    category: Name
    """National food category (食品大类), such as 食用农产品."""
    subcategory: Printed = ""
    production_date: Day | None = None
    concluded_on: Day | None = None
    """Day on which the laboratory reached its conclusion; the clock of a failed result starts here."""
    producer: Reference | None = None
    seller: Reference | None = None
    producer_region: Region | None = None
    determinations: Annotated[tuple[Determination, ...], Field(min_length=1, max_length=200)]

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        analytes = "、".join(determination.analyte for determination in self.determinations)
        return f"Report {self.report_no} on sample {self.sample_no}: {self.product}, {analytes}."


class RejectionReason(StrEnum):
    """Why the exchange did not take a laboratory's report."""

    NOT_JSON = "not_json"
    WRONG_SCHEMA = "wrong_schema"
    UNKNOWN_TYPE = "unknown_type"
    SPEAKS_FOR_ANOTHER = "speaks_for_another"
    WRONG_REGION = "wrong_region"
    FUTURE_DATE = "future_date"
    NEGATIVE_RESULT = "negative_result"
    LOD_ABOVE_LOQ = "lod_above_loq"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    EVENT_ID_REUSED = "event_id_reused"
    REPEATED = "repeated"
    CHANGED = "changed"
    NOT_ANSWERED = "not_answered"


class ResultRejected(Event):
    """The exchange refused a report; the receipt says what is wrong, where, and what to do."""

    TYPE: ClassVar = "receipt.result.rejected.v1"

    laboratory: Name
    reason: RejectionReason
    where: str
    """The field, as a path such as ``data.determinations.0.result``, or the subject."""
    explanation: str
    event_id: str = ""
    report_no: str = ""
    sample_no: str = ""

    @property
    def about(self) -> str:
        return self.report_no or self.event_id or self.laboratory

    @property
    def trace(self) -> str:
        return self.sample_no or self.about

    def sentence(self) -> str:
        report = f"report {self.report_no}" if self.report_no else f"message {self.event_id or '(no id)'}"
        return f"Laboratory {self.laboratory}: {report} refused ({self.reason}): {self.explanation}"


class Receipt(Part):
    """What became of one report."""

    event_id: str
    report_no: str
    sample_no: str
    verdict: str


class ResultsAccepted(Event):
    """The exchange took a laboratory's reports and judged them; one receipt may cover several reports."""

    TYPE: ClassVar = "receipt.result.accepted.v1"

    laboratory: Name
    receipts: tuple[Receipt, ...]

    @property
    def about(self) -> str:
        return self.receipts[0].report_no

    @property
    def trace(self) -> str:
        return self.receipts[0].sample_no

    def sentence(self) -> str:
        return f"Laboratory {self.laboratory}: {len(self.receipts)} report(s) accepted."
