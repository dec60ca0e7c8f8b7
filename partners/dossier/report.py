"""What an officer writes for ``shian case report``, in one TOML file: the documents of the dossier are made of it.

It holds names, so it is read, checked and rendered on the officer's machine; what an event says of it are hashes and
references.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from partners.dossier.parties import Line, Officer, Operator, Person, Telephone, Written
from partners.dossier.personal import PersonalData, found_in
from partners.office.documents import event_of
from shared.contracts import EvidenceKind
from shared.contracts.case_step import WrittenReason
from shared.contracts.case_work import Offence
from shared.contracts.event import Day, Reference

MADE = (EvidenceKind.TRANSFER_LETTER, EvidenceKind.INVESTIGATION_REPORT, EvidenceKind.GOODS_LIST)
"""The documents that are rendered from this file."""
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=50_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
]
"""A text of several paragraphs, a line each."""


class Goods(Written):
    """One entry of the list of goods (涉案物品清单)."""

    name: Line
    specification: Line | None = None
    batch: Line | None = None
    """批号 or day of production."""
    quantity: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=3)]
    unit: Annotated[Line, StringConstraints(max_length=10)]
    value_yuan: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)] | None = None
    """货值; left out where it is not known."""
    custody: Literal["seized", "sealed", "none"]
    """扣押, 查封, or neither."""
    kept_at: Line | None = None


class Evidence(Written):
    """Evidence that the report relies on; its file is in the dossier under this number."""

    reference: Reference
    kind: EvidenceKind
    shows: Line
    """What it shows (证明内容)."""


class Ground(Written):
    """A provision that the report relies on."""

    citation: Line
    """Such as 《中华人民共和国刑法》第一百四十四条."""
    applies: Line | None = None
    """Why it applies."""


class CaseReport(Written):
    """The investigation report, the letter's own particulars, and the list of goods of one case."""

    case_no: Reference
    offence: Offence
    agency: Line
    written_on: Day
    report_no: Line
    """文号 of the investigation report."""
    letter_no: Line
    """文号 of the transfer letter."""
    police: Line
    """To whom the letter is addressed (同级公安机关)."""
    procuratorate: Line
    """Who gets the copy (同级人民检察院)."""
    contact: Annotated[Line, PersonalData()] | None = None
    contact_telephone: Annotated[Telephone, PersonalData()] | None = None
    source: Prose
    """案件来源."""
    summary: Annotated[Prose, StringConstraints(max_length=5000)]
    """简要案情, for the letter."""
    facts: Prose
    """查明的事实."""
    proposal: Prose
    """处理意见."""
    opinion_pending: WrittenReason | None = None
    """Why an expert opinion is still awaited; this text goes into an event."""
    officers: Annotated[tuple[Officer, ...], Field(alias="officer", min_length=2, max_length=10)]
    persons: Annotated[tuple[Person, ...], Field(alias="person", max_length=200)] = ()
    operators: Annotated[tuple[Operator, ...], Field(alias="operator", max_length=100)] = ()
    grounds: Annotated[tuple[Ground, ...], Field(alias="ground", min_length=1, max_length=50)]
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=200)]
    goods: Annotated[tuple[Goods, ...], Field(min_length=1, max_length=5000)]

    @property
    def printed(self) -> tuple[str, ...]:
        """The free texts that the documents print."""
        return (
            *(self.source, self.summary, self.facts, self.proposal),
            *(ground.applies or "" for ground in self.grounds),
            *(evidence.shows for evidence in self.evidence),
        )

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        faults = [*self._references(), *self._names()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _references(self) -> Iterable[str]:
        persons = [person.ref for person in self.persons]
        refs = ([entry.ref for entry in self.officers], persons, [entry.ref for entry in self.operators])
        for entries in (*refs, [evidence.reference for evidence in self.evidence]):
            yield from (f"{ref} stands twice; give each its own" for ref, n in Counter(entries).items() if n > 1)
        for operator in self.operators:
            if operator.legal_representative and operator.legal_representative not in persons:
                yield f"operator {operator.ref} names {operator.legal_representative}, who is no person of this file"
        for one in self.evidence:
            if one.kind in MADE:
                yield f"{one.reference} is of a kind that is made from this file; leave it out of the evidence"
        if not self.operators and all(person.role != "suspect" for person in self.persons):
            yield "nobody is suspected; name an operator, or a person whose role is suspect"

    def _names(self) -> Iterable[str]:
        for where in found_in(self.opinion_pending or "", self):
            yield f"opinion_pending goes into an event and says what stands in {where}; write the reference instead"
        for informant in (person for person in self.persons if person.role == "informant"):
            if any(found_in(text, informant) for text in self.printed):
                yield f"a printed text says who informant {informant.ref} is; write {informant.ref} instead"


def report_of(path: Path) -> CaseReport:
    """Read an officer's file; raises FaultyInputError with every fault and its line."""
    return event_of(CaseReport, path)
