"""A command made from a table: what it takes on the command line or from a file, and which event that becomes.

So every command says the same of a fault (``--seal: is empty and has to be filled in.``), takes ``--as``, ``--region``,
``--wait`` and ``--again``, asks as the role that the catalogue lets say the event, and answers alike.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from partners.asking.request import Request, county
from partners.office.asking import send
from partners.person import PATIENCE, Again, As, InRegion, Wait, person
from partners.tables.cells import values_of
from partners.tables.faults import Fault, made, path_of
from shared.contracts import PartnerEvent, entry_of
from shared.workdays import CHINA

E = TypeVar("E", bound=PartnerEvent)
Command = Callable[..., None]
_KEYWORD = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that a person gives, and the field that it becomes."""

    field: str
    name: str
    """As it stands on the command line: ``SAMPLE`` or ``--seal``."""
    help: str
    flag: bool | None = None
    """Of an option without a value: what the field holds where it is given; else it holds the contrary."""
    is_now: bool = False
    """Whether the present moment stands where nothing is given."""
    unless: str = ""
    """Of one that is now: another field with which it has to be given, since that is not later than now."""
    read: Callable[[str], str] | None = None
    """What makes the field's value of what is given, such as the digest of a file."""

    def parameter(self, event: type[PartnerEvent]) -> inspect.Parameter:
        """The parameter of the command."""
        if self.flag is not None:
            option = typer.Option(self.name, help=self.help)
            return inspect.Parameter(self.field, _KEYWORD, default=False, annotation=Annotated[bool, option])
        may_lack = self.is_now or not event.model_fields[self.field].is_required()
        default = "" if may_lack else inspect.Parameter.empty
        info: Any = (
            typer.Option(self.name, help=self.help, show_default=False)
            if self.name.startswith("--")
            else typer.Argument(metavar=self.name, help=self.help)
        )
        return inspect.Parameter(self.field, _KEYWORD, default=default, annotation=Annotated[str, info])

    def value(self, given: Any) -> Any:
        """What stands in the field's place before it is read; none where nothing is given."""
        if self.flag is not None:
            return given == self.flag
        if self.is_now and not given:
            return datetime.now(CHINA)
        return self.read(given) if self.read and given else given


def command(event: type[E], does: str, *takes: Given, place: Callable[[E], str] | None = None) -> Command:
    """The command that says this event, from what is given on the command line.

    ``does`` is its help. ``place`` finds the region in the event; without it the person gives ``--region``.
    """

    def requests(region: str, given: dict[str, Any]) -> list[Request]:
        said = event_from(event, takes, given)
        filled_in = frozenset(one.field for one in takes if one.is_now and not given[one.field])
        return [Request(said, place(said) if place else county(region), but_for=filled_in)]

    return _asking(event, does, [one.parameter(event) for one in takes], requests, has_region=place is None)


def from_file(
    event: type[E],
    does: str,
    file: str,
    read: Callable[[Path, Path | None], Sequence[E]],
    *,
    table: tuple[str, str] | None = None,
) -> Command:
    """The command that says what a file holds, one event or several; ``file`` is what it may be.

    ``table`` names the option for a table beside the file, and what it is. ``does`` is as above.
    """
    info = typer.Argument(metavar="FILE", help=file)
    parameters = [inspect.Parameter("file", _KEYWORD, annotation=Annotated[Path, info])]
    if table:
        option = typer.Option(table[0], help=table[1])
        parameters.append(inspect.Parameter("table", _KEYWORD, default=None, annotation=Annotated[Path | None, option]))

    def requests(region: str, given: dict[str, Any]) -> list[Request]:
        return [Request(one, county(region)) for one in read(given["file"], given.get("table"))]

    return _asking(event, does, parameters, requests, has_region=True)


def _asking(
    event: type[PartnerEvent],
    does: str,
    parameters: Sequence[inspect.Parameter],
    requests: Callable[[str, dict[str, Any]], Iterable[Request]],
    *,
    has_region: bool,
) -> Command:
    """The command with these parameters and those that every command has."""
    role = entry_of(event).producers[0]

    def run(*, user: str, region: str = "", wait: float = PATIENCE, again: bool = False, **given: Any) -> None:
        speaker = person(user, role)
        send(speaker, requests(region, given), wait, again=again)

    return signed(run, does, [*parameters, *everywhere(has_region=has_region)])


def everywhere(*, has_region: bool) -> list[inspect.Parameter]:
    """The parameters of every command."""
    every = [
        inspect.Parameter("user", _KEYWORD, annotation=As),
        inspect.Parameter("region", _KEYWORD, annotation=InRegion),
        inspect.Parameter("wait", _KEYWORD, default=PATIENCE, annotation=Wait),
        inspect.Parameter("again", _KEYWORD, default=False, annotation=Again),
    ]
    return [one for one in every if has_region or one.name != "region"]


def signed(run: Command, does: str, taken: Sequence[inspect.Parameter]) -> Command:
    """A command that takes these parameters, and has this help."""
    run.__doc__ = does
    run.__annotations__ = {}
    run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    return run


def event_from(event: type[E], takes: tuple[Given, ...], given: dict[str, Any]) -> E:
    """The event that a person's words make; raises FaultyInputError with every fault and the option that it is in."""
    names = {one.field: one.name for one in takes}
    values, faults = values_of(event, {one.field: one.value(given[one.field]) for one in takes}, names.__getitem__)
    faults += [
        Fault(one.name, f"has to be given with {names[one.unless]}: left out it means now, which is later.")
        for one in takes
        if one.unless and given[one.unless] and not given[one.field]
    ]

    def place(loc: tuple[int | str, ...]) -> str:
        return names.get(str(loc[0]), path_of(loc)) if loc else "the whole"

    return made(event, values, faults, place)
