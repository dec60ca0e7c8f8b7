"""An event with many entries, such as a plan with its lines: a document (TOML or JSON), or one with a table beside it.

The table, CSV or a workbook, gives the entries a row each, so that a plan of two thousand lines can stay in the
spreadsheet where it was made. A field that an entry does not have is a fault: left unread, it would make the entry mean
more than was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from partners.office.columns import Table, names
from partners.office.documents import document_of, lines_of
from partners.tables.cells import values_of
from partners.tables.faults import Fault, FaultyInputError, Place, made, shown
from partners.tables.sheets import sheet_of

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of an event: the field that holds them, what each is, and the table of their columns."""

    field: str
    model: type[BaseModel]
    table: Table


@dataclass(frozen=True, slots=True)
class _Read:
    """Entries as they were read; ``places`` says where each field of each stands."""

    values: Any
    places: tuple[Mapping[str, str], ...]
    faults: tuple[Fault, ...]


def event_with(event: type[M], entries: Entries, document: Path, table: Path | None) -> M:
    """Read an event whose entries stand in the document, or in the table where there is one.

    Raises FaultyInputError with every fault: its line in the document, or its row and column in the table.
    """
    whole = document_of(document)
    if not isinstance(whole, dict):
        raise FaultyInputError([Fault(str(document), "holds no named fields; write each field with its name.")])
    place = lines_of(document)
    if table and entries.field in whole:
        text = f"stands here and in {table.name}; keep one of them."
        raise FaultyInputError([Fault(place((entries.field,)), text)])
    head = {name: value for name, value in whole.items() if name != entries.field}
    named = {name: place((name,)) for name in head}
    known = {name: value for name, value in head.items() if name in event.model_fields}
    values, faults = values_of(event, known, named.__getitem__)
    read = _from_table(entries, table) if table else _from_document(entries, whole.get(entries.field), place)
    if read is not None:
        values[entries.field] = read.values
        faults += read.faults

    def where(loc: tuple[int | str, ...]) -> str:
        match loc:
            case (entries.field, int(number), str(name)) if read and number < len(read.places):
                return read.places[number].get(name) or place(loc)
        return place(loc)

    strangers = {name: value for name, value in head.items() if name not in event.model_fields}
    return made(event, values | strangers, faults, where)


def _from_table(entries: Entries, path: Path) -> _Read:
    sheet = sheet_of(path, names(entries.table, entries.model), fewest=0)
    columns = sheet.columns
    if columns.faults:
        raise FaultyInputError(columns.faults)
    rows = list(sheet.rows)
    if strays := [fault for row in rows for fault in row.faults]:
        raise FaultyInputError(strays)
    cells = [{field: cell for field, cell in zip(columns.fields, row.cells, strict=False) if field} for row in rows]
    places = [{field: columns.place(row.number, field) for field in entries.model.model_fields} for row in rows]
    return _read(entries, cells, places)


def _from_document(entries: Entries, found: Any, place: Place) -> _Read | None:
    """The entries of a document, none where it has none; what is no entry is left for the contract to complain of."""
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        return None if found is None else _Read(found, (), ())
    named = [dict.fromkeys((*entries.model.model_fields, *entry)) for entry in found]
    places = [{name: place((entries.field, number, name)) for name in fields} for number, fields in enumerate(named)]
    return _read(entries, found, places)


def _read(entries: Entries, found: Sequence[Mapping[str, Any]], places: Sequence[Mapping[str, str]]) -> _Read:
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    fields = entries.model.model_fields
    for cells, place in zip(found, places, strict=True):
        values, spoilt = values_of(
            entries.model, {name: cell for name, cell in cells.items() if name in fields}, place.__getitem__
        )
        rows.append(values)
        faults += spoilt
        faults += [
            Fault(place[name], f"{shown(name)} is no field of this entry; write one of {', '.join(fields)}.")
            for name in cells
            if name not in fields
        ]
    return _Read(tuple(rows), tuple(places), tuple(faults))
