"""What the office looks up: what a person has to decide, reports that wait, samples, clocks, laboratories, plans.

The lists are read from the sampling service's own database, where the agency keeps it; nothing is changed. Who acts on
what is found says so on the bus, with a key of its own.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import typer
from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services import cases_listed, clocks_listed, plans_listed
from services.clocks_listed import minute
from services.enforcement.steps import State
from services.enforcement.store import tables as of_cases
from services.reading import read
from services.sampling import reinspection
from services.sampling.store import acts, reinspections, reports, samples, tables
from services.sampling.store import laboratories as registry
from services.sampling.store.reinspections import Objection, Reinspection
from shared.contracts import Verdict
from shared.contracts.catalogue import ServiceName
from shared.failure import CannotStartError
from shared.logs import one_line
from shared.settings import from_environment
from shared.tables import Tables

Sample = Annotated[str, typer.Argument(help="The sample's number, such as DEMO-F0001.")]
Plan = Annotated[str, typer.Argument(help="The plan's number, such as PLAN-2026.")]
Query = Callable[[AsyncConnection], Awaitable[list[str]]]
_reinspection: Table = Reinspection.__table__  # type: ignore[attr-defined]
_objection: Table = Objection.__table__  # type: ignore[attr-defined]


def unclear() -> None:
    """List the results that a person has to decide, the oldest first, each with what is unclear."""
    _print(_unclear, "No result is unclear.")


def waiting() -> None:
    """List the reports that wait for the sampling form of their sample."""
    _print(_waiting, "No report waits for its form.")


def show(sample_no: Sample) -> None:
    """Show one sample: its form, its way, its reports, what was done about it, and its clocks."""
    _print(lambda connection: _show(connection, sample_no), f"Sample {sample_no} is unknown; check the number.")


def open_reinspections() -> None:
    """List the re-inspections that are not concluded, or that a person has to decide."""
    _print(_open_reinspections, "No re-inspection is open.")


def open_objections() -> None:
    """List the objections that are under review, each with the last day of its review."""
    _print(_open_objections, "No objection is open.")


def clocks(
    missed: Annotated[bool, typer.Option("--missed", help="Only those whose end has passed.")] = False,  # noqa: FBT002
) -> None:
    """List the statutory clocks of samples and of cases that run, by their end."""
    rows = read(_clocks(tables, missed=missed))
    try:
        rows += read(_clocks(of_cases, missed=missed), "enforcement")
    except CannotStartError as error:  # those of the samples are worth having without
        typer.echo(f"The clocks of cases are not shown: {error}", err=True)
    nothing = "None is missed." if missed else "No clock runs."
    for line in [clocks_listed.line(row) for row in sorted(rows, key=lambda row: row.due)] or [nothing]:
        typer.echo(one_line(line))


def laboratories() -> None:
    """List the laboratories: reports on time, corrected, overturned; accreditation; the latest proficiency scores."""
    _print(_laboratories, "No laboratory has reported.")


def plans() -> None:
    """List the plans and campaigns, each with its samples and how far its targets and lines are."""
    base = from_environment().population_base
    _print(lambda connection: plans_listed.all_plans(connection, base), "No plan was adopted.")


def show_plan(plan_no: Plan) -> None:
    """Show one plan: how far its targets and each of its lines are, and its samples by township."""
    base = from_environment().population_base
    nothing = f"Plan {plan_no} was not adopted; check the number."
    _print(lambda connection: plans_listed.one_plan(connection, plan_no, base), nothing)


def cases(
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that are closed or withdrawn.")] = False,  # noqa: FBT002
) -> None:
    """List the cases, the one whose next period ends first at the top."""
    _print(
        lambda connection: cases_listed.all_cases(connection, state=state, ended=ended),
        "There is no such case.",
        "enforcement",
    )


def show_case(case_no: Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")]) -> None:
    """Show one case: its samples, dossier, timeline and periods, and what can be done next, by whom."""
    nothing = f"There is no case {case_no}; check the number."
    _print(lambda connection: cases_listed.one_case(connection, case_no), nothing, "enforcement")


def credit(
    operator: Annotated[str, typer.Option(help="Only this operator's, such as P0001.")] = "",
) -> None:
    """List the entries of operators that stand, the one that ends first at the top."""
    _print(lambda connection: cases_listed.entries(connection, operator), "No such entry stands.", "enforcement")


def _print(query: Query, nothing: str, service: ServiceName = "sampling") -> None:
    for line in read(query, service) or [nothing]:
        typer.echo(one_line(line))


async def _unclear(connection: AsyncConnection) -> list[str]:
    return [
        f"{one.sample_no}  {one.laboratory} {one.report_no}  {one.product}  "
        + "; ".join(f"{finding.analyte} ({finding.reason.value}): {finding.explanation}" for finding in one.decisive)
        for one in await reports.unclear(connection)
    ]


async def _waiting(connection: AsyncConnection) -> list[str]:
    return [
        f"{row.sample_no}  {row.laboratory} {row.report_no}  since {minute(row.reported_at)}  by itself {row.verdict}"
        for row in await reports.waiting(connection)
    ]


async def _open_reinspections(connection: AsyncConnection) -> list[str]:
    open_ = _reinspection.c.state.in_((reinspections.OPEN, reinspections.UNCLEAR))
    return [_reinspection_line(row) for row in await _rows(connection, _reinspection, open_)]


async def _open_objections(connection: AsyncConnection) -> list[str]:
    open_ = _objection.c.state == reinspections.OPEN
    return [_objection_line(row) for row in await _rows(connection, _objection, open_)]


async def _show(connection: AsyncConnection, sample_no: str) -> list[str]:
    form = await samples.form_of(connection, sample_no)
    known = await samples.one(connection, sample_no)
    lines = []
    if form and known:
        facts = form.model_dump(mode="json", exclude_defaults=True)
        lines = [f"{sample_no}  {known.state}, laboratory {known.laboratory or 'not named'}"]
        lines += [f"  {name:<20} {_plain(value)}" for name, value in facts.items() if name != "sample_no"]
        lines += [
            f"  {minute(step.at)}  {step.step.replace('_', ' ')} by {step.told_by}, with {step.holder}"
            f"{', seal ' + step.seal_no if step.seal_no else ''}{': ' + step.text if step.text else ''}"
            for step in await samples.custody_of(connection, sample_no)
        ]
    lines += [_report_line(row, known) for row in await reports.on_sample(connection, sample_no)]
    lines += [f"  {minute(act.at)}  {act.told_by}: {act.text}" for act in await acts.on_sample(connection, sample_no)]
    for table, line in ((_reinspection, _reinspection_line), (_objection, _objection_line)):
        lines += [f"  {line(row)}" for row in await _rows(connection, table, table.c.sample_no == sample_no)]
    return lines + [
        f"  {clocks_listed.line(row)}" for row in await _clock_rows(connection, tables.clock.c.trace == sample_no)
    ]


def _clocks(of: Tables, *, missed: bool) -> Callable[[AsyncConnection], Awaitable[list[Row[Any]]]]:
    """Finds one service's clocks."""

    async def found(connection: AsyncConnection) -> list[Row[Any]]:
        rows = await connection.execute(clocks_listed.running(of))
        return [row for row in rows if not missed or row.next is None]

    return found


