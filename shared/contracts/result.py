"""A laboratory's report on one sample, its correction or withdrawal, and the exchange's receipts for it."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from shared.contracts.event import Day, Event, Name, Part, PartnerEvent, Printed, Reference, Region, Stated


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
    kind: Literal["", "screening", "confirmatory"] = ""
    """What the method can prove; where it is empty the method's own name decides (SSD2 ``anMethType``)."""
    basis: Printed = ""
    """What the amount is per, where that is not the food as it is: 干基, 脂肪, 100%酒精."""
    declared: Printed = ""
    """The value that the label states (标签明示值), with its unit, as printed."""


class Report(PartnerEvent):
    """What a laboratory's report says, whether it is the first on a sample or corrects an earlier one."""

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
    conclusion: Literal["", "合格样品", "不合格样品", "问题样品"] = ""
    """The laboratory's own verdict on the sample; the exchange compares it with its own."""
    determinations: Annotated[tuple[Determination, ...], Field(min_length=1, max_length=200)]

    @property
    def about(self) -> str:
        return self.sample_no

    @property
    def analytes(self) -> str:
        """What was determined, as printed."""
        return "、".join(determination.analyte for determination in self.determinations)


class ResultReported(Report):
    """A laboratory finished its report (检验报告) on one sample."""

    TYPE: ClassVar = "lab.result.reported.v1"

    def sentence(self) -> str:
        return f"Report {self.report_no} on sample {self.sample_no}: {self.product}, {self.analytes}."


class ResultCorrected(Report):
    """A laboratory corrects an earlier report of its own: the first is kept, the new one takes its place."""

    TYPE: ClassVar = "lab.result.corrected.v1"

    corrects: Reference
    """Number of the report that this one takes the place of; the new report has a number of its own."""
    why: Stated

    def sentence(self) -> str:
        return f"Report {self.report_no} on sample {self.sample_no} takes the place of {self.corrects}: {self.why}"


class ResultWithdrawn(PartnerEvent):
    """A laboratory withdraws a report of its own: nothing may rest on it any more."""

    TYPE: ClassVar = "lab.result.withdrawn.v1"

    report_no: Reference
    sample_no: Reference
    why: Stated

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Report {self.report_no} on sample {self.sample_no} is withdrawn: {self.why}"


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
    NOT_ACCREDITED = "not_accredited"
    OUT_OF_SCOPE = "out_of_scope"
    DIFFERS_FROM_FORM = "differs_from_form"
    NOT_REPORTED = "not_reported"


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
    """pass, fail or unclear; ``waiting`` where the report waits for its sampling form, ``withdrawn`` where it is."""
    supersedes: str = ""
    """Number of the report whose place it took; empty for a first report."""


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
