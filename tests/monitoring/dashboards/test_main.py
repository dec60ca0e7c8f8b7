"""The dashboards are written from their source, the same each time, and what is not fresh is named."""

from pathlib import Path

import pytest

from monitoring.dashboards import __main__ as program
from monitoring.dashboards.__main__ import dashboards, main, written


def test_written_dashboards_are_fresh() -> None:
    """What lies in the tree is what the source says now, and built again it is the same."""
    for name, dashboard in dashboards().items():
        assert (program.FOLDER / f"{name}.json").read_text("utf-8") == written(dashboard)


def test_stale_dashboard_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --check nothing is written; without, all is, and then all is fresh."""
    monkeypatch.setattr(program, "FOLDER", tmp_path / "dashboards")
    assert 1 == main(["--check"])
    assert "overview.json" in capsys.readouterr().err
    assert not program.FOLDER.exists()
    assert 0 == main([])
    assert 0 == main(["--check"])
    (program.FOLDER / "bus.json").write_text("{}", "utf-8")
    assert 1 == main(["--check"])
    assert "bus.json" in capsys.readouterr().err
