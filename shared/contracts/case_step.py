"""What every step in a case says, whoever takes it: the agency's people, the police, the procuratorate."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.contracts.event import Instant, PartnerEvent, Reference, Stated

_TELEPHONE = r"(?:(?:\+|00)?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})"
_IDENTITY_OR_TELEPHONE = re.compile(rf"(?<![0-9])(?:[0-9]{{17}}[0-9Xx]|{_TELEPHONE})(?![0-9A-Za-z])")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
"""It may end as a telephone's number does."""
_BETWEEN_FIGURES = re.compile(r"(?<=[0-9])[\s-]+(?=[0-9Xx])")
"""What people write into a long number so that it can be read."""


def _without_personal_numbers(text: str) -> str:
    plain = _DIGEST.sub(" ", unicodedata.normalize("NFKC", text).replace("+86", " "))
    # looked at as it stands too: joined to the figure of "P1" before it, a telephone's number would be none
    if any(map(_IDENTITY_OR_TELEPHONE.search, (plain, _BETWEEN_FIGURES.sub("", plain)))):
        message = (
            "an identity card's or a telephone's number seems to stand in it, and events are kept for ever; "
            "write the person's number in the case file instead, such as P1"
        )
        raise ValueError(message)
    return text


WrittenReason = Annotated[Stated, AfterValidator(_without_personal_numbers)]
"""What a person states in writing about a case, without an identity card's or a telephone's number."""

Version = Annotated[int, Field(ge=1)]
"""How many steps a case has taken."""


class CaseStep(PartnerEvent):
    """A step that somebody takes in a case, having seen it in one version; in another the step is refused."""

    case_no: Reference
    version: Version
    """Of the case as the teller saw it."""
    at: Instant
    """When the step was taken."""

    @property
    def about(self) -> str:
        return self.case_no
