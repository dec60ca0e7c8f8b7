"""The partners file: organisations outside and the agency's people, each with the public key that is its identity."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator, model_validator

from shared.contracts.catalogue import PARTY_PATTERN, PartnerKind
from shared.contracts.event import Region
from shared.failure import CannotStartError
from shared.keys import fault_of_public_key

PEOPLE: tuple[PartnerKind, ...] = ("sampler", "officer", "head")
"""The agency's own people; every other kind is an organisation."""
AUTHORITIES: tuple[PartnerKind, ...] = ("police", "procuratorate")
"""Named by their region alone."""
_EVERYWHERE = "00.00.00"
_BELOW = "00"
"""GB/T 2260 writes 00 for the levels below, so 21.02.00 is the city with all its counties."""
_OF = {"lab": "L0142", "insurer": "I007", "sampler": "S01", "officer": "O007", "head": "H001"}
_REMEDIES = {
    "kind": f"write one of {', '.join(get_args(PartnerKind))}",
    "id": "write 2 to 32 capital letters, figures and -, such as L0142",
    "region": "write province.city.county in figures as GB/T 2260 has them, such as 21.02.83",
    "name": "write a text in quotation marks",
    "public_key": "copy the whole line that its owner's `shian lab keygen` or `shian person keygen` printed",
}
"""What to write into each field."""


class Partner(BaseModel):
    """One laboratory, insurer, police, procuratorate, sampler or officer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PartnerKind
    id: Annotated[str, StringConstraints(pattern=f"^{PARTY_PATTERN}$")] = ""
    """Of a laboratory, an insurer or a person, such as L0142."""
    region: Region = _EVERYWHERE
    """Of an authority or a person; what happens there is what it hears, and where a person may act."""
    name: str = ""
    """For people to read; it never enters an event."""
    public_key: str = ""
    """The nkey (``U…``); empty while the partner has none, and then it cannot connect."""

    @field_validator("public_key")
    @classmethod
    def _checked(cls, text: str) -> str:
        if text and (fault := fault_of_public_key(text)):
            raise ValueError(fault)
        return text

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind in ("lab", "insurer", *PEOPLE) and not self.id:
            message = f'what has kind = "{self.kind}" needs an id, such as id = "{_OF[self.kind]}"'
            raise ValueError(message)
        if self.kind in AUTHORITIES and self.id:
            message = f'what has kind = "{self.kind}" is named by its region; leave the id out'
            raise ValueError(message)
        if self.kind in (*AUTHORITIES, *PEOPLE) and self.region == _EVERYWHERE:
            message = f'what has kind = "{self.kind}" needs its region, such as region = "21.02.83"'
            raise ValueError(message)
        tokens = self.region.split(".")
        if tokens != sorted(tokens, key=lambda token: token == _BELOW):
            message = f"{self.region} is no region: 00 stands at the end, such as 21.02.00 for a whole city"
            raise ValueError(message)
        return self

    @property
    def is_person(self) -> bool:
        """Whether it is one of the agency's own people."""
        return self.kind in PEOPLE

    @property
    def area(self) -> str:
        """Its region with all that lies below, as a wildcard of the bus: ``21.02.*`` for 21.02.00."""
        return ".".join("*" if token == _BELOW else token for token in self.region.split("."))

    @property
    def user(self) -> str:
        """Its name on the bus: ``lab-L0142`` or ``police-210283``."""
        return f"{self.kind}-{self.token}"

    @property
    def token(self) -> str:
        """What stands for it in subjects: its id, or an authority's region without dots, such as 210283."""
        return self.id or self.region.replace(".", "")


def fault_of(error: ValidationError) -> str:
    """What is wrong with a partner, and what to write: the field, the fault and the remedy."""
    fault = error.errors()[0]
    if not fault["loc"]:
        if fault["type"] == "value_error":
            return str(fault["ctx"]["error"])
        return 'it is no table; write [[partner]], and below it kind = "lab" and so on'
    field = str(fault["loc"][0])
    if field not in _REMEDIES:
        return f"{field} is no field of a partner; leave it out, or write one of {', '.join(_REMEDIES)}"
    if fault["type"] == "missing":
        return f"{field} is missing; {_REMEDIES[field]}"
    if fault["type"] == "value_error":
        return f"{field}: {fault['ctx']['error']}; {_REMEDIES[field]}"
    return f"{field}: {fault['input']!r} cannot stand there; {_REMEDIES[field]}"


def read_partners(path: Path) -> tuple[Partner, ...]:
    """Read the partners file (TOML, one ``[[partner]]`` each); raises CannotStartError with what is wrong and where."""
    document = _document(path)
    entries = document.get("partner", [])
    if not isinstance(entries, list) or document.keys() - {"partner"}:
        message = f"The partners file {path} holds something else than [[partner]] entries."
        raise CannotStartError(message)
    partners = []
    for position, entry in enumerate(entries, start=1):
        try:
            partners.append(Partner.model_validate(entry))
        except ValidationError as error:
            message = f"The partners file {path} is wrong in entry {position}{_named(entry)}, {fault_of(error)}."
            raise CannotStartError(message) from error
    names = [name for partner in partners for name in (partner.user, partner.public_key) if name]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"The partners file {path} names {', '.join(twice)} more than once."
        raise CannotStartError(message)
    return tuple(partners)


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        message = f"The partners file {path} is not there; write it, or name the one that you mean."
        raise CannotStartError(message) from error
    except OSError as error:
        message = f"The partners file {path} cannot be read ({error.strerror}); name a file that you may read."
        raise CannotStartError(message) from error
    except UnicodeDecodeError as error:
        message = f"The partners file {path} cannot be read: it is not in UTF-8; save it in that encoding."
        raise CannotStartError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"The partners file {path} cannot be read: it is no TOML. {error}"
        raise CannotStartError(message) from error


def _named(entry: Any) -> str:
    """The kind and id that an entry claims, to find it by."""
    claims = [entry.get(field) for field in ("kind", "id")] if isinstance(entry, dict) else []
    words = [claim for claim in claims if isinstance(claim, str) and claim.isprintable()]
    return f" ({' '.join(words)})" if words else ""
