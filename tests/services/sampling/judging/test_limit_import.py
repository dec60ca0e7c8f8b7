"""Taking tables of limits into a folder: all of a table, or nothing."""

import csv
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from services.sampling.judging.limit_import import FILE, import_table
from services.sampling.judging.limits import load
from shared.failure import CannotStartError

COLUMNS = (
    "row_id", "analyte", "food", "comparator", "value", "unit", "standard", "effective_from", "effective_to",
    "evidence", "source",
)  # fmt: skip
LEEK = ("X1", "腐霉利", "韭菜", "max", 5, "mg/kg", "GB 2763-2021", date(2021, 9, 3), "", "unverified-medium", "")
SHRIMP = ("X2", "镉 Cd", "虾蛄", "max", 3.5, "mg/kg", "GB 2762-2025", datetime(2026, 9, 2), "", "verified", "made")  # noqa: DTZ001
BROKEN = ("X3", "镉 Cd", "没有的虾", "max", "三", "mg/kg", "GB 2762-2025", "someday", "", "verified", "made")


def as_csv(path: Path, *rows: tuple[Any, ...], encoding: str = "utf-8") -> Path:
    """A CSV file of made limits."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def as_xlsx(path: Path, *rows: tuple[Any, ...]) -> Path:
    """A workbook of made limits, with dates and numbers as spreadsheets keep them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (COLUMNS, (), *rows):
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The operator's folder, which the first import makes."""
    return tmp_path / "limits"


@pytest.mark.parametrize(
    "table",
    [
        lambda path: as_csv(path / "a.csv", LEEK, SHRIMP),
        lambda path: as_csv(path / "a.csv", LEEK, SHRIMP, encoding="utf-8-sig"),
        lambda path: as_csv(path / "a.csv", LEEK, SHRIMP, encoding="gb18030"),
        lambda path: as_xlsx(path / "a.xlsx", LEEK, SHRIMP),
    ],
)
def test_a_table_of_any_spreadsheet_is_taken(table: Any, tmp_path: Path, folder: Path) -> None:
    """CSV in either encoding and XLSX with real dates give rows that decide on their day (made)."""
    imported = import_table(table(tmp_path), folder)
    assert (["X1", "X2"], [], []) == (imported.added, imported.changed, imported.unchanged)
    assert imported.sentence() == "2 rows added, 0 changed, 0 unchanged."
    decides = [
        load(folder).find("镉", "皮皮虾", "食用农产品", "", day).decides for day in (date(2026, 9, 1), date(2026, 9, 2))
    ]
    assert ["≤3 mg/kg", "≤3.5 mg/kg"] == [str(row.limit) for row in decides if row]


def test_an_import_may_run_twice(tmp_path: Path, folder: Path) -> None:
    """A second run finds everything unchanged and touches nothing; a table with one more row adds that."""
    import_table(as_csv(tmp_path / "a.csv", LEEK), folder)
    written = (folder / FILE).stat().st_mtime_ns
    again = import_table(as_xlsx(tmp_path / "a.xlsx", LEEK), folder)
    assert ([], [], ["X1"]) == (again.added, again.changed, again.unchanged)
    assert written == (folder / FILE).stat().st_mtime_ns
    more = import_table(as_csv(tmp_path / "b.csv", SHRIMP, (*LEEK[:4], 6, *LEEK[5:])), folder)
    assert (["X2"], ["X1"], []) == (more.added, more.changed, more.unchanged)
    assert [FILE] == [path.name for path in folder.iterdir()]


def test_nothing_is_half_taken(tmp_path: Path, folder: Path) -> None:
    """One wrong row keeps the whole table out, and each fault is named by row and column."""
    imported = import_table(as_xlsx(tmp_path / "a.xlsx", LEEK, BROKEN), folder)
    assert [(4, "foods"), (4, "value"), (4, "effective_from")] == [(one.row, one.column) for one in imported.faults]
    assert imported.sentence().startswith("Nothing was taken: 3 field(s) are wrong.")
    assert not folder.exists()


def test_a_shipped_row_may_be_dated_by_the_operator(tmp_path: Path, folder: Path) -> None:
    """A row with a number of the package takes its place, and that is said; the same row again is unchanged (made)."""
    dated = ("L050", *LEEK[1:4], 0.2, "mg/kg", "GB 2763-2019", "2020-02-15", "2021-09-02", "verified", "made")
    imported = import_table(as_csv(tmp_path / "a.csv", dated), folder)
    assert ["L050"] == imported.changed
    assert imported.notices == ["L050 takes the place of the row that the package ships."]
    row = load(folder).find("腐霉利", "韭菜", "食用农产品", "", date(2020, 2, 15)).decides
    assert row is not None
    assert row.verified


def test_a_number_that_stands_twice_is_a_fault(tmp_path: Path, folder: Path) -> None:
    """Two rows of one number must say the same."""
    assert import_table(as_csv(tmp_path / "a.csv", LEEK, LEEK), folder).added == ["X1"]
    imported = import_table(as_csv(tmp_path / "b.csv", LEEK, ("X1", *SHRIMP[1:])), folder)
    assert ["row 3, row_id: X1 is the number of row 2 too, with other content; give each row its own."] == [
        str(fault) for fault in imported.faults
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", None),
        ("a.csv", b"x,y\n1,2\n", "row 1, holds no column row_id"),
        ("a.xlsx", b"no workbook", "is no table that can be read"),
        ("a.csv", b'row_id,food\n"X1,\xe9', "is no table that can be read"),
        ("absent.csv", None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_named(
    tmp_path: Path, folder: Path, name: str, content: bytes | None, sentence: str | None
) -> None:
    """Each refusal is one sentence with the file; an empty table is simply empty."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    if sentence is None:
        assert import_table(tmp_path / name, folder).sentence() == "0 rows added, 0 changed, 0 unchanged."
        return
    with pytest.raises(CannotStartError, match=sentence):
        import_table(tmp_path / name, folder)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A folder that is a file stops the import with a sentence, and nothing is lost."""
    (tmp_path / "limits").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotStartError, match=r"limits cannot be written to .* SHIAN_CATALOGUE_FOLDER"):
        import_table(as_csv(tmp_path / "a.csv", LEEK), tmp_path / "limits")
    assert (tmp_path / "limits").read_text(encoding="utf-8") == "mine"


def test_table_that_the_package_ships_changes_nothing(folder: Path) -> None:
    """Every row of the package's own table is taken as it stands, so that it can be imported again after a change."""
    shipped = Path(str(resources.files("services.sampling").joinpath("data/limits.csv")))
    with shipped.open(encoding="utf-8", newline="") as file:
        count = sum(1 for _ in csv.DictReader(file))
    imported = import_table(shipped, folder)
    assert ([], [], []) == (imported.faults, imported.added, imported.changed)
    assert f"0 rows added, 0 changed, {count} unchanged." == imported.sentence()
    assert not folder.exists()
