"""``shian case draft`` and ``report``: the documents of a dossier are made from one file, looked at, and submitted."""

from pathlib import Path
from typing import Annotated

import typer

from partners.asking.request import Request, county
from partners.dossier.documents import documents_of
from partners.dossier.report import report_of
from partners.office.asking import send
from partners.office.command import Given, event_from
from partners.office.evidence import kept_item
from partners.person import PATIENCE, Again, As, InRegion, Wait, person
from shared.contracts import ReportSubmitted, entry_of
from shared.failure import CannotStartError

_ENDING = ".pdf"
_TAKES = (
    Given("case_no", "case_no", ""),
    Given("version", "--version", ""),
    Given("at", "--at", "", is_now=True),
    Given("offence", "offence", ""),
    Given("items", "FILE", ""),
    Given("opinion_pending", "opinion_pending", ""),
)
File = Annotated[Path, typer.Argument(help="The report, TOML: facts, persons, goods, grounds, proposal.")]


def draft(
    file: File,
    to: Annotated[Path, typer.Option(help="The folder to write the documents to.")],
) -> None:
    """Make transfer letter, investigation report and list of goods as PDF, to be looked at; nothing is sent."""
    documents = documents_of(report_of(file))
    try:
        to.mkdir(parents=True, exist_ok=True)
        for document in documents:
            path = to / f"{document.reference}{_ENDING}"
            path.write_bytes(document.data)
            typer.echo(f"{path} is written: {document.kind.value.replace('_', ' ')}, {len(document.data)} bytes.")
    except OSError as error:
        message = f"The documents cannot be written to {to} ({error.strerror}); name another folder."
        raise CannotStartError(message) from error


def submit(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    version: Annotated[str, typer.Option(help="The version in which you saw the case.")],
    user: As,
    region: InRegion,
    wait: Wait = PATIENCE,
    again: Again = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Submit a report that proposes a transfer, and sign it thereby; its documents go into the dossier."""
    officer = person(user, entry_of(ReportSubmitted).producers[0])
    report = report_of(file)
    written_on = report.written_on.isoformat()
    items = [
        kept_item(document.data, document.kind, document.reference, document.media_type, written_on)
        for document in documents_of(report)
    ]
    given = {
        "case_no": report.case_no,
        "version": version,
        "at": "",
        "offence": report.offence,
        "items": items,
        "opinion_pending": report.opinion_pending or "",
    }
    said = event_from(ReportSubmitted, _TAKES, given)
    send(officer, [Request(said, county(region), but_for=frozenset(("at",)))], wait, again=again)
