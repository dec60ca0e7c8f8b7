"""What was asked from this machine and answered: kept in lines that are only appended."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partners.office.memory import Asked, Memory
from shared.contracts import RefusalReason, RequestAccepted, RequestRefused
from shared.failure import CannotStartError

ASKED = Asked("e1", "sampler.S01.sample.collected.v1.21.02.83", "{}", datetime(2026, 3, 1, tzinfo=UTC), "Taken.")
TAKEN = RequestAccepted(party="sampler.S01", event_id="e1", request="", text="Done.")
REFUSED = RequestRefused(
    party="sampler.S01", event_id="e2", request="", reason=RefusalReason.CHANGED, where="data", explanation="No."
)


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    """Another command of the same person finds the request and both kinds of answer as they were."""
    memory, other = Memory(tmp_path / "asked" / "u.jsonl"), Memory(tmp_path / "asked" / "u.jsonl")
    other.refresh()
    memory.keep_request(ASKED)
    memory.keep_answer(TAKEN)
    memory.keep_answer(REFUSED)
    other.refresh()
    assert ({"e1": ASKED}, {"e1": TAKEN, "e2": REFUSED}) == (other.asked, other.answers)


def test_line_that_is_being_written_waits_for_its_end(tmp_path: Path) -> None:
    """A line without its end is left for the next look, so that nobody reads half of one."""
    path = tmp_path / "u.jsonl"
    line = json.dumps({REFUSED.TYPE: REFUSED.model_dump(mode="json")}).encode()
    memory = Memory(path)
    path.write_bytes(line[:20])
    memory.refresh()
    assert {} == memory.answers
    path.write_bytes(line + b"\n")
    memory.refresh()
    assert {"e2": REFUSED} == memory.answers


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """What a person asks is nobody else's to read on a machine that they share."""
    memory = Memory(tmp_path / "u.jsonl")
    memory.keep_request(ASKED)
    assert 0o600 == memory.path.stat().st_mode & 0o777


def test_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A request that cannot be remembered is not sent, and the person is told why."""
    (tmp_path / "asked").write_text("a file stands where the folder belongs")
    with pytest.raises(CannotStartError, match=r"cannot be kept in .*u\.jsonl"):
        Memory(tmp_path / "asked" / "u.jsonl").keep_request(ASKED)
