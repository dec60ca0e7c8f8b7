"""The enforcement service's tables and queries: cases and the failed samples that belong to them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.tables import tables_in


class EnforcementTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""


class Case(EnforcementTable, table=True):
    """An open case (核查处置)."""

    __tablename__ = "case_file"  # CASE is a word of SQL

    case_no: str = Field(primary_key=True)
    producer: str | None
    product: str


class CaseSample(EnforcementTable, table=True):
    """A failed sample of a case, and whether it was referred or why not."""

    __tablename__ = "case_sample"

    laboratory: str = Field(primary_key=True)
    report_no: str = Field(primary_key=True)
    case_no: str
    sample_no: str
    referred: bool
    reason: str


tables = tables_in(EnforcementTable.metadata)
_case: Any = Case.__table__  # type: ignore[attr-defined]
_sample: Any = CaseSample.__table__  # type: ignore[attr-defined]


async def open_cases(connection: AsyncConnection, case_nos: Sequence[str]) -> set[str]:
    """Which of these cases are open already."""
    rows = await connection.execute(select(_case.c.case_no).where(_case.c.case_no.in_(case_nos)))
    return {row.case_no for row in rows}


async def keep(connection: AsyncConnection, cases: Sequence[dict[str, Any]], samples: Sequence[dict[str, Any]]) -> None:
    """Keep new cases, and the samples of new and open ones."""
    if cases:
        await connection.execute(insert(_case), list(cases))
    if samples:
        await connection.execute(insert(_sample), list(samples))
