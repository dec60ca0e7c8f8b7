"""Who acts: by the name of their user on the bus, with a key of their own.

It is one of the agency's people, an authority, or a laboratory for what it says of a sample. A key is made once, on its
owner's machine, by ``shian person keygen`` and its like; the seed stays there, and the operator of the exchange enters
the public half in the partners file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from shared.failure import CannotStartError
from shared.keys import public_key_of, seed_in
from shared.partners import Partner, fault_of
from shared.settings import Settings, from_environment

Role = Literal["sampler", "officer", "head"]
EXAMPLES = {
    "sampler": "sampler-S01",
    "officer": "officer-O007",
    "head": "head-H001",
    "lab": "lab-L0142",
    "police": "police-210283",
    "procuratorate": "procuratorate-210283",
}
"""The name on the bus of one of each role."""
_WORDS = {
    "sampler": "a sampler",
    "officer": "an officer",
    "head": "the head of the agency",
    "lab": "a laboratory",
    "police": "the police",
    "procuratorate": "the procuratorate",
}

As = Annotated[str, typer.Option("--as", envvar="SHIAN_USER", help="Who acts, such as officer-O007.")]
InRegion = Annotated[str, typer.Option("--region", envvar="SHIAN_REGION", help="The region in charge: 21.02.83.")]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the exchange's answer.")]
Again = Annotated[bool, typer.Option("--again", help="Ask once more what was refused before.")]
ReceiptsTo = Annotated[Path | None, typer.Option("--receipts", help="Write what became of each to this CSV.")]
Sheet = Annotated[str | None, typer.Option(help="The sheet of the workbook, where several hold something.")]
PATIENCE = 30.0
"""Seconds that a command waits for the answer unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of the agency's people, or a laboratory, on this machine."""

    role: str
    id: str
    settings: Settings

    @property
    def user(self) -> str:
        """The name on the bus: ``officer-O007``."""
        return f"{self.role}-{self.id}"

    @property
    def is_alone(self) -> bool:
        """Whether nothing but these commands reads what the exchange answers them."""
        return self.role != "lab"

    @property
    def teller(self) -> str:
        """The name in subjects and sources: ``officer.O007``."""
        return f"{self.role}.{self.id}"


def person(user: str, role: str) -> Person:
    """Who acts; raises CannotStartError where the user is nobody's name or has another role than this needs."""
    found, _, id_ = user.partition("-")
    if found not in EXAMPLES or not id_:
        message = f"--as {user} names nobody; write the role and the id, such as {EXAMPLES[role]}."
        raise CannotStartError(message)
    if found != role:
        message = f"{user} is {_WORDS[found]}, and this is for {_WORDS[role]} to do; act as one whose key you have."
        raise CannotStartError(message)
    return Person(found, id_, from_environment())


def keygen(
    role: Annotated[Role, typer.Argument(help="What the person is.")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="The id on the exchange, such as S01; never a name.")],
    region: InRegion,
    folder: Annotated[Path, typer.Option(envvar="SHIAN_KEYS_FOLDER", help="Where the seed is kept.")] = Path(
        "var/keys"
    ),
) -> None:
    """Make a person's key, once, and print the lines for the partners file; a key that there is stays."""
    make_key({"kind": role, "id": id_, "region": region}, folder)


def make_key(entry: dict[str, str], folder: Path) -> None:
    """Make the key of who is entered so, where there is none, and print the entry; raises CannotStartError."""
    try:
        partner = Partner.model_validate(entry)
    except ValidationError as error:
        message = f"{fault_of(error)}."
        raise CannotStartError(message) from error
    print_entry(partner, folder)


def print_entry(partner: Partner, folder: Path) -> None:
    """Make a partner's key where there is none, and print its lines for the partners file."""
    public_key = public_key_of(seed_in(folder, partner.user))
    typer.echo("[[partner]]")
    for name, value in partner.model_dump(include={"kind", "id", "region"}, exclude_defaults=True).items():
        typer.echo(f'{name} = "{value}"')
    typer.echo(f'public_key = "{public_key}"')
    seed = folder / f"{partner.user}.nk"
    typer.echo(
        f"The seed is in {seed} and stays there; give the lines above to the operator of the exchange.", err=True
    )
