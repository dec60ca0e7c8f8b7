"""The administrative side of a case: goods seized, penalties on operators and on persons (处罚到人), major cases."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.case_step import CaseStep, WrittenReason
from shared.contracts.dossier import Digest
from shared.contracts.event import Day, Part, Reference

PenaltyKind = Literal["warning", "fine", "confiscation", "licence", "closure", "ban"]
"""警告, 罚款, 没收, 吊销或暂扣许可证件, 责令停产停业, 限制从业 (行政处罚法 Art 9)."""
Yuan = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class PersonPenalty(Part):
    """A penalty on a person, who is a number in the case file and nothing else."""

    person: Annotated[str, StringConstraints(pattern=r"^P[1-9][0-9]{0,2}$")]
    """Such as P1."""
    role: Literal["legal_representative", "person_in_charge", "directly_responsible", "other"]
    fine_yuan: Yuan = Decimal(0)
    barred_until: Day | None = None
    """Last day of a ban from the food trade."""
    barred_for_life: bool = False


class PenaltyDecided(CaseStep):
    """The agency decided a penalty."""

    TYPE: ClassVar = "officer.case.penalty_decided.v1"

    penalty_no: Reference
    """处罚决定书文号, as an opaque number."""
    operator: Reference
    kinds: Annotated[tuple[PenaltyKind, ...], Field(min_length=1, max_length=6)]
    fine_yuan: Yuan = Decimal(0)
    confiscated_yuan: Yuan = Decimal(0)
    persons: Annotated[tuple[PersonPenalty, ...], Field(max_length=100)] = ()
    law: WrittenReason
    """The law and article that it rests on."""
    serious: bool = False
    """Whether the circumstances are serious (情节严重)."""

    @model_validator(mode="after")
    def _amounts_agree(self) -> Self:
        if (self.fine_yuan > 0) != ("fine" in self.kinds):
            message = "a fine needs its amount in fine_yuan, and an amount the kind fine; make them agree"
            raise ValueError(message)
        if self.confiscated_yuan > 0 and "confiscation" not in self.kinds:
            message = "an amount in confiscated_yuan needs the kind confiscation; make them agree"
            raise ValueError(message)
        return self

    @property
    def takes_money(self) -> bool:
        """Whether it fines or confiscates, which may not take the place of a transfer."""
        of_persons = any(person.fine_yuan for person in self.persons)
        return of_persons or not {"fine", "confiscation"}.isdisjoint(self.kinds)

    def sentence(self) -> str:
        amounts = f", {self.fine_yuan} yuan fined, {self.confiscated_yuan} yuan confiscated" if self.takes_money else ""
        persons = f", {len(self.persons)} persons" if self.persons else ""
        return (
            f"Penalty {self.penalty_no} in case {self.case_no} on {self.operator}: "
            f"{', '.join(self.kinds)}{amounts}{persons} ({self.law})."
        )


class PenaltyPublished(CaseStep):
    """The agency published a penalty."""

    TYPE: ClassVar = "officer.case.penalty_published.v1"

    penalty_no: Reference

    def sentence(self) -> str:
        return f"Penalty {self.penalty_no} in case {self.case_no} is published."


class GoodsSeized(CaseStep):
    """The agency sealed or seized goods (查封、扣押)."""

    TYPE: ClassVar = "officer.case.goods_seized.v1"

    papers: Digest
    """Of the decision, which stays in the evidence folder."""

    def sentence(self) -> str:
        return f"Goods of case {self.case_no} are seized."


class GoodsReleased(CaseStep):
    """The agency decided on seized goods: it gave them back, or had them destroyed."""

    TYPE: ClassVar = "officer.case.goods_released.v1"

    outcome: Literal["given_back", "destroyed", "sold"]

    def sentence(self) -> str:
        return f"Seized goods of case {self.case_no} are {self.outcome.replace('_', ' ')}."


class MajorCaseFlagged(CaseStep):
    """The agency flagged a major case for joint supervision (联合督办)."""

    TYPE: ClassVar = "officer.case.flagged_major.v1"

    why: WrittenReason

    def sentence(self) -> str:
        return f"Case {self.case_no} is flagged as major: {self.why}"
