"""The partners file: organisations outside and the agency's people, each with the public key that is its identity."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from shared.contracts.catalogue import PARTY_PATTERN, PartnerKind
from shared.contracts.event import Region
from shared.failure import CannotStartError

PEOPLE: tuple[PartnerKind, ...] = ("sampler", "officer")
"""The agency's own people; every other kind is an organisation."""
_EVERYWHERE = "00.00.00"
_BELOW = "00"
"""GB/T 2260 writes 00 for the levels below, so 21.02.00 is the city with all its counties."""


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
    public_key: Annotated[str, StringConstraints(pattern="^(U[A-Z2-7]{55})?$")] = ""
    """The nkey (``U…``); empty while the partner has none, and then it cannot connect."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind in ("lab", "insurer", *PEOPLE) and not self.id:
            message = f"a {self.kind} needs an id such as L0142"
            raise ValueError(message)
        if self.kind in ("police", "procuratorate", *PEOPLE) and self.region == _EVERYWHERE:
            message = f"a {self.kind} needs its region, such as 21.02.83"
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
        return f"{self.kind}-{self.id or self.region.replace('.', '')}"


def read_partners(path: Path) -> tuple[Partner, ...]:
    """Read the partners file (TOML, one ``[[partner]]`` each); raises CannotStartError with what is wrong and where."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"The partners file {path} cannot be read: {error}"
        raise CannotStartError(message) from error
    entries = document.get("partner", [])
    if not isinstance(entries, list) or document.keys() - {"partner"}:
        message = f"The partners file {path} holds something else than [[partner]] entries."
        raise CannotStartError(message)
    partners = []
    for position, entry in enumerate(entries, start=1):
        try:
            partners.append(Partner.model_validate(entry))
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"])) or "entry"
            message = f"The partners file {path} is wrong in entry {position}, {where}: {fault['msg']}."
            raise CannotStartError(message) from error
    names = [name for partner in partners for name in (partner.user, partner.public_key) if name]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"The partners file {path} names {', '.join(twice)} more than once."
        raise CannotStartError(message)
    return tuple(partners)
