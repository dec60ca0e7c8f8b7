"""The statutory periods that sampling keeps, as data with their source."""

import functools

from services.sampling.reviewed import rows
from shared.deadlines import Deadline, deadlines_in


@functools.cache
def deadlines() -> dict[str, Deadline]:
    """Read the table of periods, by kind."""
    return deadlines_in(rows("deadlines.csv"))
