"""The end of an entry in a list: told once, and its term runs no longer."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.enforcement.store import listings, tables
from shared.clocks import Stop, stop_clocks
from shared.contracts import OperatorRelisted
from shared.contracts.credit import Standing
from shared.heard import Heard, Work
from shared.workdays import day_in_china

TERM = "LST-01"
"""How long an entry stands."""
REPAIR = "LST-02"
"""How long it stands at least, before it can be repaired."""


def clock_of(entry_no: str) -> str:
    """The name of the clock of an entry's term."""
    return f"{TERM}:{entry_no}"


async def end(heard: Heard[Any], row: Row[Any], work: Work, ending: tuple[Standing, str, str]) -> OperatorRelisted:
    """End an entry that stands: how, by whom, and why; returns what was told."""
    standing, by, why = ending
    at: datetime = heard.origin.received
    event = OperatorRelisted(
        entry_no=row.entry_no,
        operator=row.operator,
        name_of_list=row.name_of_list,
        case_no=row.case_no,
        standing=standing,
        ended_on=day_in_china(at),
        by=by,
        why=why,
    )
    work.tell(heard, event, region=row.region)
    await listings.end(work.connection, row.entry_no, standing, event.ended_on)
    await stop_clocks(work, tables, [Stop(clock_of(row.entry_no), at)])
    return event
