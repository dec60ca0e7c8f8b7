"""The catalogue of limits at the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.limits import commands
from shared.failure import CannotStartError

RUNNER = CliRunner()
HEADER = "row_id,analyte,food,comparator,value,unit,standard,effective_from,evidence\n"
LEEK = "X1,腐霉利,韭菜,max,5,mg/kg,GB 2763-2021,2021-09-03,unverified-medium\n"


def run(*arguments: str) -> str:
    """What a command prints."""
    result = RUNNER.invoke(commands, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's folder that the settings name."""
    monkeypatch.setenv("SHIAN_CATALOGUE_FOLDER", str(tmp_path / "limits"))
    return tmp_path / "limits"


def test_a_limit_is_explained() -> None:
    """The command prints the row that decides."""
    assert "Limit: ≤3 mg/kg" in run("explain", "镉", "皮皮虾", "2024/5/1")
    assert "state it" in run("explain", "镉", "皮皮虾", "unknown")
    assert "Limit: ≤3 mg/kg" in run(
        "explain", "镉", "皮皮虾", "2024-05-01", "--category", "食用农产品", "--subcategory", "水产品"
    )


def test_a_wrong_day_is_one_sentence() -> None:
    """The sentence says how a day is written."""
    with pytest.raises(CannotStartError, match="2024-13-01 is no day; write the production date as 2024-05-01"):
        run("explain", "镉", "皮皮虾", "2024-13-01")


def test_an_imported_limit_is_listed_and_explained(tmp_path: Path, folder: Path) -> None:
    """What was imported into the folder of the settings is in the catalogue from then on (made)."""
    table = tmp_path / "more.csv"
    table.write_text(HEADER + LEEK, encoding="utf-8")
    assert "added: X1\n1 rows added, 0 changed, 0 unchanged.\nRestart" in run("import", str(table))
    assert "Restart" not in run("import", str(table))
    assert folder.is_dir()
    assert "X1       腐霉利  韭菜  ≤5 mg/kg  GB 2763-2021" in run("list", "--analyte", "腐霉利", "--food", "韭菜")
    assert "Limit: ≤5 mg/kg" in run("explain", "腐霉利", "韭菜", "2021-09-03")
    assert "168 rows, 130 of them verified." in run("list")


def test_faults_are_printed_and_nothing_is_taken(tmp_path: Path, folder: Path) -> None:
    """Each fault is a line with row and column, and the end is one sentence."""
    table = tmp_path / "more.csv"
    table.write_text(HEADER + LEEK + LEEK.replace("X1", "X2").replace(",5,", ",five,") * 60, encoding="utf-8")
    with pytest.raises(CannotStartError, match="Nothing was taken: 60 field"):
        run("import", str(table), "--into", str(folder))
    result = RUNNER.invoke(commands, ["import", str(table), "--into", str(folder)])
    assert "row 3, value: five is no number" in result.output
    assert "... and 10 more" in result.output
    assert "added" not in result.output
    assert not folder.exists()


def test_without_a_folder_the_command_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody guesses where an operator keeps limits."""
    monkeypatch.delenv("SHIAN_CATALOGUE_FOLDER", raising=False)
    with pytest.raises(CannotStartError, match="SHIAN_CATALOGUE_FOLDER, or name one with --into"):
        run("import", str(tmp_path / "more.csv"))
