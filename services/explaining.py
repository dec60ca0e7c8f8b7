"""``shian explain``: why a case is referred or not, rule by rule, from what the enforcement service kept."""

from typing import Annotated, Any

import typer
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases_explained import ExplainedCase, ExplainedSample, explained
from services.cases_listed import line_of
from services.enforcement.grounds.aggravation import Known, aggravating
from services.enforcement.grounds.assessment import load
from services.enforcement.restating import Stated, earlier_cases
from services.enforcement.store import cases, samples
from services.reading import read
from shared.failure import CannotStartError
from shared.logs import one_line


def explain(case_no: Annotated[str, typer.Argument(metavar="CASE", help="The case's number.")]) -> None:
    """Print rule by rule what was looked at in a case and what it found, also the rules that did not apply."""
    for line in explained(read(lambda connection: _case(connection, case_no), "enforcement")):
        typer.echo(one_line(line))


async def _case(connection: AsyncConnection, case_no: str) -> ExplainedCase:
    case = await cases.one(connection, case_no)
    if case is None:
        message = f"There is no case {case_no}; check the number."
        raise CannotStartError(message)
    rows = await samples.of_cases(connection, [case_no])
    stated = Stated.kept(case.facts).facts
    known = Known(
        [load(row.assessments) for row in rows if not row.overturned],
        await earlier_cases(connection, case.producer, case.opened_at),
    )
    return ExplainedCase(
        head=line_of(case),
        samples=[_sample(row, case.product) for row in rows],
        stated=stated,
        by_facts=load(case.assessments),
        aggravation=aggravating(stated, known),
    )


def _sample(row: Row[Any], product: str) -> ExplainedSample:
    return ExplainedSample(
        sample_no=row.sample_no,
        report=f"{row.laboratory} {row.report_no}",
        product=product,
        assessments=load(row.assessments),
        overturned=row.overturned,
    )
