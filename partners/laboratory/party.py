"""Which laboratory speaks: by its user on the bus, with the key that lies on this machine."""

import hashlib
import re
from pathlib import Path
from typing import Annotated

import typer

from partners.person import Person, person
from shared.contracts import PartnerEvent
from shared.contracts.catalogue import PARTY_PATTERN
from shared.contracts.event import REGION_PATTERN
from shared.failure import CannotStartError

As = Annotated[str, typer.Option("--as", envvar="SHIAN_USER", help="Which laboratory reports, such as lab-L0142.")]
InRegion = Annotated[
    str, typer.Option("--region", envvar="SHIAN_REGION", help="The county where the samples were taken: 21.02.83.")
]
_COUNTY = re.compile(r"^(\d{2})(\d{2})(\d{2})$")


def laboratory(user: str) -> Person:
    """The laboratory that speaks; raises CannotStartError where the user is no laboratory's."""
    who = person(user, "lab")
    if not re.fullmatch(PARTY_PATTERN, who.id):
        message = f"--as {user} names no laboratory; write lab- and the id on the exchange, such as lab-L0142."
        raise CannotStartError(message)
    return who


def sent_by(who: Person) -> Path:
    """The file that remembers what a laboratory sent and was answered; it lies beside the folder of keys."""
    return who.settings.keys_folder.parent / "laboratory" / f"{who.user}.db"


def asked_by(who: Person) -> Path:
    """The file in which the other commands, such as ``shian sample receive``, look for their answers."""
    return who.settings.keys_folder.parent / "asked" / f"{who.user}.jsonl"


def county(said: str) -> str:
    """A region as 21.02.83, also where it was written 210283; raises CannotStartError."""
    region = _COUNTY.sub(r"\1.\2.\3", said)
    if not re.fullmatch(REGION_PATTERN, region):
        message = f"--region {said} is no region; write province.city.county, such as 21.02.83."
        raise CannotStartError(message)
    return region


def event_id_of(user: str, seed: str, event: PartnerEvent, region: str, content: str, attempt: int = 0) -> str:  # noqa: PLR0913, PLR0917 - what the id follows from
    """The id that follows from the key and from what is said: nobody else can guess it, and the same again is the same.

    ``content`` is the event as JSON; ``attempt`` counts how often the same was refused and said again.
    """
    said = f"{user}\x1f{event.TYPE}\x1f{region}\x1f{content}"
    if attempt:
        said = f"{said}\x1f{attempt}"
    return hashlib.blake2b(said.encode(), key=seed.encode(), digest_size=16).hexdigest()
