"""The case on a failed sample, and whether it is referred to the police and the procuratorate."""

from enum import StrEnum
from typing import ClassVar, Literal

from shared.contracts.event import Event, Reason


class CaseTold(Event):
    """What every telling of a case says."""

    case_no: str
    sample_no: str
    laboratory: str
    report_no: str
    version: int | None = None
    """Of the case from then on; none in what was told before cases counted their steps."""

    @property
    def about(self) -> str:
        return self.case_no

    @property
    def trace(self) -> str:
        return self.sample_no


class CaseOpened(CaseTold):
    """A failed sample opened an administrative case (核查处置)."""

    TYPE: ClassVar = "case.opened.v1"

    producer: str | None
    product: str
    substances: tuple[str, ...]

    def sentence(self) -> str:
        return (
            f"Case {self.case_no} opened for sample {self.sample_no}: {'、'.join(self.substances)} in {self.product}."
        )


class CaseJoined(CaseTold):
    """A failed sample joined the open case of the same producer, lot and matter."""

    TYPE: ClassVar = "case.joined.v1"

    def sentence(self) -> str:
        return f"Sample {self.sample_no} joined case {self.case_no}."


class CaseReferred(CaseTold):
    """A case meets a referral rule: police and procuratorate are informed at once; this is not the formal transfer."""

    TYPE: ClassVar = "case.referred.v1"

    addressees: tuple[Literal["police"], Literal["procuratorate"]] = ("police", "procuratorate")
    standing: Literal["information, not a transfer; starts no clock"] = "information, not a transfer; starts no clock"
    product: str
    producer: str | None
    seller: str | None
    reasons: tuple[Reason, ...]
    strength: str = "candidate"
    """``strong`` where checked data show every objective element of the offence; else ``candidate``."""
    aggravation: tuple[Reason, ...] = ()
    """Facts that would weigh in the case; nothing is concluded from them."""

    def sentence(self) -> str:
        rules = ", ".join(reason.rule for reason in self.reasons)
        return f"Case {self.case_no} referred to police and procuratorate ({rules}): {self.reasons[0].text}"


class DeclineReason(StrEnum):
    """Why a failed sample stays an administrative case."""

    NOT_ON_A_LIST = "not_on_a_list"
    OUT_OF_SCOPE = "out_of_scope"
    BEFORE_LISTING = "before_listing"
    TREATMENT_ONLY = "treatment_only"
    DISCONTINUED = "discontinued"
    CROP_RESTRICTED = "crop_restricted"
    NOT_DETECTED = "not_detected"


class ReferralDeclined(CaseTold):
    """No referral rule is met: the case stays administrative, with the reason."""

    TYPE: ClassVar = "case.referral.declined.v1"

    reason: DeclineReason
    reasons: tuple[Reason, ...]

    def sentence(self) -> str:
        return f"Case {self.case_no} stays administrative ({self.reason.value}): {self.reasons[0].text}"


class ReferralWithdrawn(CaseTold):
    """A referred sample was overturned: police and procuratorate are told that it no longer counts."""

    TYPE: ClassVar = "case.referral.withdrawn.v1"

    addressees: tuple[Literal["police"], Literal["procuratorate"]] = ("police", "procuratorate")
    explanation: str

    def sentence(self) -> str:
        return f"Case {self.case_no}: the referral of sample {self.sample_no} is withdrawn: {self.explanation}"


class CaseWithdrawn(CaseTold):
    """The last failed sample of a case was overturned: nothing is left of the case."""

    TYPE: ClassVar = "case.withdrawn.v1"

    explanation: str

    def sentence(self) -> str:
        return f"Case {self.case_no} withdrawn: {self.explanation}"


class SampleLeftCase(CaseTold):
    """A failed sample of a case was overturned; others remain, or the police have filed the case already."""

    TYPE: ClassVar = "case.sample.left.v1"

    explanation: str

    def sentence(self) -> str:
        return f"Sample {self.sample_no} left case {self.case_no}: {self.explanation}"
