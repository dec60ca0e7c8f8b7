"""What officers and the head of the agency (行政执法机关负责人) do in a case, from the evidence to its closing."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.case_step import CaseStep, WrittenReason
from shared.contracts.dossier import Digest, EvidenceItem

Offence = Literal["140", "143", "144", "225"]
"""Article of the Criminal Law that a report names: 伪劣产品, 不符合安全标准的食品, 有毒有害食品, 非法经营."""

_SHORT = 12
"""Characters of a digest that a sentence shows."""


class EvidenceAdded(CaseStep):
    """An officer put evidence into a case's dossier."""

    TYPE: ClassVar = "officer.case.evidence_added.v1"

    items: Annotated[tuple[EvidenceItem, ...], Field(min_length=1, max_length=200)]

    def sentence(self) -> str:
        kinds = ", ".join(f"{item.kind.value} {item.reference}" for item in self.items)
        return f"Evidence is added to case {self.case_no}: {kinds}."


class ReportSubmitted(CaseStep):
    """An officer submitted the investigation report that proposes the transfer, and signs it thereby."""

    TYPE: ClassVar = "officer.case.reported.v1"

    offence: Offence
    items: Annotated[tuple[EvidenceItem, ...], Field(min_length=1, max_length=200)]
    """Among them the report, the transfer letter and the list of goods."""
    opinion_pending: WrittenReason | None = None
    """Why an expert opinion is still awaited, where neither it nor a test report is in the dossier."""

    def sentence(self) -> str:
        return f"A report on case {self.case_no} proposes its transfer under Art {self.offence} of the Criminal Law."


class ReportSigned(CaseStep):
    """A second officer signed the investigation report over one state of the dossier."""

    TYPE: ClassVar = "officer.case.signed.v1"

    dossier: Digest

    def sentence(self) -> str:
        return f"The report on case {self.case_no} is signed over the dossier {self.dossier[:_SHORT]}."


class ReportWithdrawn(CaseStep):
    """An officer took the report back before the head decided on it."""

    TYPE: ClassVar = "officer.case.report_withdrawn.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The report on case {self.case_no} is taken back: {self.why}"


class HeadApproved(CaseStep):
    """The head of the agency approved the transfer of a case to the police."""

    TYPE: ClassVar = "head.case.approved.v1"

    dossier: Digest

    def sentence(self) -> str:
        return f"The transfer of case {self.case_no} is approved over the dossier {self.dossier[:_SHORT]}."


class HeadRefused(CaseStep):
    """The head of the agency refused the transfer of a case, with the reason."""

    TYPE: ClassVar = "head.case.refused.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The transfer of case {self.case_no} is refused: {self.why}"


class TransferSent(CaseStep):
    """An officer handed an approved case over to the police of the same level."""

    TYPE: ClassVar = "officer.case.transferred.v1"

    dossier: Digest

    def sentence(self) -> str:
        return f"Case {self.case_no} is transferred with the dossier {self.dossier[:_SHORT]}."


class ReconsiderationRequested(CaseStep):
    """The agency asked the police to reconsider that they do not file a case."""

    TYPE: ClassVar = "officer.case.reconsideration_requested.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The police are asked to reconsider case {self.case_no}: {self.why}"


class SupervisionSuggested(CaseStep):
    """The agency suggested to the procuratorate that it supervises the filing of a case (立案监督)."""

    TYPE: ClassVar = "officer.case.supervision_suggested.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The procuratorate is asked to supervise the filing of case {self.case_no}: {self.why}"


class GoodsHandedOver(CaseStep):
    """The agency handed goods and remaining material of a filed case over to the police."""

    TYPE: ClassVar = "officer.case.goods_handed_over.v1"

    receipt: Digest
    """Of the signed list (交接清单), which stays in the evidence folder."""

    def sentence(self) -> str:
        return f"The goods of case {self.case_no} are handed over, receipt {self.receipt[:_SHORT]}."


class CaseClosed(CaseStep):
    """An officer closed a case, with the reason."""

    TYPE: ClassVar = "officer.case.closed.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"Case {self.case_no} is closed: {self.why}"


class CaseFacts(CaseStep):
    """An officer stated facts about a case that no laboratory measures; one that is left out stays as it was."""

    TYPE: ClassVar = "officer.case.facts_stated.v1"

    sales_yuan: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)] | None = None
    """生产、销售金额."""
    gain_yuan: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)] | None = None
    """违法所得."""
    months: Annotated[int, Field(ge=0, le=1200)] | None = None
    """For how long it went on, in whole months."""
    meat: Literal["sick", "dead", "cause_of_death_unknown", "not_inspected", "failed_inspection"] | None = None
    """What the meat comes from."""
    banned_for_disease_control: bool | None = None
    """Whether the product was banned by the State to control a disease."""
    nutrients_seriously_off: bool | None = None
    """Whether an infant or special food lacks nutrients so far that it seriously fails its standard."""
    can_cause_serious_harm: bool | None = None
    """Whether an expert opinion says that it is enough to cause serious food poisoning or another serious illness."""
    expired_or_recalled_reused: bool | None = None
    """Whether expired or recalled food was used again or given another date."""
    illegal_trade: Literal["slaughter", "banned_drugs", "non_food_material"] | None = None
    """Slaughter without permission, or sale of what is banned in food or farming."""
    place_kind: Literal["school", "kindergarten", "elder_home", "near_school", "none"] | None = None
    """Where it was sold."""
    for_infants_or_patients: bool | None = None
    """Whether it is mainly for infants or is special medical food."""
    earlier_penalty: bool | None = None
    """Whether a penalty or conviction of the same kind lies within two years."""
    no_purchase_vouchers: bool | None = None
    price_clearly_below_market: bool | None = None
    sold_after_warning: bool | None = None
    """Whether it was still sold after a ban or a food-safety warning."""
    deaths: Annotated[int, Field(ge=0, le=100_000)] | None = None
    seriously_injured: Annotated[int, Field(ge=0, le=100_000)] | None = None
    lightly_injured: Annotated[int, Field(ge=0, le=100_000)] | None = None
    severely_poisoned: Annotated[int, Field(ge=0, le=100_000)] | None = None
    evidence: tuple[Digest, ...] = ()
    """The items of the dossier that show it."""

    @property
    def stated(self) -> dict[str, str]:
        """The facts that it states, by field, as text."""
        given = self.model_dump(mode="json", exclude_none=True, exclude={"case_no", "version", "at", "evidence"})
        return {name: str(value) for name, value in given.items()}

    def sentence(self) -> str:
        facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in self.stated.items())
        return f"Facts of case {self.case_no}: {facts}."
