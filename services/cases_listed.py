"""What the office looks up of its cases: how far each is, its dossier, its timeline, its periods, what can be done.

Read from the enforcement service's own database, where the agency keeps it; nothing is changed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services import clocks_listed
from services.clocks_listed import minute
from services.enforcement.steps import ENDED, State, steps
from services.enforcement.store import evidence, listings, samples, tables
from services.enforcement.store import steps as timeline
from services.enforcement.store.cases import Case
from shared.clocks import kind_of
from shared.contracts import digest_of

_case: Table = Case.__table__  # type: ignore[attr-defined]


async def all_cases(connection: AsyncConnection, *, state: State | None, ended: bool) -> list[str]:
    """A line for each case, the one whose next period ends first at the top."""
    found = select(_case)
    if state:
        found = found.where(_case.c.state == state)
    elif not ended:
        found = found.where(_case.c.state.not_in(ENDED))
    rows = list(await connection.execute(found))
    ends = await _next_ends(connection)
    rows.sort(key=lambda row: (ends.get(row.case_no, ("9", ""))[0], row.case_no))
    return [line_of(row, ends.get(row.case_no)) for row in rows]


async def one_case(connection: AsyncConnection, case_no: str) -> list[str]:
    """Everything of one case; nothing where there is none."""
    row = (await connection.execute(select(_case).where(_case.c.case_no == case_no))).one_or_none()
    if row is None:
        return []
    items = await evidence.of_case(connection, case_no)
    stands = await samples.of_cases(connection, [case_no])
    clocks = await _clocks(connection, case_no)
    lines = [line_of(row), *_head(row)]
    lines += ["samples"] + [_sample(one) for one in stands]
    lines += ["dossier " + _digest(row, items)] + [_item(one) for one in items] if items else []
    lines += ["timeline"] + [_step(one) for one in await timeline.of_case(connection, case_no)]
    lines += ["periods"] + [f"  {clocks_listed.line(one)}" for one in clocks] if clocks else []
    return [*lines, "possible now", *_possible(row)]


async def _next_ends(connection: AsyncConnection) -> dict[str, tuple[str, str]]:
    """Of each case the running period that ends first: when, and its kind."""
    rows = list(await connection.execute(clocks_listed.running(tables)))
    return {row.trace: (minute(row.due), kind_of(row.clock)) for row in reversed(rows)}


async def _clocks(connection: AsyncConnection, case_no: str) -> list[Row[Any]]:
    clock = tables.clock
    return list(await connection.execute(select(clock).where(clock.c.trace == case_no).order_by(clock.c.due)))


def line_of(row: Row[Any], end: tuple[str, str] | None = None) -> str:
    """A case in one line, with the end of its next period and its kind where they are given."""
    producer = f" of {row.producer}" if row.producer else ""
    until = f", {end[1]} until {end[0]}" if end else ""
    flag = f", {row.supervision}" if row.supervision else ""
    state = row.state.replace("_", " ")
    return f"{row.case_no}  {state}, version {row.version}, {row.product}{producer}, region {row.region}{flag}{until}"


def _head(row: Row[Any]) -> list[str]:
    facts = {
        "opened": minute(row.opened_at),
        "offence": f"Art {row.offence} of the Criminal Law" if row.offence else "",
        "reported by": row.reported_by,
        "signed by": row.signed_by,
        "approved by": f"{row.approved_by}, {minute(row.approved_at)}" if row.approved_by else "",
        "police": row.police,
        "opinion awaited": row.opinion_pending,
        "supervision": row.supervision,
        "facts": "" if row.facts == "{}" else row.facts,
    }
    return [f"  {name:<16}{fact}" for name, fact in facts.items() if fact]


def _sample(row: Row[Any]) -> str:
    standing = "overturned" if row.overturned else "stands"
    referred = f"referred by {row.reason}" if row.referred else f"not referred ({row.reason})"
    return f"  {row.sample_no}  {row.laboratory} {row.report_no}, {standing}, {referred}"


def _digest(row: Row[Any], items: Sequence[Row[Any]]) -> str:
    stands = digest_of(evidence.current(items))
    return stands if row.dossier in ("", stands) else f"{stands} (signed: {row.dossier})"


def _item(row: Row[Any]) -> str:
    replaced = f", replaced in version {row.replaced_in}" if row.replaced_in else ""
    return (
        f"  {row.kind} {row.reference}  {row.sha256}, {row.size} bytes, of {row.made_on}, "
        f"by {row.added_by} in version {row.version}{replaced}"
    )


def _step(row: Row[Any]) -> str:
    return f"  {row.version:>3}  {minute(row.at)}  {row.by}: {row.text}"


def _possible(row: Row[Any]) -> list[str]:
    """The steps that the law allows from this state, by whom."""
    by_actor: dict[str, list[str]] = {}
    for step in steps().values():
        if State(row.state) in step.sources:
            by_actor.setdefault(step.actor, []).append(step.name.replace("_", " "))
    return [f"  {actor}: {', '.join(names)}" for actor, names in by_actor.items()] or ["  nothing"]


async def entries(connection: AsyncConnection, operator: str) -> list[str]:
    """A line for each entry in a list that stands, of one operator where one is named."""
    return [
        f"{row.entry_no}  {row.operator} in {row.name_of_list} from {row.listed_on} to {row.until}, "
        f"repair from {row.repair_from} on, case {row.case_no}: {row.reason}"
        for row in await listings.standing(connection, operator=operator)
    ]
