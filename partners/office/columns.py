"""The columns of the office's tables: sampling forms, and the entries of plans, accreditations and rounds.

The names are the table ``data/fields.csv``.
"""

from functools import cache
from typing import Literal

from pydantic import BaseModel

from partners.tables.columns import Names, names_in

Table = Literal["form", "plan", "scope", "round"]


@cache
def names(table: Table, event: type[BaseModel]) -> Names:
    """What may stand above a column of a table whose rows become this event or part of one."""
    return names_in("partners.office", event.model_fields, table)
