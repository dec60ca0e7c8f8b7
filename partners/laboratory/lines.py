"""A file of results as lines: each with the cells of its sample and of one or more items, and where each stands.

A table's row is one line, and so is an entry of a JSON file, be it a flat record or a report with its determinations.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from partners.laboratory.columns import (
    DAY_OR_BATCH,
    DETERMINATION_FIELDS,
    FEWEST_NAMES,
    IN_ONE_CELL,
    SAMPLE_FIELDS,
    missing_columns,
    names,
)
from partners.tables import documents
from partners.tables.cells import is_empty
from partners.tables.columns import Columns, columns_of
from partners.tables.faults import Fault, FaultyInputError
from partners.tables.sheets import sheet_of

_IN_ONE = frozenset(("analyte", "result", "limit"))
_REPORT = "determinations"


@dataclass(frozen=True, slots=True)
class Line:
    """One row or entry."""

    number: int
    sample: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    """The cells of each item; empty where the line says nothing of one."""
    place: Callable[[str, int], str]
    """Says where a field stands, of an item by its position in the line."""
    name: str
    """Such as ``row 3`` or ``line 3``."""
    faults: tuple[Fault, ...] = ()
    is_whole: bool = False
    """Whether it is a report with its determinations, so that it never goes on with the one before."""


@dataclass(slots=True)
class Lines:
    """The lines of one file; what is left out of it becomes known as it is read."""

    path: Path
    sheet: str | None = None
    without: Sequence[str] = ()
    columns: Columns | None = None
    """Of a table, once its first line was read."""
    left_out: Counter[str] = field(default_factory=Counter)
    """What a report does not carry, with the reason, and how often it was met in a JSON file."""

    def __iter__(self) -> Iterator[Line]:
        """Read the file; raises FaultyInputError where it cannot be read."""
        if self.path.suffix.lower() in documents.KINDS:
            return self._entries()
        return self._rows()

    def place(self, number: int, name: str) -> str:
        """Where a field stands in a line of this number."""
        if self.columns is None:
            return f"line {number}, {name}"
        if IN_ONE_CELL in self.columns.fields and name in _IN_ONE:
            name = IN_ONE_CELL
        if name == "production_date" and name not in self.columns.fields:
            name = DAY_OR_BATCH
        return self.columns.place(number, name)

    def _rows(self) -> Iterator[Line]:
        table = sheet_of(self.path, names(), fewest=FEWEST_NAMES, sheet=self.sheet, without=self.without)
        if faults := (*table.columns.faults, *missing_columns(table.columns)):
            raise FaultyInputError(faults)
        self.columns = table.columns
        self.left_out.update(table.columns.left_out)
        fields = [(n, name) for n, name in enumerate(table.columns.fields) if name]
        sample = [(n, name) for n, name in fields if name in SAMPLE_FIELDS or name == DAY_OR_BATCH]
        items = [(n, name) for n, name in fields if name in DETERMINATION_FIELDS or name == IN_ONE_CELL]
        for row in table.rows:
            number, cells, said = row.number, row.cells, len(row.cells)
            of_sample = {name: cells[n] for n, name in sample if n < said and not is_empty(cells[n])}
            of_item = {name: cells[n] for n, name in items if n < said}
            of_items = () if all(map(is_empty, of_item.values())) else (of_item,)
            if of_sample or of_items or row.faults:
                yield Line(number, of_sample, of_items, _Place(self, number), f"row {number}", row.faults)

    def _entries(self) -> Iterator[Line]:
        columns_for = lru_cache(maxsize=100)(lambda heads: columns_of(names(), heads, self.without))
        for number, entry in documents.entries_of(self.path):
            place, name = _Place(self, number), f"line {number}"
            if not isinstance(entry, dict):
                fault = Fault(name, "holds no named fields; write each field with its name.")
                yield Line(number, {}, (), place, name, (fault,))
                continue
            said = {head: cell for head, cell in entry.items() if head != _REPORT}
            fields, faults = self._fields(said, columns_for, name)
            sample = {f: cell for f, cell in fields.items() if f not in DETERMINATION_FIELDS and f != IN_ONE_CELL}
            items = [{f: cell for f, cell in fields.items() if f not in sample}] if len(fields) > len(sample) else []
            nested = entry.get(_REPORT, [])
            if not isinstance(nested, list) or not all(isinstance(item, dict) for item in nested):
                faults.append(Fault(f"{name}, {_REPORT}", "is no list of items with named fields."))
                nested = []
            for item in nested:
                fields, more = self._fields(item, columns_for, name)
                faults += more
                items.append(fields)
            yield Line(number, sample, items, place, name, tuple(faults), is_whole=_REPORT in entry)

    def _fields(
        self, said: Mapping[str, Any], columns_for: Callable[[tuple[str, ...]], Columns], name: str
    ) -> tuple[dict[str, Any], list[Fault]]:
        columns = columns_for(tuple(said))
        self.left_out.update(columns.left_out)
        fields = {f: cell for f, cell in zip(columns.fields, said.values(), strict=True) if f}
        return fields, [Fault(name, fault.text) for fault in columns.faults]


@dataclass(frozen=True, slots=True)
class _Place:
    lines: Lines
    number: int

    def __call__(self, name: str, item: int) -> str:
        if self.lines.columns is None and name in DETERMINATION_FIELDS:
            return f"line {self.number}, entry {item + 1} of determinations, {name}"
        return self.lines.place(self.number, name)
