"""``shian case add``: files go into the evidence folder, and the case's dossier gets their hashes."""

import mimetypes
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from partners.asking.request import Request, county
from partners.office.asking import send
from partners.office.command import Given, event_from
from partners.person import PATIENCE, Again, As, InRegion, Wait, person
from shared.contracts import EvidenceAdded, EvidenceKind, entry_of
from shared.evidence import EvidenceFolder
from shared.settings import from_environment
from shared.workdays import CHINA

_BINARY = "application/octet-stream"
_TAKES = (
    Given("case_no", "CASE", ""),
    Given("version", "--version", ""),
    Given("at", "--at", "", is_now=True),
    Given("items", "--kind", ""),
)


def _folder() -> EvidenceFolder:
    """The evidence folder of this machine."""
    return EvidenceFolder(from_environment().evidence_folder)


def keep(file: str) -> str:
    """Put a file into the evidence folder; returns its SHA-256."""
    return _folder().keep(Path(file)).sha256


def kept_item(
    what: Path | bytes, kind: EvidenceKind, reference: str, media_type: str, made_on: str
) -> dict[str, object]:
    """Put a file, or bytes, into the evidence folder; returns the item of a dossier, as an event takes it."""
    kept = _folder().keep(what)
    return {
        "kind": kind,
        "reference": reference,
        "sha256": kept.sha256,
        "size": kept.size,
        "media_type": media_type,
        "made_on": made_on,
    }


def add(  # noqa: PLR0913, PLR0917 - the options of a command
    case_no: Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")],
    files: Annotated[list[Path], typer.Argument(help="The files; they are copied into the evidence folder.")],
    kind: Annotated[EvidenceKind, typer.Option(help="What each of them is.")],
    number: Annotated[str, typer.Option(help="Its number in the case file, such as INT-03; several count on from it.")],
    version: Annotated[str, typer.Option(help="The version in which you saw the case.")],
    user: As,
    region: InRegion,
    made_on: Annotated[str, typer.Option(help="The day on which it was made or taken; today, if left out.")] = "",
    wait: Wait = PATIENCE,
    again: Again = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Put evidence into a case's dossier; the same kind and number again takes the place of the earlier file."""
    officer = person(user, entry_of(EvidenceAdded).producers[0])
    day = made_on or datetime.now(CHINA).date().isoformat()
    items = _items(files, kind, number, day)
    given = {"case_no": case_no, "version": version, "at": "", "items": items}
    said = event_from(EvidenceAdded, _TAKES, given)
    send(officer, [Request(said, county(region), but_for=frozenset(("at",)))], wait, again=again)


def _items(files: Sequence[Path], kind: EvidenceKind, number: str, day: str) -> list[dict[str, object]]:
    numbers = [number] if len(files) == 1 else [f"{number}-{n:02}" for n in range(1, len(files) + 1)]
    return [
        kept_item(file, kind, one, mimetypes.guess_type(file.name)[0] or _BINARY, day)
        for file, one in zip(files, numbers, strict=True)
    ]
