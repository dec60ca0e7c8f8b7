"""``shian case export`` and ``check``: a dossier as one archive that states its own contents."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from partners.dossier.archive import write_archive
from partners.dossier.checking import check_archive
from partners.dossier.manifest import Added, ManifestStep, manifest_of
from partners.person import As
from services.enforcement.store import cases, evidence, steps
from services.reading import read
from shared.evidence import EvidenceFolder
from shared.failure import CannotStartError
from shared.settings import from_environment


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the service keeps of a case."""

    case: Row[Any]
    items: list[Row[Any]]
    steps: list[Row[Any]]


def export(
    case_no: Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")],
    to: Annotated[Path, typer.Option(help="The archive to write, such as C-7Q2M4ZK3XAWB.zip.")],
    user: As,
    version: Annotated[
        int | None, typer.Option(min=1, help="As it stood in this version, such as that of the transfer; else as now.")
    ] = None,
) -> None:
    """Write a case's whole dossier as one archive: every file in every version, who added it when, and every step."""
    kept = read(lambda connection: _kept(connection, case_no), "enforcement")
    until = version or kept.case.version
    if until > kept.case.version:
        message = f"Case {case_no} is in version {kept.case.version}; there is no version {until} of it."
        raise CannotStartError(message)
    added = [
        Added(
            evidence.item_in(row),
            row.added_by,
            row.added_at,
            row.version,
            replaced=row.replaced_in is not None and row.replaced_in <= until,
        )
        for row in kept.items
        if row.version <= until
    ]
    if not added:
        message = f"Case {case_no} had no dossier in version {until}; name a later one."
        raise CannotStartError(message)
    taken = [
        ManifestStep(version=row.version, step=row.step, by=row.by, at=row.at, text=row.text)
        for row in kept.steps
        if row.version <= until
    ]
    made = (datetime.now(UTC), user.replace("-", ".", 1))
    manifest = manifest_of(case_no, until, made, added, taken)
    written = write_archive(to, manifest, EvidenceFolder(from_environment().evidence_folder))
    typer.echo(f"{to} is written: {len(written.items)} files, dossier {written.digest}.")


def check(
    archive: Annotated[Path, typer.Argument(help="The archive.")],
    dossier: Annotated[
        str, typer.Option(help="The digest that the transfer names; the archive must hold just that.")
    ] = "",
) -> None:
    """Check an archive against what it states, and against the digest that was signed; every fault is a line."""
    faults = check_archive(archive, dossier or None)
    if faults:
        raise CannotStartError("\n".join(faults))
    typer.echo(f"{archive} holds what it states, unchanged.")


async def _kept(connection: AsyncConnection, case_no: str) -> _Kept:
    case = await cases.one(connection, case_no)
    if case is None:
        message = f"There is no case {case_no}; check the number."
        raise CannotStartError(message)
    items = await evidence.of_case(connection, case_no)
    if not items:
        message = f"Case {case_no} has no dossier yet; add evidence with `shian case add`, or submit a report."
        raise CannotStartError(message)
    return _Kept(case, items, await steps.of_case(connection, case_no))
