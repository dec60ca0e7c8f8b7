"""The exchange's judgement of a sample: passed, failed, or unclear with the reason."""

from abc import abstractmethod
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Part, Person, Region


class Verdict(StrEnum):
    """What a determination, or a whole sample, came out as."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNCLEAR = "unclear"


class JudgementReason(StrEnum):
    """Why a determination passes, fails or is unclear: the closed list."""

    # passes
    WITHIN_MAXIMUM = "within_maximum"
    WITHIN_MINIMUM = "within_minimum"
    NOT_DETECTED = "not_detected"
    NOT_FOUND = "not_found"
    WITHIN_PLAN = "within_plan"
    WITHIN_DECLARED = "within_declared"
    # fails
    ABOVE_MAXIMUM = "above_maximum"
    BELOW_MINIMUM = "below_minimum"
    DETECTED = "detected"
    NOT_PERMITTED = "not_permitted"
    UNIT_ABOVE_M = "unit_above_M"
    TOO_MANY_ABOVE_M = "too_many_above_m"
    OFF_DECLARED = "off_declared"
    # unclear
    NO_RESULT = "no_result"
    NO_LIMIT = "no_limit"
    RESULT_UNREADABLE = "result_unreadable"
    RESULT_INCONCLUSIVE = "result_inconclusive"
    LIMIT_UNREADABLE = "limit_unreadable"
    EXPONENT_LOST = "exponent_lost"
    COMPARATOR_MISSING = "comparator_missing"
    UNIT_MISSING = "unit_missing"
    UNIT_MISMATCH = "unit_mismatch"
    UNITS_INCOMPLETE = "units_incomplete"
    LIMIT_CORRUPT = "limit_corrupt"
    LIMIT_DISPUTED = "limit_disputed"
    LOD_MISSING = "lod_missing"
    REINSPECTION_DIFFERS = "reinspection_differs"
    LABEL_CASE = "label_case"
    CATEGORY_AMBIGUOUS = "category_ambiguous"
    EDITION_AMBIGUOUS = "edition_ambiguous"
    NEEDS_SPECIATION = "needs_speciation"
    NOT_CONFIRMED = "not_confirmed"
    BASIS_UNKNOWN = "basis_unknown"
    PARTS_MISSING = "parts_missing"
    PERSON_DECIDED = "person_decided"
    DATE_UNREADABLE = "date_unreadable"


class LimitSource(StrEnum):
    """Who stated the limit that decided."""

    LABORATORY = "laboratory"
    CATALOGUE = "catalogue"
    BOTH = "both"
    NONE = "none"


class Hazard(StrEnum):
    """What kind of danger an analyte is."""

    VETERINARY_DRUG = "veterinary_drug"
    PESTICIDE = "pesticide"
    METAL = "metal"
    MYCOTOXIN = "mycotoxin"
    MICROBIOLOGY = "microbiology"
    PATHOGEN = "pathogen"
    ADDITIVE = "additive"
    CONTAMINANT = "contaminant"
    NON_FOOD = "non_food"
    QUALITY = "quality"
    LABEL = "label"
    UNKNOWN = "unknown"


class LegalClass(StrEnum):
    """What the law makes of a substance, beside any limit."""

    PROHIBITED = "prohibited"
    """On a list of what must never be in food or be used on it."""
    TREATMENT_ONLY = "treatment_only"
    """May be used for treatment and must not be detected in food."""
    DISCONTINUED = "discontinued"
    """A drug that was taken out of use."""
    LIMITED = "limited"
    """Allowed up to a limit."""


class Finding(Part):
    """One determination with its verdict."""

    analyte: str
    """As the laboratory printed it."""
    substance: str
    """The reviewed name that aliases, metabolites and salts lead to; the analyte itself where no alias is known."""
    hazard: Hazard
    result: str
    limit: str
    """The limit as the laboratory printed it."""
    verdict: Verdict
    reason: JudgementReason
    explanation: str
    limit_used: str = ""
    limit_source: LimitSource = LimitSource.NONE
    standard: str = ""
    """The catalogue's standard, where the catalogue had a say or informs."""
    verified: bool | None = None
    """Whether the catalogue row was checked against the official text; none where no row was used."""
    legal_class: LegalClass | None = None
    """Of the substance on the production date; none where no list and no limit names it."""
    ratio: Decimal | None = None
    """Result over limit in the same unit, where both are numbers; the largest unit over M for a sampling plan."""


