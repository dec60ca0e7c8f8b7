"""The entries of operators in lists of serious violations, each with how it ended."""

from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.enforcement.store.base import EnforcementTable


class Listing(EnforcementTable, table=True):
    """One entry; it stands while nothing says how it ended."""

    entry_no: str = Field(primary_key=True)
    operator: str = Field(index=True)
    name_of_list: str
    case_no: str = Field(index=True)
    region: str
    reason: str
    entered_by: str
    listed_on: date
    until: date
    repair_from: date
    standing: str
    """Empty while it stands; then repaired, expired or annulled."""
    ended_on: date | None


_listing: Any = Listing.__table__  # type: ignore[attr-defined]


async def one(connection: AsyncConnection, entry_no: str) -> Row[Any] | None:
    """An entry, held until the transaction ends."""
    found = select(_listing).where(_listing.c.entry_no == entry_no).with_for_update()
    return (await connection.execute(found)).one_or_none()


async def standing(connection: AsyncConnection, *, operator: str = "", case_no: str = "") -> list[Row[Any]]:
    """The entries that stand, of one operator or resting on one case where that is given."""
    found = select(_listing).where(_listing.c.standing == "")
    if operator:
        found = found.where(_listing.c.operator == operator)
    if case_no:
        found = found.where(_listing.c.case_no == case_no)
    return list(await connection.execute(found.order_by(_listing.c.until, _listing.c.entry_no)))


async def keep(connection: AsyncConnection, entry: dict[str, Any]) -> None:
    """Keep a new entry."""
    await connection.execute(insert(_listing), [entry | {"standing": "", "ended_on": None}])


async def end(connection: AsyncConnection, entry_no: str, how: str, on: date) -> None:
    """An entry no longer stands."""
    this = update(_listing).where(_listing.c.entry_no == entry_no)
    await connection.execute(this.values(standing=how, ended_on=on))
