"""What several commands do alike: check a file, send it, and say what became of each report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typer
from pydantic import ValidationError

from partners.asking import receipts
from partners.asking.answers import REFUSED, UNANSWERED, exit_code, show
from partners.asking.delivery import Delivery, deliver, remembering
from partners.asking.progress import Steps
from partners.asking.spool import Spool
from partners.laboratory.checking import Check, Checked
from partners.laboratory.lines import Lines
from partners.tables.faults import MOST_SHOWN, faults_of
from shared.contracts import PartnerEvent
from shared.failure import CannotStartError


def stated(make: Callable[[], PartnerEvent]) -> PartnerEvent:
    """An event made of options; raises CannotStartError with what is wrong with them."""
    try:
        return make()
    except ValidationError as error:
        raise CannotStartError("\n".join(map(str, faults_of(error)))) from error


def send_file(
    check: Check, lines: Lines, wait: float, receipts_to: Path | None = None, *, only_one: bool = False
) -> None:
    """Check a file, send it, and say what became of it; ends the command with what that means."""
    with remembering(check.laboratory) as remembered:
        spool = Spool(remembered)
        if receipts_to:
            receipts.write(receipts_to, (), lines.place)  # whether it can be, before anything is sent
        checked_file(check, lines, spool)
        if only_one and spool.total() != 1:
            message = (
                f"{lines.path} holds {spool.total()} reports; a correction is one report: give a file with that one."
            )
            raise CannotStartError(message)
        deliver(check.laboratory, remembered, spool, Delivery(wait))
        finish(spool, receipts_to, lines.place)


def checked_file(check: Check, lines: Lines, spool: Spool) -> Checked:
    """Check a file; ends the command with its faults."""
    with Steps() as steps:
        check = replace(check, on_row=lambda number: steps.reached("checked row", number))
        checked = check.file(lines, spool)
        faults = checked.faults
        for remark in checked.remarks():
            steps.say(remark)
        if not faults.count:
            return checked
        for fault in faults.first:
            steps.say(str(fault))
        more = f", of which the first {MOST_SHOWN} are shown" if faults.count > MOST_SHOWN else ""
        steps.say(f"{faults.count} fault(s){more}; nothing was sent. Mend the file, run the same command again.")
    raise typer.Exit(REFUSED)


def finish(spool: Spool, receipts_to: Path | None, place: receipts.Place) -> None:
    """Show what became of each report, and end the command with what that means."""
    show(spool, lambda fate: receipts.sentence(fate, place))
    states = spool.states()
    typer.echo(f"{spool.total()} report(s): {receipts.summary(states)}.")
    if receipts_to:
        receipts.write(receipts_to, spool.fates(), place)
    code = exit_code(states)
    if code == UNANSWERED:
        typer.echo("Not all is answered: look with `shian lab status` later, or run the same command again.", err=True)
    if code:
        raise typer.Exit(code)