class SampleJudged(Event):
    """What every judgement of a sample says."""

    sample_no: str
    report_no: str
    laboratory: str
    product: str
    category: str
    subcategory: str = ""
    production_date: date | None = None
    concluded_on: date
    """Day of the laboratory's conclusion; the day on which it told its report where it named none."""
    producer: str | None = None
    seller: str | None = None
    producer_region: Region | None = None
    findings: tuple[Finding, ...]
    supersedes: str = ""
    """Number of the report whose place this one takes, where the laboratory corrected it."""
    settled_by: Person | None = None
    """Who decided, where the exchange could not."""
    settled_because: str = ""
    """The person's reason."""
    reserve_until: date | None = None
    """Last day on which the laboratory keeps the reserve portion."""
    place_kind: str = ""
    """Where it was taken, from the sampling form."""
    track: str = ""
    """``farm`` or ``market``: which law sets the periods."""

    @property
    def identity(self) -> tuple[str, str]:
        """Laboratory and number of the report: no other has both."""
        return self.laboratory, self.report_no

    @property
    def about(self) -> str:
        return self.sample_no

    @property
    @abstractmethod
    def verdict(self) -> Verdict:
        """The verdict on the whole sample."""

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that carry the verdict."""
        return tuple(finding for finding in self.findings if finding.verdict is self.verdict)

    @property
    def substances(self) -> tuple[str, ...]:
        """The substances of the findings that carry the verdict, each once, in their order."""
        return tuple(dict.fromkeys(finding.substance for finding in self.decisive))

    def sentence(self) -> str:
        reasons = "; ".join(f"{finding.analyte}: {finding.explanation}" for finding in self.decisive)
        by = f", decided by {self.settled_by} ({self.settled_because})" if self.settled_by else ""
        return f"Sample {self.sample_no} ({self.product}) {self.verdict.value}{by}: {reasons}"


class SamplePassed(SampleJudged):
    """Every determination of a sample keeps its limit."""

    TYPE: ClassVar = "food.sample.passed.v1"

    @property
    def verdict(self) -> Verdict:
        return Verdict.PASS


class SampleFailed(SampleJudged):
    """A determination of a sample breaks its limit (不合格样品)."""

    TYPE: ClassVar = "food.sample.failed.v1"

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAIL


class SampleUnclear(SampleJudged):
    """No determination fails, and one cannot be decided without a person."""

    TYPE: ClassVar = "food.sample.unclear.v1"

    @property
    def verdict(self) -> Verdict:
        return Verdict.UNCLEAR


class OverturnReason(StrEnum):
    """Why a failed sample no longer counts as failed."""

    REINSPECTION_PASSED = "reinspection_passed"
    OBJECTION_SUSTAINED = "objection_sustained"
    REPORT_CORRECTED = "report_corrected"
    REPORT_WITHDRAWN = "report_withdrawn"


class SampleOverturned(Event):
    """A failed sample no longer counts as failed: whatever rests on that report's failure is undone."""

    TYPE: ClassVar = "food.sample.overturned.v1"

    sample_no: str
    report_no: str
    """The report whose failure is overturned."""
    laboratory: str
    product: str
    reason: OverturnReason
    explanation: str
    by: str
    """Who brought it about: a laboratory or an officer, such as lab.L0200."""

    @property
    def identity(self) -> tuple[str, str]:
        """Laboratory and number of the report: no other has both."""
        return self.laboratory, self.report_no

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Sample {self.sample_no} ({self.product}) is overturned ({self.reason.value}): {self.explanation}"


class VerdictDisagreed(Event):
    """The laboratory's own verdict on a sample and the exchange's differ; the exchange's stands until someone looks."""

    TYPE: ClassVar = "food.verdict.disagreed.v1"

    sample_no: str
    report_no: str
    laboratory: str
    stated: str
    """As the report prints it, such as 合格样品."""
    judged: Verdict
    explanation: str

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return f"Sample {self.sample_no}: the laboratory says {self.stated}, the exchange {self.judged.value}."


class ResultWaiting(Event):
    """A report came in before the sampling form of its sample; it is kept, and judged when the form is there."""

    TYPE: ClassVar = "food.result.waiting.v1"

    sample_no: str
    report_no: str
    laboratory: str
    product: str
    preliminary: Verdict
    """What the report by itself would come out as, so that nobody overlooks a danger while the form is missing."""

    @property
    def about(self) -> str:
        return self.sample_no

    def sentence(self) -> str:
        return (
            f"Report {self.report_no} on sample {self.sample_no} ({self.product}) waits for its sampling form; "
            f"by itself it would be {self.preliminary.value}."
        )
