"""What the police and the procuratorate answer in a case, each under its own prefix."""

from typing import ClassVar, Literal

from shared.contracts.case_step import CaseStep, WrittenReason
from shared.contracts.event import Region


class PoliceReceived(CaseStep):
    """The police signed the receipt of a transferred case (送达回执)."""

    TYPE: ClassVar = "police.case.received.v1"

    def sentence(self) -> str:
        return f"The police received case {self.case_no}."


class PoliceRedirected(CaseStep):
    """The police passed a case on to the police in whose jurisdiction it lies."""

    TYPE: ClassVar = "police.case.redirected.v1"

    to: Region
    """The region of those police."""
    why: WrittenReason

    def sentence(self) -> str:
        return f"Case {self.case_no} is passed on to the police of {self.to}: {self.why}"


class PoliceTookLonger(CaseStep):
    """The police found a case complex, and take the longer period to decide."""

    TYPE: ClassVar = "police.case.found_complex.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The police find case {self.case_no} complex: {self.why}"


class PoliceFiled(CaseStep):
    """The police filed a case for investigation (立案)."""

    TYPE: ClassVar = "police.case.filed.v1"

    def sentence(self) -> str:
        return f"The police filed case {self.case_no} for investigation."


class PoliceDeclined(CaseStep):
    """The police decided not to file a case (不予立案), with the reason, and return the file."""

    TYPE: ClassVar = "police.case.declined.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The police do not file case {self.case_no}: {self.why}"


class PoliceUpheld(CaseStep):
    """The police reconsidered, and still do not file a case."""

    TYPE: ClassVar = "police.case.decline_upheld.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The police still do not file case {self.case_no}: {self.why}"


class PoliceExplained(CaseStep):
    """The police told the procuratorate in writing why they did not file a case."""

    TYPE: ClassVar = "police.case.explained.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The police explain why they did not file case {self.case_no}: {self.why}"


class PoliceReturned(CaseStep):
    """The police found no crime but an offence, and return a filed case for an administrative penalty."""

    TYPE: ClassVar = "police.case.returned.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The police return case {self.case_no} for an administrative penalty: {self.why}"


class ReasonsDemanded(CaseStep):
    """The procuratorate demanded the reasons for which the police did not file a case (要求说明不立案理由)."""

    TYPE: ClassVar = "procuratorate.case.reasons_demanded.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The procuratorate demands the reasons in case {self.case_no}: {self.why}"


class ReasonsAccepted(CaseStep):
    """The procuratorate found that the police had reason not to file a case."""

    TYPE: ClassVar = "procuratorate.case.reasons_accepted.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The procuratorate accepts the reasons in case {self.case_no}: {self.why}"


class FilingOrdered(CaseStep):
    """The procuratorate ordered the police to file a case (通知立案)."""

    TYPE: ClassVar = "procuratorate.case.filing_ordered.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The procuratorate orders the police to file case {self.case_no}: {self.why}"


class OpinionIssued(CaseStep):
    """The procuratorate issued an opinion (检察意见) to an agency that keeps a case, hides goods, or fines instead."""

    TYPE: ClassVar = "procuratorate.case.opinion_issued.v1"

    concerns: Literal["not_transferred", "goods_hidden", "fined_instead"]
    why: WrittenReason

    def sentence(self) -> str:
        return f"Opinion of the procuratorate on case {self.case_no} ({self.concerns.replace('_', ' ')}): {self.why}"


class ProcuratorateReturned(CaseStep):
    """The procuratorate does not prosecute, and returns a filed case for an administrative penalty."""

    TYPE: ClassVar = "procuratorate.case.returned.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"The procuratorate returns case {self.case_no} for an administrative penalty: {self.why}"


class CaseProsecuted(CaseStep):
    """The procuratorate prosecuted a filed case (提起公诉)."""

    TYPE: ClassVar = "procuratorate.case.prosecuted.v1"

    def sentence(self) -> str:
        return f"Case {self.case_no} is prosecuted."


class CaseJudged(CaseStep):
    """The procuratorate told the court's judgment in a prosecuted case."""

    TYPE: ClassVar = "procuratorate.case.judged.v1"

    outcome: Literal["convicted", "acquitted", "exempt_from_punishment"]

    def sentence(self) -> str:
        return f"The court's judgment in case {self.case_no}: {self.outcome.replace('_', ' ')}."


class JointSupervision(CaseStep):
    """The procuratorate put a major case under joint supervision (联合挂牌督办)."""

    TYPE: ClassVar = "procuratorate.case.supervised_jointly.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"Case {self.case_no} is under joint supervision: {self.why}"
