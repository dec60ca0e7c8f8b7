"""Whom a case concerns, and who worked on it: events know them by reference, only these entries know the names."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from stdnum.cn import ric

from partners.dossier.personal import PersonalData
from shared.contracts.event import PartyId, Reference

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""A short text on one line."""
PersonRef = Annotated[str, StringConstraints(pattern=r"^P[1-9][0-9]{0,2}$")]
"""A person's number in the case file, such as P1: what events and free texts may say."""
_RESIDENT = 18
"""Characters of a Chinese identity number (公民身份号码), of which the last is a check character."""


def _checked_identity(number: str) -> str:
    number = number.upper()
    figures = number[:-1]
    if len(number) == _RESIDENT and figures.isdecimal() and ric.calc_check_digit(figures) != number[-1]:
        message = "the last character does not fit the figures before it; compare it with the identity card"
        raise ValueError(message)
    return number


IdentityNo = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9]{5,20}$"), AfterValidator(_checked_identity)
]
"""Of an identity card (the check character is looked at) or a passport."""
Telephone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+() -]{5,24}$")]


class Written(BaseModel):
    """Something that an officer wrote: a field that it does not have is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Written):
    """A person of the case."""

    ref: PersonRef
    role: Literal["suspect", "witness", "informant", "legal_representative"]
    """嫌疑人, 证人, 举报人, 法定代表人; an informant's particulars are printed in no document."""
    name: Annotated[Line, PersonalData()]
    identity_no: Annotated[IdentityNo, PersonalData()] | None = None
    telephone: Annotated[Telephone, PersonalData()] | None = None
    address: Annotated[Line, PersonalData()] | None = None


class Operator(Written):
    """A food business of the case; of a small one the name is a person's."""

    ref: Reference
    """Such as P0001: how events name it."""
    name: Annotated[Line, PersonalData()]
    address: Annotated[Line, PersonalData()] | None = None
    legal_representative: PersonRef | None = None


class Officer(Written):
    """An officer who worked on the case and signs."""

    ref: PartyId
    """Such as O007."""
    name: Annotated[Line, PersonalData()]
    certificate_no: Annotated[Line, PersonalData()] | None = None
    """Of the certificate of law enforcement (执法证号)."""
