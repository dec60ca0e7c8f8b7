"""Reading sampling forms (抽样单) from a file, row by row: CSV, a workbook or JSON, one form or very many.

Every form is checked before one is sent, and every fault is named with its row and column.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from partners.asking.request import Place, Request
from partners.office.columns import names
from partners.tables import documents
from partners.tables.cells import values_of
from partners.tables.columns import Columns, columns_of
from partners.tables.faults import Fault, FaultyInputError, checked, path_of
from partners.tables.sheets import sheet_of
from shared.contracts import RapidTestRecorded, SampleCollected

_FEWEST_NAMES = 3
_LEFT_FOR_THE_TEST = ("quantity", "reserve_quantity")
_COUNTY = slice(0, 6)
_PLAN_NO = "plan_no"
_NUMBER = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$")


def region_of(taken: SampleCollected | RapidTestRecorded) -> str:
    """The region in charge of a sample or a test: the county of the township where it was taken, as 21.02.83."""
    county = taken.township[_COUNTY]
    return ".".join(county[start : start + 2] for start in (0, 2, 4))


@dataclass(slots=True)
class Forms:
    """The forms of one file; what is left out of it becomes known as it is read."""

    path: Path
    sheet: str | None = None
    columns: Columns | None = None
    """Of a table, once its first row was read."""
    left_out: Counter[str] = field(default_factory=Counter)
    """What an event does not carry, with the reason, and how often it was met."""

    def __iter__(self) -> Iterator[Request]:
        """Read the file; raises FaultyInputError where it cannot be read, or holds no form."""
        form = None
        for form in self._entries() if self.path.suffix.lower() in documents.KINDS else self._rows():
            yield form
        if form is None:
            raise FaultyInputError([Fault(str(self.path), "holds no form.")])

    def place(self, number: int, name: str) -> str:
        """Where a field stands in the row or line of this number."""
        return self.columns.place(number, name) if self.columns else f"line {number}, {name}"

    def _rows(self) -> Iterator[Request]:
        table = sheet_of(self.path, names("form", SampleCollected), fewest=_FEWEST_NAMES, sheet=self.sheet)
        if table.columns.faults:
            raise FaultyInputError(table.columns.faults)
        self.columns = table.columns
        self.left_out.update(table.columns.left_out)
        for row in table.rows:
            cells = {name: cell for name, cell in zip(table.columns.fields, row.cells, strict=False) if name}
            yield self._form(row.number, f"row {row.number}", cells, list(row.faults))

    def _entries(self) -> Iterator[Request]:
        columns_for = lru_cache(maxsize=100)(lambda heads: columns_of(names("form", SampleCollected), heads))
        for number, entry in documents.entries_of(self.path):
            name = f"line {number}"
            if not isinstance(entry, dict):
                fault = Fault(name, "holds no named fields; write each field with its name.")
                yield Request(None, "", Place(name=name), (fault,))
                continue
            columns = columns_for(tuple(entry))
            self.left_out.update(columns.left_out)
            cells = {name: cell for name, cell in zip(columns.fields, entry.values(), strict=True) if name}
            yield self._form(number, name, cells, [Fault(name, fault.text) for fault in columns.faults])

    def _form(self, number: int, name: str, cells: Mapping[str, Any], faults: list[Fault]) -> Request:
        def place(field_: str) -> str:
            return self.place(number, field_)

        def where(loc: tuple[int | str, ...]) -> str:
            return ", ".join((place(str(loc[0])), *([path_of(loc[1:])] if loc[1:] else []))) if loc else name

        values, spoilt = values_of(SampleCollected, cells, place)
        faults += spoilt
        self._leave_out_a_source_that_is_no_number(values)
        _portion_for_the_test(values)
        form = checked(SampleCollected, values, faults, where)
        region = region_of(form) if form else ""
        sample_no = str(values.get("sample_no") or "") or None
        position = Place(None, sample_no, (number,), name, place("sample_no"))
        return Request(None if faults else form, region, position, tuple(faults))

    def _leave_out_a_source_that_is_no_number(self, values: dict[str, Any]) -> None:
        """National forms name the source of the task (任务来源) in words; only a plan's number is one."""
        source = values.get(_PLAN_NO)
        if not isinstance(source, str) or _NUMBER.match(source):
            return
        del values[_PLAN_NO]
        heads = dict(zip(self.columns.fields, self.columns.heads, strict=True)) if self.columns else {}
        head = heads.get(_PLAN_NO, _PLAN_NO)
        self.left_out[f"{head} where it is no plan's number (the annual plan of the county counts)"] += 1


def _portion_for_the_test(values: dict[str, Any]) -> None:
    """The national form has no field for what is tested: it is what was taken less duplicate and reserve."""
    if "test_quantity" in values or not all(name in values for name in _LEFT_FOR_THE_TEST):
        return
    try:
        taken, reserve, duplicate = (
            _amount(values.get(name)) for name in ("quantity", "reserve_quantity", "duplicate_quantity")
        )
    except ValueError:
        values["test_quantity"] = Decimal(0)  # the contract says which of the others is no number
        return
    values["test_quantity"] = taken - reserve - duplicate


def _amount(said: Any) -> Decimal:
    try:
        return Decimal(str(said or 0))
    except InvalidOperation as error:
        raise ValueError(said) from error
