"""What the exchange answered, as a person reads it: a line for each request, and an exit code.

Exit codes: 0 where everything was accepted, 1 where something was refused or what was written is faulty, 3 where the
exchange has not answered yet (2 is the command line's own, for a command that does not exist).
"""

import json
from collections.abc import Callable, Mapping

import typer

from partners.asking import memory
from partners.asking.spool import Fate, Spool
from partners.tables.faults import MOST_SHOWN
from shared.contracts import Reason
from shared.logs import printable
from shared.workdays import CHINA

REFUSED = 1
UNANSWERED = 3


def line_of(fate: Fate) -> str:
    """What became of a request, in words; warnings, or what was asked, follow on lines of their own."""
    known = fate.known
    asked = f"  Asked: {fate.sentence}"
    if not known.state:
        return (
            "No answer yet: the exchange keeps the request. Run the same command again to read the answer; nothing is "
            f"done twice.\n{asked}"
        )
    before = ""
    if fate.asked_before and fate.at is not None:
        when = fate.at.astimezone(CHINA).isoformat(sep=" ", timespec="minutes")
        before = f" (asked before, on {when})"
    if known.state == memory.REFUSED:
        field = known.place.removeprefix("data.")
        more = " With --again it is asked once more." if before else ""
        return f"Refused{before}: {known.explanation} ({known.reason}, {field}){more}\n{asked}"
    warnings = [Reason.model_validate(one) for one in json.loads(known.warnings or "[]")]
    return "\n".join((f"Accepted{before}: {known.explanation}", *(f"  Warning: {_cited(one)}" for one in warnings)))


def show(spool: Spool, line: Callable[[Fate], str]) -> None:
    """Print what became of each request; of very many the first that were refused or carry a warning."""
    many = spool.total() > MOST_SHOWN
    for count, fate in enumerate(spool.fates(worth_reading=many)):
        if count == MOST_SHOWN:
            typer.echo("… and more; --receipts FILE writes them all.")
            break
        typer.echo(printable(line(fate)))


def exit_code(states: Mapping[str, int]) -> int:
    """0 where everything was accepted, 1 where something was refused, 3 where something is not answered yet."""
    if states.get(memory.REFUSED):
        return REFUSED
    return UNANSWERED if states.get("") or states.get(memory.UNSENT) else 0


def summary(states: Mapping[str, int]) -> str:
    """The counts in one line."""
    total = sum(states.values())
    refused = states.get(memory.REFUSED, 0)
    unanswered = states.get("", 0) + states.get(memory.UNSENT, 0)
    accepted = total - refused - unanswered
    return f"{total} requests: {accepted} accepted, {refused} refused, {unanswered} without an answer yet."


def _cited(warning: Reason) -> str:
    mark = "" if warning.verified else ", unverified"
    return f"{warning.text} [{warning.citation}{mark}]" if warning.citation else warning.text
