"""Which laboratory speaks: by its user on the bus, with the key that lies on this machine."""

import re
from typing import Annotated

import typer

from partners.person import Person, person
from shared.contracts.catalogue import PARTY_PATTERN
from shared.failure import CannotStartError

As = Annotated[str, typer.Option("--as", envvar="SHIAN_USER", help="Which laboratory reports, such as lab-L0142.")]
InRegion = Annotated[
    str, typer.Option("--region", envvar="SHIAN_REGION", help="The county where the samples were taken: 21.02.83.")
]


def laboratory(user: str) -> Person:
    """The laboratory that speaks; raises CannotStartError where the user is no laboratory's."""
    who = person(user, "lab")
    if not re.fullmatch(PARTY_PATTERN, who.id):
        message = f"--as {user} names no laboratory; write lab- and the id on the exchange, such as lab-L0142."
        raise CannotStartError(message)
    return who
