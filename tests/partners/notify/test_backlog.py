"""What waits for recipients, on disk."""

from contextlib import closing
from pathlib import Path

import pytest

from partners.notify.backlog import Backlog
from shared.failure import CannotStartError


def told(backlog: Backlog, recipient: str) -> list[bytes]:
    """All that waits for a recipient, taken in order."""
    taken = []
    while waiting := backlog.oldest(recipient):
        taken.append(waiting.payload)
        backlog.done(waiting)
    return taken


def test_event_waits_for_each_who_wants_it(tmp_path: Path) -> None:
    """What one takes still waits for the other, in the order in which it came, and after the file was closed."""
    path = tmp_path / "notify" / "officer-O001.db"
    with closing(Backlog(path)) as backlog:
        for number in range(12):
            backlog.keep(f"k{number}", "food.x", b"%d" % number, ["head", "duty"])
        assert [b"%d" % number for number in range(12)] == told(backlog, "head")
    with closing(Backlog(path)) as backlog:
        assert {"duty": 12} == backlog.counts()
        assert [b"%d" % number for number in range(12)] == told(backlog, "duty")
        assert {} == backlog.counts()


def test_event_that_is_handed_out_again_is_kept_once(tmp_path: Path) -> None:
    """Until the bus knows that an event was heard it may come again: also then it is told once."""
    with closing(Backlog(tmp_path / "b.db")) as backlog:
        backlog.keep("k", "food.x", b"1", ["head"])
        assert [b"1"] == told(backlog, "head")
    with closing(Backlog(tmp_path / "b.db")) as backlog:
        backlog.keep("k", "food.x", b"1", ["head"])
        assert [] == told(backlog, "head")
        backlog.acknowledged("k")
        backlog.keep("k", "food.x", b"2", ["head"])
        assert [b"2"] == told(backlog, "head")


def test_second_program_is_turned_away(tmp_path: Path) -> None:
    """Two programs would tell everything twice."""
    path = tmp_path / "b.db"
    with (
        closing(Backlog(path)),
        pytest.raises(CannotStartError, match=r"Another `shian notify` of this officer runs here and has .*b\.db"),
    ):
        Backlog(path)
    Backlog(path).close()


def test_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file that is no backlog, and a folder that cannot be made, are one sentence each."""
    (tmp_path / "b.db").write_text("this is no database, and it is long enough to be looked at" * 10)
    for path in (tmp_path / "b.db", tmp_path / "b.db" / "c.db"):
        with pytest.raises(CannotStartError, match=r"What waits for recipients cannot be kept in .*b\.db"):
            Backlog(path)


def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    """What waits is nobody else's to read."""
    with closing(Backlog(tmp_path / "b.db")):
        assert 0o600 == (tmp_path / "b.db").stat().st_mode & 0o777
