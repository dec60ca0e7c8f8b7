"""Asking as one of the agency's people, or as a laboratory about a sample: all of it is right, or nothing is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typer

from partners.asking.answers import exit_code, line_of, show, summary
from partners.asking.checking import put_aside
from partners.asking.delivery import Delivery, deliver, remembering
from partners.asking.listening import Keep
from partners.asking.memory import Memory
from partners.asking.progress import Steps
from partners.asking.receipts import Place, write
from partners.asking.request import Request
from partners.asking.spool import Fate, Spool
from partners.person import Person

_PATIENCE = 4.0
"""Seconds for an exchange that is away; then the command says so, and can be run again later."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """The file to which what became of each request is written, and the places that it names."""

    path: Path
    place: Place


def send(  # noqa: PLR0913 - asking has this many sides
    person: Person,
    requests: Iterable[Request],
    wait: float,
    *,
    again: bool = False,
    receipts: Receipts | None = None,
    keep: Keep = lambda _: None,
) -> None:
    """Ask, wait and print; ends the command with its exit code. ``again`` asks once more what was refused.

    ``keep`` takes each answer of the exchange as it came.

    Raises FaultyInputError where what was written has faults, OutOfReachError where the exchange cannot be reached, and
    CannotStartError where it does not let the person say this.
    """
    with remembering(person) as memory:
        if receipts:
            write(receipts.path, (), receipts.place)  # whether it can be, before anything is sent
        spool = ask(person, memory, requests, wait, again=again, keep=keep)
        _show(spool)
        if receipts:
            write(receipts.path, spool.fates(), receipts.place)
        if code := exit_code(spool.states()):
            raise typer.Exit(code)


def ask(  # noqa: PLR0913 - as above
    person: Person,
    memory: Memory,
    requests: Iterable[Request],
    wait: float,
    *,
    again: bool = False,
    keep: Keep = lambda _: None,
) -> Spool:
    """Send what was not sent before, and wait for the answers, at most so many seconds; what became of each."""
    spool = Spool(memory)
    with Steps() as steps:
        put_aside(requests, spool, person, again=again, on_row=lambda row: steps.reached("checked row", row)).stop()
    deliver(person, memory, spool, Delivery(wait, _PATIENCE, only_ours=not person.is_alone, keep=keep))
    return spool


def _show(spool: Spool) -> None:
    if spool.total() > 1:
        show(spool, lambda fate: f"{_place(fate)}{line_of(fate)}")
        typer.echo(summary(spool.states()))
    else:
        show(spool, line_of)


def _place(fate: Fate) -> str:
    return f"{fate.name}: " if fate.name else ""
