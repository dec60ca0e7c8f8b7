"""The statutory periods that enforcement keeps, as data with their source."""

import functools

from services.enforcement import reviewed
from shared.deadlines import Deadline, deadlines_in


@functools.cache
def deadlines() -> dict[str, Deadline]:
    """Read the table of periods, by kind."""
    return deadlines_in(reviewed.rows("deadlines.csv"))
