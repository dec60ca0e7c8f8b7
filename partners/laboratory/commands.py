"""The commands ``shian lab``: a laboratory's key, its files, and what the exchange answers."""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from partners.asking import receipts
from partners.asking.checking import put_aside
from partners.asking.delivery import Delivery, deliver, read_waiting, remembering, watch
from partners.asking.memory import Memory
from partners.asking.request import Place, Request, county
from partners.asking.spool import Spool
from partners.laboratory.checking import Check
from partners.laboratory.handling import checked_file, finish, send_file, stated
from partners.laboratory.lines import Lines
from partners.laboratory.party import As, InRegion, laboratory
from partners.person import Again, ReceiptsTo, Sheet, print_entry
from partners.tables.faults import MOST_SHOWN
from shared.contracts import Event, ResultCorrected, ResultReported, ResultsAccepted, ResultWithdrawn
from shared.failure import CannotStartError
from shared.logs import one_line, printable
from shared.partners import Partner

commands = typer.Typer(
    no_args_is_help=True, help="For a laboratory's own staff: publish results, and see what becomes of them."
)

_PATIENCE = 60.0
_SHORT_PATIENCE = 3.0

File = Annotated[Path, typer.Argument(help="CSV, workbook (.xlsx), JSON or JSON lines.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for the answers once all is sent.")]
Without = Annotated[list[str] | None, typer.Option(help="A column to leave out; may be given several times.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence; it stays on record.")]


@commands.command()
def keygen(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The laboratory's id on the exchange, such as L0142.")],
    folder: Annotated[Path, typer.Option(envvar="SHIAN_KEYS_FOLDER", help="Where the seed is kept.")] = Path(
        "var/keys"
    ),
) -> None:
    """Make the laboratory's key, once, and print the lines for the partners file; a key that there is stays."""
    try:
        partner = Partner(kind="lab", id=id_)
    except ValidationError as error:
        message = f"{id_} is no id on the exchange; write 2 to 32 capital letters, figures and -, such as L0142."
        raise CannotStartError(message) from error
    print_entry(partner, folder)


@commands.command()
def publish(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    user: As,
    region: InRegion,
    wait: Wait = _PATIENCE,
    again: Again = False,  # noqa: FBT002 - an option of the command line
    receipts_to: ReceiptsTo = None,
    sheet: Sheet = None,
    without: Without = None,
) -> None:
    """Check a file, publish its reports, and wait for the answers; safe to run again at any time.

    Nothing is sent from a file with a fault. Ends with 0 when all were accepted, 1 after faults or refusals, and 3 when
    some are without an answer yet.
    """
    check = Check(laboratory(user), county(region), again=again)
    send_file(check, Lines(file, sheet, without or ()), wait, receipts_to)


@commands.command()
def correct(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    user: As,
    region: InRegion,
    corrects: Annotated[str, typer.Option(help="The number of the report that this one takes the place of.")],
    why: Why,
    wait: Wait = _PATIENCE,
    again: Again = False,  # noqa: FBT002 - an option of the command line
    sheet: Sheet = None,
    without: Without = None,
) -> None:
    """Publish a report that takes the place of an earlier one; the file holds one report, with a number of its own."""
    stated(lambda: ResultWithdrawn(report_no=corrects, sample_no="S", why=why))  # complains before the file is read

    def as_correction(report: ResultReported) -> ResultCorrected:
        return ResultCorrected(**dict(report), corrects=corrects, why=why)

    check = Check(laboratory(user), county(region), as_correction, again=again)
    send_file(check, Lines(file, sheet, without or ()), wait, only_one=True)


@commands.command()
def withdraw(  # noqa: PLR0913, PLR0917 - the options of a command
    report_no: Annotated[str, typer.Argument(metavar="REPORT", help="The number of the report.")],
    sample_no: Annotated[str, typer.Argument(metavar="SAMPLE", help="The number of its sample.")],
    user: As,
    region: InRegion,
    why: Why,
    wait: Wait = _PATIENCE,
    again: Again = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Withdraw a report of the laboratory's own: nothing may rest on it any more."""
    who, where = laboratory(user), county(region)
    event = stated(lambda: ResultWithdrawn(report_no=report_no, sample_no=sample_no, why=why))
    request = Request(event, where, Place(report_no, sample_no))
    with remembering(who) as memory:
        spool = Spool(memory)
        put_aside([request], spool, who, again=again).stop()
        deliver(who, memory, spool, Delivery(wait))
        finish(spool, None, Lines(Path()).place)


@commands.command()
def status(  # noqa: PLR0913, PLR0917 - the options of a command
    user: As,
    file: Annotated[Path | None, typer.Argument(help="A file that was published; else all that was sent.")] = None,
    region: Annotated[str | None, typer.Option("--region", envvar="SHIAN_REGION", help="As at publishing.")] = None,
    receipts_to: ReceiptsTo = None,
    sheet: Sheet = None,
    without: Without = None,
) -> None:
    """Show what became of a file's reports, or of all that was sent; nothing is sent."""
    who = laboratory(user)
    if file and not region:
        message = "What was sent belongs to its region: give --region as when the file was published."
        raise CannotStartError(message)
    with remembering(who) as memory:
        asyncio.run(read_waiting(who, memory, _SHORT_PATIENCE, lambda text: typer.echo(text, err=True)))
        if file and region:
            spool, lines = Spool(memory), Lines(file, sheet, without or ())
            checked_file(Check(who, county(region)), lines, spool)
            finish(spool, receipts_to, lines.place)
        else:
            _show_all(memory)


@commands.command("watch")
def watch_command(user: As) -> None:
    """Show the exchange's answers as they come, until Ctrl-C; also who was drawn for a re-inspection."""
    who = laboratory(user)
    with remembering(who) as memory, contextlib.suppress(KeyboardInterrupt):
        typer.echo(f"Watching what {who.user} is told; Ctrl-C stops.", err=True)
        asyncio.run(watch(who, memory, lambda text: typer.echo(text, err=True), _tell))


def _show_all(memory: Memory) -> None:
    for sentence in memory.assignments():
        typer.echo(one_line(f"Re-inspection: {sentence}"))
    count, known = memory.still_open(MOST_SHOWN)
    for one in known:
        typer.echo(printable(receipts.known_sentence(one)))
    if count > len(known):
        typer.echo(f"… and {count - len(known)} more")
    counts = memory.counts()
    typer.echo(f"{sum(counts.values())} report(s): {receipts.summary(counts)}.")


def _tell(event: Event) -> None:
    if isinstance(event, ResultsAccepted):
        for one in event.receipts:
            typer.echo(one_line(f"report {one.report_no} on sample {one.sample_no}: {receipts.saying(one.verdict)}"))
    else:
        typer.echo(one_line(event.sentence()))
