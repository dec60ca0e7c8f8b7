"""Taking a table of limits into a folder of the operator's: all of it, or nothing.

The rows lie in one file of the folder, by their number. A row of the same number takes the place of the one before,
also of one that the package ships: so an operator can date or verify a row. A row that stands as the package ships it
is taken as it is. Nothing is ever removed, so a table can be imported twice, or in parts. The file is written aside and
then moved into its place.
"""

import csv
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from services.sampling import reviewed
from services.sampling.judging.limit_check import Check, Fault, checked
from services.sampling.judging.limit_rows import COLUMNS, rows_in
from services.sampling.judging.limit_tables import Line, lines
from shared.failure import CannotStartError

FILE = "limits.csv"
_Kept = dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Imported:
    """What became of the rows of a table; where there are faults nothing was taken."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def sentence(self) -> str:
        """The counts, for people."""
        if self.faults:
            return f"Nothing was taken: {len(self.faults)} field(s) are wrong. Correct them and import the table again."
        return f"{len(self.added)} rows added, {len(self.changed)} changed, {len(self.unchanged)} unchanged."


def import_table(path: Path, folder: Path) -> Imported:
    """Take the rows of a CSV or XLSX file into a folder.

    Raises:
        CannotStartError: The file or the folder cannot be used; the sentence names it.
    """
    kept = _kept(folder)
    shipped = {row["row_id"]: _cells(row) for row in reviewed.rows("limits.csv")}
    imported = Imported()
    taken = _taken(lines(path), imported, shipped)
    if imported.faults:
        return imported
    news: _Kept = {}
    for row_id, cells in taken.items():
        before = kept.get(row_id) or shipped.get(row_id)
        what = imported.added if before is None else imported.unchanged if before == cells else imported.changed
        what.append(row_id)
        if before == cells:
            continue
        news[row_id] = cells
        if row_id in shipped:
            imported.notices.append(f"{row_id} takes the place of the row that the package ships.")
    if news:
        _write(folder, kept | news)
    return imported


def _taken(table: Iterable[Line], imported: Imported, shipped: _Kept) -> _Kept:
    taken: _Kept = {}
    places: dict[str, int] = {}
    for number, cells in table:
        if _is_shipped(cells, shipped):
            check = Check(number, cells, {name: cells.get(name, "").strip() for name in COLUMNS})
        else:
            check = checked(number, cells)
        row_id, kept = check.kept["row_id"], _cells(check.kept)
        if row_id in taken and taken[row_id] != kept:
            text = f"{row_id} is the number of row {places[row_id]} too, with other content; give each row its own."
            check.fault("row_id", text)
        taken[row_id] = kept
        places.setdefault(row_id, number)
        imported.faults += check.faults
        imported.notices += check.notices
    return taken


def _is_shipped(cells: dict[str, str], shipped: _Kept) -> bool:
    """Whether a row is as the package ships it; one that names no reviewed food is only to be read."""
    said = tuple(cells.get(name, "").strip() for name in COLUMNS)
    return shipped.get(cells.get("row_id", "").strip()) == said


def _cells(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in COLUMNS)


def _kept(folder: Path) -> _Kept:
    """The rows that the folder holds."""
    list(rows_in(folder))  # a file that cannot be read must not be written over
    path = folder / FILE
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["row_id"]: _cells(row) for row in csv.DictReader(file)}


def _write(folder: Path, rows: _Kept) -> None:
    aside = folder / f".{FILE}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows[row_id] for row_id in sorted(rows))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(folder / FILE)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        message = f"{folder} cannot be written to ({error.strerror}); set SHIAN_CATALOGUE_FOLDER to a folder of yours."
        raise CannotStartError(message) from error
