"""The catalogue of limits at the command line: why a limit holds, what is in the catalogue, and taking in more."""

from pathlib import Path
from typing import Annotated

import typer

from services.sampling.judging import limits
from services.sampling.judging.days import read_day
from services.sampling.judging.limit_explained import explained
from services.sampling.judging.limit_import import Imported, import_table
from services.sampling.judging.limits import Row
from services.sampling.judging.measured import Sample
from services.sampling.judging.substances import spelling
from shared.failure import CannotStartError
from shared.settings import from_environment

commands = typer.Typer(no_args_is_help=True, help="The catalogue of limits.")
_MOST_LINES = 50
"""Of a kind; who has more to read looks into the table."""
_UNKNOWN = "unknown"


@commands.command("explain")
def explain_command(
    analyte: Annotated[str, typer.Argument(help="As laboratories print it, such as 镉 or 镉(以Cd计).")],
    food: Annotated[str, typer.Argument(help="The product, such as 皮皮虾.")],
    date: Annotated[str, typer.Argument(help="Its production date, such as 2024-05-01, or unknown.")],
    category: Annotated[str, typer.Option(help="National food category (大类), such as 食用农产品.")] = "",
    subcategory: Annotated[str, typer.Option(help="Subcategory (亚类 or narrower).")] = "",
) -> None:
    """Show the limit that decides for a product, with its source, its law, and the editions before and after."""
    try:
        made_on = None if date == _UNKNOWN else read_day(date)
    except ValueError as error:
        message = f"{date} is no day; write the production date as 2024-05-01, or the word {_UNKNOWN}."
        raise CannotStartError(message) from error
    sample = Sample(food, category, subcategory, made_on)
    for line in explained(analyte, sample, limits.load(from_environment().catalogue_folder)):
        typer.echo(line)


@commands.command("list")
def list_command(
    analyte: Annotated[str, typer.Option(help="Only rows whose substance holds this text.")] = "",
    food: Annotated[str, typer.Option(help="Only rows whose food holds this text.")] = "",
) -> None:
    """List the rows of the catalogue, those that were imported among them."""
    rows = [row for row in limits.load(from_environment().catalogue_folder).rows if _matches(row, analyte, food)]
    for row in rows:
        checked = "verified" if row.verified else "unverified"
        typer.echo(f"{row.row_id:<8} {row.substance}  {row.food}  {row.limit}  {row.edition}  {checked}")
    verified = sum(1 for row in rows if row.verified)
    typer.echo(f"{len(rows)} rows, {verified} of them verified.", err=True)


@commands.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with the columns of the catalogue.")],
    into: Annotated[Path | None, typer.Option(help="The folder; else SHIAN_CATALOGUE_FOLDER.")] = None,
) -> None:
    """Take a table of limits into the operator's folder: all its rows, or none where a field is wrong.

    The columns are row_id, analyte, food, comparator (max, min, not_detected, not_permitted, ncmM), standard, evidence,
    and as far as they apply substance, foods, except, value, unit, n, c, m, M, basis, effective_from, effective_to,
    source, note. Several foods stand with | between them. The sampling service reads the folder when it starts.
    """
    folder = into or from_environment().catalogue_folder
    if folder is None:
        message = "There is no folder for imported limits; set SHIAN_CATALOGUE_FOLDER, or name one with --into."
        raise CannotStartError(message)
    imported = import_table(file, folder)
    _show(imported)
    if imported.faults:
        raise CannotStartError(imported.sentence())
    typer.echo(imported.sentence())
    if imported.added or imported.changed:
        typer.echo("Restart the sampling service, and it judges by them.")


def _show(imported: Imported) -> None:
    _print([f"note: {notice}" for notice in imported.notices], err=True)
    _print([str(fault) for fault in imported.faults], err=True)
    if not imported.faults:
        _print([f"added: {row_id}" for row_id in imported.added])
        _print([f"changed: {row_id}" for row_id in imported.changed])


def _print(lines: list[str], *, err: bool = False) -> None:
    for line in lines[:_MOST_LINES]:
        typer.echo(line, err=err)
    if len(lines) > _MOST_LINES:
        typer.echo(f"... and {len(lines) - _MOST_LINES} more", err=err)


def _matches(row: Row, analyte: str, food: str) -> bool:
    return spelling(analyte) in spelling(row.substance) and spelling(food) in spelling(row.food + "|".join(row.terms))