async def _laboratories(connection: AsyncConnection) -> list[str]:
    figures = await reports.figures(connection)
    entries = await registry.accreditations(connection)
    scores = await registry.scores(connection)
    return [
        f"{laboratory}  {_shares(figures.get(laboratory))}; {_accredited(entries.get(laboratory))}"
        + "".join(f"; {_score_text(score)}" for score in scores.get(laboratory, ())[-3:])
        for laboratory in sorted({*figures, *entries, *scores})
    ]


def _shares(row: Row[Any] | None) -> str:
    if row is None:
        return "no reports"
    return f"{row.reports} reports: " + ", ".join(
        f"{name} {int(getattr(row, column))} ({int(getattr(row, column)) / row.reports:.1%})"
        for name, column in (("on time", "on_time"), ("corrected", "corrected"), ("overturned", "overturned"))
    )


def _accredited(entries: Sequence[Row[Any]] | None) -> str:
    if not entries:
        return "not accredited"
    return f"accredited {entries[-1].valid_from} to {entries[-1].valid_to} ({entries[-1].certificate_no})"


def _score_text(score: Row[Any]) -> str:
    flagged = ", flagged" if score.flagged else ""
    return f"z {score.z} on {score.substance} in round {score.round_no} ({score.rating}{flagged})"


async def _clock_rows(connection: AsyncConnection, condition: Any) -> list[Row[Any]]:
    return sorted(await _rows(connection, tables.clock, condition), key=lambda row: row.due)


def _plain(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _report_line(row: Row[Any], sample: Row[Any] | None) -> str:
    more = f", corrected by {row.superseded_by}" if row.superseded_by else ""
    on_time = "on time" if row.on_time else "late"
    if sample and row.state == reports.STANDING:
        expires_on = reinspection.expiry(sample.production_date, sample.shelf_life_days)
        until = reinspection.kept_until(Verdict(row.verdict), row.concluded_on, expires_on)
        more += f", reserve portion kept until {until}"
    return f"  report {row.laboratory} {row.report_no}  {row.verdict}, {row.state}, {on_time}{more}"


def _reinspection_line(row: Row[Any]) -> str:
    asked = f"asked for by the {row.requested_by} on {row.requested_on}"
    return f"re-inspection {row.reinspection_no} of {row.sample_no}  {row.state}, laboratory {row.laboratory}, {asked}"


def _objection_line(row: Row[Any]) -> str:
    asked = f"{row.ground}, by the {row.addressee} on {row.filed_on}"
    return f"objection {row.objection_no} to {row.sample_no}  {row.state}, {asked}, review until {row.review_until}"


async def _rows(connection: AsyncConnection, table: Table, condition: Any) -> list[Row[Any]]:
    return list(await connection.execute(select(table).where(condition)))
