"""A table as a person sees it: the row that names the columns, and below it each row with the number that is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from partners.tables.cells import is_empty
from partners.tables.columns import Columns, Names, columns_of
from partners.tables.faults import Fault, FaultyInputError
from partners.tables.rows import Row, rows_of

_FIRST_ROWS = 20
"""Above the names of the columns there may be titles and remarks."""
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a table that is not empty."""

    number: int
    cells: Sequence[Any]
    """At most as many as there are columns."""
    faults: tuple[Fault, ...]
    """Of what stands in a column without a name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose columns are known; its rows can be gone through once."""

    columns: Columns
    rows: Iterator[SheetRow]


def sheet_of(path: Path, names: Names, *, fewest: int, sheet: str | None = None, without: Sequence[str] = ()) -> Sheet:
    """Read a table; its columns are named by the first row with so many known names, or with any cell where it is 0.

    Raises FaultyInputError where the file cannot be read, a column is unknown, or a needed row of names is missing.
    """
    rows = rows_of(path, sheet)
    for _, cells in islice(rows, _FIRST_ROWS):
        heads = ["" if cell is None else str(cell).strip() for cell in cells]
        if any(heads) and names.known(heads) >= fewest:
            columns = columns_of(names, heads, without)
            return Sheet(columns, _below(columns, rows))
    text = "is empty; the first row names the columns."
    if fewest:
        labels = {field: name for name, field in reversed(list(names.fields.items())) if not name.isascii()}
        *some, last = list(reversed(labels.values()))[:_EXAMPLES]
        text = f"none of the first {_FIRST_ROWS} rows names columns such as {'、'.join(some)} and {last}."
    raise FaultyInputError([Fault(str(path), text)])


def _below(columns: Columns, rows: Iterator[Row]) -> Iterator[SheetRow]:
    width = len(columns.heads)
    nameless = [n for n, head in enumerate(columns.heads) if not head.strip()]
    for number, cells in rows:
        if all(map(is_empty, cells)):
            continue
        stray = [cell for cell in cells[width:] if not is_empty(cell)]
        stray += [cells[n] for n in nameless if n < len(cells) and not is_empty(cells[n])]
        text = "stands in a column without a name; name the column, or mend the row."
        faults = (Fault(f"row {number}", f"'{stray[0]}' {text}"),) if stray else ()
        yield SheetRow(number, cells[:width], faults)
