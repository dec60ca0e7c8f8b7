"""The engine that runs the composition: skipped with a sentence where there is none, and lent to one file at a time."""

import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compose.engine import lacking

SECONDS = 1800
"""For one test, which may build images and wait for its turn."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test more time than others have."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="module")
def engine() -> Iterator[None]:
    """Nobody else's composition at the same time: two would wait for each other until they give up."""
    if why := lacking():
        pytest.skip(why)
    with Path(tempfile.gettempdir(), "shian-test-engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
