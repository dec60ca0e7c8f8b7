"""A shell beside the programs, for the officer and the sampler who let a laboratory's first report through."""

import pytest

from shared.settings import Settings
from tests.shian import Shell


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings) -> Shell:
    """The command ``shian`` of the agency's people."""
    return Shell(monkeypatch, capsys, settings)
