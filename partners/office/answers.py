"""Sending what a person asks, and printing what the exchange answers: a line for each request, and an exit code.

Exit codes: 0 where everything was accepted, 1 where something was refused or what was written is faulty, 3 where the
exchange has not answered yet (2 is the command line's own, for a command that does not exist).
"""

import asyncio
from collections.abc import Sequence

import typer

from partners.office.asking import Answer, Request, ask
from partners.person import Person
from shared.contracts import Reason, RequestAccepted, RequestRefused
from shared.workdays import CHINA

REFUSED = 1
UNANSWERED = 3


def send(person: Person, requests: Sequence[Request], wait: float, *, again: bool = False) -> None:
    """Ask, wait and print; ends the command with its exit code. ``again`` asks once more what was refused."""
    answers = asyncio.run(ask(person, requests, wait, again=again))
    for answer in answers:
        typer.echo(line_of(answer))
    if len(answers) > 1:
        typer.echo(_summary(answers))
    if code := exit_code(answers):
        raise typer.Exit(code)


def line_of(answer: Answer) -> str:
    """What became of a request, in words; warnings, or what was asked, follow on lines of their own."""
    receipt = answer.receipt
    asked = f"  Asked: {answer.asked.sentence}"
    if receipt is None:
        return (
            "No answer yet: the exchange keeps the request. Run the same command again to read the answer; nothing is "
            f"done twice.\n{asked}"
        )
    when = answer.asked.at.astimezone(CHINA).isoformat(sep=" ", timespec="minutes")
    before = f" (asked before, on {when})" if answer.is_repeated else ""
    if isinstance(receipt, RequestRefused):
        field = receipt.where.removeprefix("data.")
        more = " With --again it is asked once more." if answer.is_repeated else ""
        return f"Refused{before}: {receipt.explanation} ({receipt.reason.value}, {field}){more}\n{asked}"
    return "\n".join((f"Accepted{before}: {receipt.text}", *(f"  Warning: {_cited(one)}" for one in receipt.warnings)))


def exit_code(answers: Sequence[Answer]) -> int:
    """0 where everything was accepted, 1 where something was refused, 3 where something is not answered yet."""
    receipts = [answer.receipt for answer in answers]
    if any(isinstance(receipt, RequestRefused) for receipt in receipts):
        return REFUSED
    return UNANSWERED if None in receipts else 0


def _cited(warning: Reason) -> str:
    mark = "" if warning.verified else ", unverified"
    return f"{warning.text} [{warning.citation}{mark}]" if warning.citation else warning.text


def _summary(answers: Sequence[Answer]) -> str:
    accepted = sum(isinstance(answer.receipt, RequestAccepted) for answer in answers)
    unanswered = sum(answer.receipt is None for answer in answers)
    refused = len(answers) - accepted - unanswered
    return f"{len(answers)} requests: {accepted} accepted, {refused} refused, {unanswered} without an answer yet."
