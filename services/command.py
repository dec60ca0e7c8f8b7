"""The command shian: what samplers, officers and laboratories ask of the exchange, and what its operator looks up."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from partners import person
from partners.asking.answers import REFUSED, UNANSWERED
from partners.asking.exchange import OutOfReachError
from partners.authority import commands as authority
from partners.laboratory.commands import commands as of_laboratories
from partners.notify.commands import notify
from partners.office import case, clock, credit, evidence, failure, laboratory, plan, rapid_test, report, review, sample
from partners.tables.faults import FaultyInputError
from services import lists
from services.case_export import check, export
from services.clocks_listed import instant
from services.dead import DeadLetter, dead_letter, dead_letters
from services.enforcement.steps import steps
from services.explaining import explain
from services.follow import follow as follow_sample
from services.limits import commands as of_limits
from services.printing import print_notice
from services.sampling.judging.offline import UnreadableTableError, judge_csv, text_lines
from services.trace import Step, trace
from shared.failure import CannotStartError
from shared.logs import one_line, printable
from shared.settings import from_environment

commands = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
dead = typer.Typer(no_args_is_help=True, help="Messages that could not be answered.")
commands.add_typer(dead, name="dead")

Command = Callable[..., Any]


def _ends() -> dict[str, frozenset[str]]:
    """The kinds of period that are over with each step of a case."""
    return {step.name: step.stops for step in steps().values()}


_GROUPS: dict[str, tuple[str, dict[str, Command]]] = {
    "person": ("A person's own key.", {"keygen": person.keygen}),
    "plan": (
        "The sampling plan of a year, and campaigns.",
        {"adopt": plan.adopt, "list": lists.plans, "show": lists.show_plan},
    ),
    "sample": (
        "A sample, from the form to the laboratory.",
        {
            "collect": sample.collect,
            "hand-over": sample.hand_over,
            "receive": sample.receive,
            "refuse": sample.refuse,
            "show": lists.show,
            "waiting": lists.waiting,
        },
    ),
    "rapid-test": ("Rapid tests on the spot.", {"record": rapid_test.record}),
    "unclear": (
        "Results that the exchange cannot decide.",
        {"list": lists.unclear, "settle": failure.settle},
    ),
    "notice": ("The notice of a failed result.", {"print": print_notice, "serve": failure.serve}),
    "reinspect": (
        "Re-inspections of failed samples.",
        {
            "request": review.request,
            "call-off": review.call_off,
            "conclude": review.conclude,
            "settle": review.settle,
            "list": lists.open_reinspections,
        },
    ),
    "objection": (
        "Objections to failed samples.",
        {"file": review.file, "decide": review.decide, "list": lists.open_objections},
    ),
    "disposal": ("Verification and disposal of failed samples.", {"close": failure.close_disposal}),
    "case": (
        "A case, from the evidence to its closing.",
        {
            "list": lists.cases,
            "show": lists.show_case,
            "add": evidence.add,
            "facts": case.facts,
            "draft": report.draft,
            "report": report.submit,
            "sign": case.sign,
            "withdraw": case.withdraw,
            "approve": case.approve,
            "refuse": case.refuse,
            "transfer": case.transfer,
            "reconsider": case.reconsider,
            "suggest": case.suggest,
            "hand-over": case.hand_over,
            "seize": case.seize,
            "release": case.release,
            "penalise": case.penalise,
            "publish": case.publish,
            "flag": case.flag,
            "bulletin": case.bulletin,
            "close": case.close,
            "clock": case.correct_clock,
            "export": export,
            "check": check,
        },
    ),
    "authority": ("Police and procuratorate: follow cases, and answer.", authority.commands(_ends)),
    "credit": (
        "The lists of operators who seriously broke the law.",
        {"enter": credit.enter, "repair": credit.repair, "list": lists.credit},
    ),
    "clock": ("Statutory clocks.", {"list": lists.clocks, "correct": clock.correct}),
    "laboratory": (
        "The agency's registry of laboratories.",
        {"accredit": laboratory.accredit, "round": laboratory.close_round, "list": lists.laboratories},
    ),
}
"""What the agency's people do, by subject; a module of ``partners.office`` asks, one of ``services`` looks up."""


def _group(does: str, its: dict[str, Command]) -> typer.Typer:
    group = typer.Typer(no_args_is_help=True, help=does)
    for name, command in its.items():
        group.command(name)(command)
    return group


for _name, (_does, _its) in _GROUPS.items():
    commands.add_typer(_group(_does, _its), name=_name)
commands.add_typer(of_laboratories, name="lab")
commands.add_typer(of_limits, name="limits")
commands.command()(notify)
commands.command()(explain)


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
def trace_command(
    sample_no: Annotated[str, typer.Argument(help="The sample's number, such as DEMO-F0001.")],
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what is told of it, until Ctrl-C.")
    ] = False,
) -> None:
    """Print the path of one sample with times and reasons."""
    try:
        if follow:
            asyncio.run(
                follow_sample(from_environment(), sample_no, _show_step, lambda text: typer.echo(text, err=True))
            )
        steps = asyncio.run(trace(from_environment(), sample_no))
        if not steps:
            message = f"No report on sample {sample_no} was taken; check the number."
            raise CannotStartError(message)
        for step in steps:
            _show_step(step)
    except KeyboardInterrupt:
        return
    except BrokenPipeError:  # the reader, such as `grep -m1`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_step(step: Step) -> None:
    typer.echo(one_line(f"{instant(step.time)}  {step.teller:<12} {step.sentence}"))
    for reason in step.reasons:
        typer.echo(one_line(f"{'':<43}{reason}"))


@dead.command("list")
def list_command() -> None:
    """List the dead letters."""
    letters = asyncio.run(dead_letters(from_environment()))
    for letter in letters:
        line = f"{letter.number:>6}  {letter.time}  {letter.service:<12} {letter.reason:<16} {letter.subject}"
        typer.echo(one_line(line))
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
        typer.echo(one_line(f"{name + ':':<13}{fact}"))
    typer.echo(one_line(letter.payload.decode("utf-8", errors="backslashreplace")))


def main() -> None:
    """The program; a fault that a person can mend is one sentence on standard error each.

    Exit codes: 0 done, 1 refused or faulty, 2 no such command or option, 3 not answered yet.
    """
    try:
        commands()
    except FaultyInputError as error:
        typer.echo(printable(str(error)), err=True)
        typer.echo("Nothing was sent.", err=True)
        sys.exit(REFUSED)
    except CannotStartError as error:
        typer.echo(printable(str(error)), err=True)
        sys.exit(UNANSWERED if isinstance(error, OutOfReachError) else REFUSED)
