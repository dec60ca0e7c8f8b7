"""``shian notice print``: writes the notice of a failed result from what the sampling service knows of the sample."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notice import Letterhead, document
from services.reading import read
from services.sampling.store import reports, samples
from shared.contracts import SampleCollected, SampleFailed
from shared.contracts.officer import Addressee
from shared.failure import CannotStartError


def print_notice(  # noqa: PLR0913, PLR0917 - what a person may give
    sample_no: Annotated[str, typer.Argument(metavar="SAMPLE", help="The sample's number.")],
    to: Annotated[Addressee, typer.Option(help="operator (被抽样单位) or producer (标称生产企业).")],
    out: Annotated[Path, typer.Option(help="The file to write (HTML).")],
    name: Annotated[str, typer.Option(help="The addressee's name; it is printed and not told.")] = "",
    agency: Annotated[str, typer.Option(help="The agency's name.")] = "",
    laboratory: Annotated[str, typer.Option(help="The laboratory's name.")] = "",
    number: Annotated[str, typer.Option(help="The document's number (文书编号).")] = "",
) -> None:
    """Write the notice of a failed result as a document to print, sign and serve."""
    failed, form = read(lambda connection: _facts(connection, sample_no))
    text = document(failed, form, to, Letterhead(name, agency, laboratory, number)).encode()
    _write(out, text)
    typer.echo(f"{out} is written, SHA-256 {hashlib.sha256(text).hexdigest()}.")
    typer.echo(f"When it was served: shian notice serve {sample_no} --to {to} --on DATE --document {out}")


async def _facts(connection: AsyncConnection, sample_no: str) -> tuple[SampleFailed, SampleCollected]:
    form = await samples.form_of(connection, sample_no)
    failure = await reports.failure(connection, sample_no)
    if form is None:
        message = f"Sample {sample_no} is unknown; check the number."
        raise CannotStartError(message)
    if failure is None:
        message = f"Sample {sample_no} does not count as failed; `shian sample show {sample_no}` says how it stands."
        raise CannotStartError(message)
    return failure.outcome, form


def _write(path: Path, text: bytes) -> None:
    try:
        if path.exists() and path.read_bytes() != text:
            message = f"{path} is there and holds something else, which may have been served; name another file."
            raise CannotStartError(message)
        path.write_bytes(text)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); name another file."
        raise CannotStartError(message) from error
