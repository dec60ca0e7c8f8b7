"""``shian authority``: police and procuratorate follow, look up and answer."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from partners.asking.delivery import remembering
from partners.authority.answering import WHY, answer
from partners.authority.archive import RECEIPTS, archive_of
from partners.authority.following import Listener, catch_up, follow
from partners.authority.known import Ends, KnownCase
from partners.authority.shown import shown, told
from partners.office.command import Command, Given
from partners.person import As, InRegion, Person, make_key, person
from shared.contracts import (
    CaseJudged,
    CaseProsecuted,
    FilingOrdered,
    JointSupervision,
    OpinionIssued,
    PoliceDeclined,
    PoliceExplained,
    PoliceFiled,
    PoliceReceived,
    PoliceRedirected,
    PoliceReturned,
    PoliceTookLonger,
    PoliceUpheld,
    ProcuratorateReturned,
    ReasonsAccepted,
    ReasonsDemanded,
)
from shared.envelope import Envelope
from shared.failure import CannotStartError
from shared.logs import one_line

_PATIENCE = 4.0
"""Seconds for an exchange that is away, where only what waits is read."""
Kind = Literal["police", "procuratorate"]


def keygen(
    kind: Annotated[Kind, typer.Argument(help="What the authority is.")],
    region: InRegion,
    folder: Annotated[Path, typer.Option(envvar="SHIAN_KEYS_FOLDER", help="Where the seed is kept.")] = Path(
        "var/keys"
    ),
) -> None:
    """Make the authority's key, once, and print the lines for the partners file; a key that there is stays."""
    make_key({"kind": kind, "region": region}, folder)


def follow_command(
    user: As,
    once: Annotated[bool, typer.Option("--once", help="Read what waits, and end.")] = False,  # noqa: FBT002
) -> None:
    """Keep and print what the exchange tells, as it comes, until Ctrl-C; what is missed meanwhile waits."""
    who = _authority(user)
    with remembering(who) as memory, archive_of(who) as archive, contextlib.suppress(KeyboardInterrupt):
        listener = Listener(who, memory, archive, _tell, lambda text: typer.echo(one_line(text), err=True))
        if once:
            asyncio.run(catch_up(listener, _PATIENCE))
        else:
            typer.echo(f"Following what {who.user} is told; Ctrl-C stops.", err=True)
            asyncio.run(follow(listener))


def _looking_up(ends: Callable[[], Ends]) -> tuple[Command, Command]:
    """The commands that list the cases and show one."""

    def list_command(user: As) -> None:
        """List the cases that were told, as far as they were read."""
        with archive_of(_authority(user)) as archive:
            known = [KnownCase(one, archive.of_case(one), ends()) for one in archive.cases()]
        for case in known:
            typer.echo(one_line(case.line(datetime.now(UTC))))
        if not known:
            typer.echo("No case was told, or none was read yet: run `shian authority follow --once`.")

    def show(case_no: Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")], user: As) -> None:
        """Show all that was told of one case: grounds, dossier, timeline, periods, and what you were answered."""
        with archive_of(_authority(user)) as archive:
            envelopes = archive.of_case(case_no)
            receipts = archive.of_case(case_no, RECEIPTS)
        if not envelopes:
            message = f"Nothing was read of case {case_no}; check the number, or run `shian authority follow --once`."
            raise CannotStartError(message)
        for line in shown(KnownCase(case_no, envelopes, ends()), receipts, datetime.now(UTC)):
            typer.echo(one_line(line))

    return list_command, show


def _authority(user: str) -> Person:
    return person(user, "procuratorate" if user.startswith("procuratorate-") else "police")


def _tell(envelope: Envelope[Any]) -> None:
    for line in told(envelope):
        typer.echo(one_line(line))


def commands(ends: Callable[[], Ends]) -> dict[str, Command]:
    """Every command of the group, by its name; ``ends`` says which periods are over with which step."""
    list_command, show = _looking_up(ends)
    return {"keygen": keygen, "follow": follow_command, "list": list_command, "show": show, **_ANSWERS}


_ANSWERS: dict[str, Command] = {
    "receive": answer("Sign the receipt of a transferred case (送达回执).", police=PoliceReceived),
    "redirect": answer(
        "Pass a case on to the police in whose jurisdiction it lies, within 24 hours.",
        Given("to", "--to", "Their region, such as 21.02.82."),
        WHY,
        police=PoliceRedirected,
    ),
    "complex": answer("Find a case complex, and take the longer period.", WHY, police=PoliceTookLonger),
    "file": answer("File a case for investigation (立案).", police=PoliceFiled),
    "decline": answer("Decide not to file a case (不予立案), with the reason.", WHY, police=PoliceDeclined),
    "uphold": answer("Uphold that a case is not filed, after reconsidering.", WHY, police=PoliceUpheld),
    "explain": answer("Tell the procuratorate why a case was not filed.", WHY, police=PoliceExplained),
    "return": answer(
        "Return a filed case for an administrative penalty.",
        WHY,
        police=PoliceReturned,
        procuratorate=ProcuratorateReturned,
    ),
    "ask": answer("Demand the reasons for which the police did not file a case.", WHY, procuratorate=ReasonsDemanded),
    "accept": answer("Accept the reasons of the police.", WHY, procuratorate=ReasonsAccepted),
    "order": answer("Order the police to file a case (通知立案).", WHY, procuratorate=FilingOrdered),
    "opinion": answer(
        "Issue an opinion (检察意见) to the agency.",
        Given("concerns", "--concerns", "not_transferred, goods_hidden or fined_instead."),
        WHY,
        procuratorate=OpinionIssued,
    ),
    "prosecute": answer("Say that a filed case is prosecuted (提起公诉).", procuratorate=CaseProsecuted),
    "judge": answer(
        "Say how the court judged a prosecuted case.",
        Given("outcome", "--outcome", "convicted, acquitted or exempt_from_punishment."),
        procuratorate=CaseJudged,
    ),
    "supervise": answer("Put a major case under joint supervision (联合督办).", WHY, procuratorate=JointSupervision),
}
