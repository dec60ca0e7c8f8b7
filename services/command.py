"""The command shian: judge a file offline, follow one sample, look at dead letters."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.dead import DeadLetter, dead_letter, dead_letters
from services.sampling.offline import UnreadableTableError, judge_csv, text_lines
from services.trace import trace
from shared.failure import CannotStartError
from shared.settings import from_environment

commands = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
dead = typer.Typer(no_args_is_help=True, help="Messages that could not be answered.")
commands.add_typer(dead, name="dead")


@commands.command()
def judge(file: Annotated[Path, typer.Argument(help="CSV with the columns that are named above")]) -> None:
    """Judge each row of a CSV file, without a server, and print the verdicts as CSV.

    The file needs the columns row_id, product, category, production_date (may be empty), analyte, result_raw and
    limit_raw, in any order; others are ignored.
    """
    try:
        with file.open("rb") as table:
            summary = judge_csv(text_lines(table), sys.stdout)
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror}); name a CSV file."
        raise CannotStartError(message) from error
    except UnreadableTableError as error:
        message = f"{file}: {error}"
        raise CannotStartError(message) from error
    typer.echo(summary.sentence(), err=True)


@commands.command("trace")
def trace_command(sample_no: Annotated[str, typer.Argument(help="The sample's number, such as DEMO-F0001.")]) -> None:
    """Print the path of one sample with times and reasons."""
    steps = asyncio.run(trace(from_environment(), sample_no))
    if not steps:
        message = f"No report on sample {sample_no} was taken; check the number."
        raise CannotStartError(message)
    for step in steps:
        typer.echo(f"{step.time.isoformat(timespec='milliseconds')}  {step.teller:<12} {step.sentence}")
        for reason in step.reasons:
            typer.echo(f"{'':<43}{reason}")


@dead.command("list")
def list_command() -> None:
    """List the dead letters."""
    letters = asyncio.run(dead_letters(from_environment()))
    for letter in letters:
        typer.echo(f"{letter.number:>6}  {letter.time}  {letter.service:<12} {letter.reason:<16} {letter.subject}")
    if not letters:
        typer.echo("There are no dead letters.")


@dead.command("show")
def show_command(number: Annotated[int, typer.Argument(help="Its number in the list.")]) -> None:
    """Show one dead letter with its original bytes."""
    letter = asyncio.run(dead_letter(from_environment(), number))
    _show(letter)


def _show(letter: DeadLetter) -> None:
    facts = {
        "number": letter.number,
        "time": letter.time,
        "service": letter.service,
        "reason": letter.reason,
        "explanation": letter.explanation,
        "subject": letter.subject,
        "place": letter.origin,
        "deliveries": letter.deliveries,
    }
    for name, fact in facts.items():
        typer.echo(f"{name + ':':<13}{fact}")
    typer.echo(letter.payload.decode("utf-8", errors="backslashreplace"))


def main() -> None:
    """The program; a fault that a person can mend is one sentence on standard error and exit code 1."""
    try:
        commands()
    except CannotStartError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
