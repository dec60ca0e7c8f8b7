"""One thing that is asked: the event, where it stands in what the person wrote, and the id that it goes out under."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from partners.person import Person
from partners.tables.faults import Fault
from shared.contracts import PartnerEvent
from shared.contracts.event import REGION_PATTERN
from shared.failure import CannotStartError

_COUNTY = re.compile(r"^(\d{2})(\d{2})(\d{2})$")


@dataclass(frozen=True, slots=True)
class Place:
    """Which report on which sample something is, and where it stands."""

    report_no: str | None = None
    sample_no: str | None = None
    """No other request of the same file has these numbers."""
    numbers: tuple[int, ...] = ()
    """The row of each item."""
    name: str = ""
    """Such as ``row 3``."""
    of_number: str = ""
    """Where the sample's number stands."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the exchange, for a region; none where what was written has faults."""

    event: PartnerEvent | None
    region: str
    place: Place = Place()
    faults: tuple[Fault, ...] = ()
    but_for: frozenset[str] = frozenset()
    """Fields that were filled in for the person, and make no other request of it."""

    @property
    def kind(self) -> str:
        """The type of the event; empty where there is none."""
        return self.event.TYPE if self.event else ""


def event_id_of(user: str, seed: str, request: Request, content: str, attempt: int = 0) -> str:
    """The id that follows from the key and from what is asked: nobody else can guess it.

    The same again has the same id. ``content`` is the event as JSON; ``attempt`` counts how often the same was refused
    and asked again.
    """
    said = f"{user}\x1f{request.kind}\x1f{request.region}\x1f{content}"
    if attempt:
        said = f"{said}\x1f{attempt}"
    return hashlib.blake2b(said.encode(), key=seed.encode(), digest_size=16).hexdigest()


def county(said: str) -> str:
    """A region as 21.02.83, also where it was written 210283; raises CannotStartError."""
    region = _COUNTY.sub(r"\1.\2.\3", said)
    if not re.fullmatch(REGION_PATTERN, region):
        message = f"--region {said} is no region; write province.city.county, such as 21.02.83."
        raise CannotStartError(message)
    return region


def memory_of(person: Person) -> Path:
    """The file that remembers what a person asked and was answered; it lies beside the folder of keys."""
    return person.settings.keys_folder.parent / "asked" / f"{person.user}.db"
