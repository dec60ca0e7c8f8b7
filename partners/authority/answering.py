"""An answer made from a table: what an authority types becomes one event on the case as it knows it."""

import inspect
from typing import Annotated, Any

import typer

from partners.asking.request import Request, county
from partners.authority.archive import Archive, archive_of
from partners.authority.known import KnownCase
from partners.office.asking import send
from partners.office.command import Command, Given, event_from, everywhere, signed
from partners.person import Person, person
from shared.contracts import CaseStep
from shared.failure import CannotStartError

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_CASE = Given("case_no", "CASE", "The case's number, as `shian authority list` shows it.")
_AT = Given("at", "--at", "When; now, where it is left out.", is_now=True)
_VERSION = Given("version", "--version", "")
_VERSION_HELP = "The version in which you saw the case; the last one that was kept here, where it is left out."
_REGION_HELP = "The region in whose subjects the case was told; known from what was kept."
WHY = Given("why", "--why", "The reason, in writing; no names and no personal numbers.")


def answer(does: str, *takes: Given, **events: type[CaseStep]) -> Command:
    """The command that says one of these events, by the role of whoever acts; ``does`` is its help."""
    one = next(iter(events.values()))
    given_ones = (_CASE, *takes, _AT)

    def run(*, user: str, version: str = "", region: str = "", wait: float, again: bool, **given: Any) -> None:
        who, event = _acting(user, events)
        taken = (*given_ones, _VERSION)
        filled_in = frozenset(("at",)) if not given["at"] else frozenset[str]()
        with archive_of(who) as archive:
            known = _known(archive, given["case_no"], version, region)
            said = event_from(event, taken, given | {"version": version or str(known.version if known else "")})
            where = county(region) if region else (known.region if known else "")
            send(who, [Request(said, where, but_for=filled_in)], wait, again=again, keep=archive.keep_receipt)

    options = {
        "version": Annotated[str, typer.Option("--version", help=_VERSION_HELP, show_default=False)],
        "region": Annotated[str, typer.Option("--region", help=_REGION_HELP, show_default=False)],
    }
    return signed(
        run,
        does,
        [
            *(taken.parameter(one) for taken in given_ones),
            *(inspect.Parameter(name, _KEYWORD, default="", annotation=kind) for name, kind in options.items()),
            *everywhere(has_region=False),
        ],
    )


def _acting(user: str, events: dict[str, type[CaseStep]]) -> tuple[Person, type[CaseStep]]:
    role = user.partition("-")[0]
    who = person(user, role if role in events else next(iter(events)))
    return who, events[role]


def _known(archive: Archive, case_no: str, version: str, region: str) -> KnownCase | None:
    """The case as it was kept; raises CannotStartError where that is needed and it was not heard of."""
    envelopes = archive.of_case(case_no)
    known = KnownCase(case_no, envelopes)
    if envelopes and (known.version or version):
        return known
    if version and region:
        return None
    message = (
        f"Nothing is kept here of case {case_no} that says its version; run `shian authority follow --once` first, or "
        "give --version and --region."
    )
    raise CannotStartError(message)
