"""Reading sampling forms (抽样单) from a file: JSON, CSV or a workbook, one form or many.

Every form is read and checked before one is sent, and every fault is named with its row and column, so that a file is
sent whole or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from partners.office.cells import values_of
from partners.office.columns import Columns, columns_of
from partners.office.documents import document_of
from partners.office.faults import Fault, FaultyInputError, Place, faults_of, path_of
from partners.office.sheets import sheet_of
from shared.contracts import RapidTestRecorded, SampleCollected

_LEFT_FOR_THE_TEST = ("quantity", "reserve_quantity")
_COUNTY = slice(0, 6)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a file."""

    forms: tuple[SampleCollected, ...]
    left_out: tuple[str, ...]
    """Columns that an event does not carry, with the reason."""


def read_forms(path: Path) -> Forms:
    """Read all forms of a file; raises FaultyInputError with every fault of every form."""
    if path.suffix.lower() == ".json":
        return _from_document(document_of(path))
    sheet = sheet_of(path)
    columns = columns_of("form", SampleCollected, sheet.heads)
    if columns.faults:
        raise FaultyInputError(columns.faults)
    rows = [(number, dict(zip(columns.fields, cells, strict=False))) for number, cells in sheet.rows]
    return _read([_row(columns, number, cells) for number, cells in rows], columns.left_out)


def region_of(taken: SampleCollected | RapidTestRecorded) -> str:
    """The region in charge of a sample or a test: the county of the township where it was taken, as 21.02.83."""
    county = taken.township[_COUNTY]
    return ".".join(county[start : start + 2] for start in (0, 2, 4))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One form as it stands in the file."""

    name: str
    cells: Mapping[str, Any]
    place: Mapping[str, str]
    """Where each field stands."""


def _row(columns: Columns, number: int, cells: Mapping[str, Any]) -> _Entry:
    place = {field: columns.place(number, field) for field in SampleCollected.model_fields}
    return _Entry(f"row {number}", {field: cell for field, cell in cells.items() if field}, place)


def _from_document(document: Any) -> Forms:
    entries = document if isinstance(document, list) else [document]
    rows: list[_Entry] = []
    left_out: list[str] = []
    faults: list[Fault] = []
    for number, entry in enumerate(entries, start=1):
        name = f"form {number}"
        if not isinstance(entry, dict):
            faults.append(Fault(name, "holds no named fields; write each field with its name."))
            continue
        columns = columns_of("form", SampleCollected, [str(head) for head in entry])
        faults += [Fault(name, fault.text) for fault in columns.faults]
        left_out += [one for one in columns.left_out if one not in left_out]
        cells = dict(zip(columns.fields, entry.values(), strict=True))
        place = {field: f"{name}, {field}" for field in SampleCollected.model_fields}
        rows.append(_Entry(name, {field: cell for field, cell in cells.items() if field}, place))
    return _read(rows, left_out, faults)


def _read(entries: Sequence[_Entry], left_out: Iterable[str], faults: Iterable[Fault] = ()) -> Forms:
    found = list(faults)
    forms: list[SampleCollected] = []
    seen: dict[str, str] = {}
    for entry in entries:
        values, spoilt = values_of(SampleCollected, entry.cells, entry.place)
        _portion_for_the_test(values)
        try:
            form = SampleCollected.model_validate(values)
        except ValidationError as error:
            found += spoilt
            found += [
                fault for fault in faults_of(error, _place(entry)) if fault.where not in {f.where for f in spoilt}
            ]
            continue
        found += spoilt
        if form.sample_no in seen:
            text = f"sample {form.sample_no} stands in {seen[form.sample_no]} as well; every sample has its own number."
            found.append(Fault(entry.place["sample_no"], text))
        seen.setdefault(form.sample_no, entry.name)
        forms.append(form)
    if not forms and not found:
        found.append(Fault("the file", "holds no form."))
    if found:
        raise FaultyInputError(found)
    return Forms(tuple(forms), tuple(left_out))


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


def _place(entry: _Entry) -> Place:
    def place(loc: tuple[int | str, ...]) -> str:
        first = entry.place.get(str(loc[0])) if loc else entry.name
        more = path_of(loc[1:]) if len(loc) > 1 else ""
        return ", ".join(filter(None, (first or path_of(loc), more)))

    return place
