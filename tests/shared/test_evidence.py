"""The evidence folder: whole files by their hash, never changed, erased for good."""

import hashlib
import os
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.evidence import EvidenceFolder, Kept
from shared.failure import CannotStartError
from shared.settings import Settings

BYTES = b"%PDF-1.7 a test report"
DIGEST = hashlib.sha256(BYTES).hexdigest()
KEEP_OFTEN = """
import sys
from pathlib import Path
from shared.evidence import EvidenceFolder
for number in range(200):
    EvidenceFolder(Path(sys.argv[1])).keep(f"file {number}".encode() * 1000)
"""


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    """A folder that is not there yet."""
    return EvidenceFolder(tmp_path / "evidence")


def files_in(folder: EvidenceFolder) -> set[str]:
    """The files below a folder."""
    return {str(path.relative_to(folder.folder)) for path in folder.folder.rglob("*") if path.is_file()}


def spoil(folder: EvidenceFolder, data: bytes) -> None:
    """Somebody writes over a file in the folder."""
    place = folder.place_of(DIGEST)
    place.chmod(0o600)
    place.write_bytes(data)


def test_file_stands_under_its_hash_and_can_only_be_read(folder: EvidenceFolder, tmp_path: Path) -> None:
    """Bytes and a file with the same bytes are one file, which nobody may write and strangers may not read."""
    path = tmp_path / "report.pdf"
    path.write_bytes(BYTES)
    assert Kept(DIGEST, len(BYTES)) == folder.keep(BYTES) == folder.keep(path)
    assert {f"{DIGEST[:2]}/{DIGEST}"} == files_in(folder)
    assert 0o440 == stat.S_IMODE(folder.place_of(DIGEST).stat().st_mode)
    assert (BYTES, None) == (folder.read(DIGEST), folder.fault_of(DIGEST, len(BYTES)))
    assert BYTES == path.read_bytes()


def test_setting_names_the_folder() -> None:
    """Without a setting the evidence stands beside the other data of a newcomer's machine."""
    assert Path("var/evidence") == Settings.model_fields["evidence_folder"].default


@given(st.lists(st.binary(min_size=1, max_size=100), max_size=20))
def test_what_is_kept_is_read_back(tmp_path_factory: pytest.TempPathFactory, files: list[bytes]) -> None:
    """Whatever is kept, in any order and however often, each file is read back as it was."""
    folder = EvidenceFolder(tmp_path_factory.mktemp("evidence"))
    kept = [folder.keep(data) for data in files]
    assert files == [folder.read(one.sha256) for one in kept]
    assert [None] * len(files) == [folder.fault_of(one.sha256, one.size) for one in kept]
    assert len(set(files)) == len(files_in(folder))


def test_large_file_is_not_held_in_memory(folder: EvidenceFolder, tmp_path: Path) -> None:
    """A recording of 64 MiB is kept and checked within a few MiB of memory."""
    size = 64 << 20
    path = tmp_path / "recording.mp4"
    with path.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    kept = folder.keep(path)
    fault = folder.fault_of(kept.sha256, size)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (size, None) == (kept.size, fault)
    assert peak < 8 << 20


def test_two_processes_may_keep_the_same_files(folder: EvidenceFolder) -> None:
    """Two processes that keep the same 200 files at once both succeed, and nothing unfinished stays."""
    command = [sys.executable, "-c", KEEP_OFTEN, str(folder.folder)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [0, 0] == [process.wait(120) for process in processes]
    files = files_in(folder)
    assert (200, []) == (len(files), [name for name in files if name.endswith(".part")])


def test_faults_of_a_file_are_told_apart(folder: EvidenceFolder) -> None:
    """A file that is missing, of another size or altered is named, each with what to do."""
    missing = folder.fault_of(DIGEST, len(BYTES))
    assert (
        f"Evidence {DIGEST} is missing in {folder.folder}; put the file back, or set SHIAN_EVIDENCE_FOLDER to the "
        "folder that holds it." == missing
    )
    folder.keep(BYTES)
    assert f"Evidence {DIGEST} has {len(BYTES)} bytes in {folder.folder}, and 7 are stated; put it back." == (
        folder.fault_of(DIGEST, 7)
    )
    spoil(folder, BYTES[::-1])
    assert f"Evidence {DIGEST} was altered in {folder.folder}: its SHA-256 is another; put it back." == (
        folder.fault_of(DIGEST, len(BYTES))
    )


def test_altered_file_is_not_covered_up(folder: EvidenceFolder) -> None:
    """Keeping the right bytes again does not overwrite a file that was altered: that must be looked at."""
    folder.keep(BYTES)
    spoil(folder, BYTES[::-1])
    with pytest.raises(CannotStartError, match="was altered"):
        folder.keep(BYTES)
    assert BYTES[::-1] == folder.place_of(DIGEST).read_bytes()


def test_erased_is_not_missing(folder: EvidenceFolder) -> None:
    """An erased file is gone, the folder says so whatever is asked, and it does not come back unnoticed."""
    folder.keep(BYTES)
    folder.erase(DIGEST)
    folder.erase(DIGEST)
    assert ({f"{DIGEST[:2]}/{DIGEST}.erased"}, True) == (files_in(folder), folder.is_erased(DIGEST))
    erased = f"Evidence {DIGEST} was erased from {folder.folder}; it cannot be brought back."
    assert erased == folder.fault_of(DIGEST, len(BYTES))
    with pytest.raises(CannotStartError, match="was erased"):
        folder.read(DIGEST)
    with pytest.raises(CannotStartError, match="is not kept again"):
        folder.keep(BYTES)
    assert {f"{DIGEST[:2]}/{DIGEST}.erased"} == files_in(folder)


def test_file_may_be_erased_where_it_never_was(folder: EvidenceFolder) -> None:
    """A file that never came is erased too, so that it does not come later."""
    folder.erase(DIGEST)
    assert folder.is_erased(DIGEST)


def test_what_a_dead_process_left_behind_goes(folder: EvidenceFolder) -> None:
    """A file that was left unfinished two days ago is removed, and one that is being written is not."""
    folder.keep(b"first")
    left, fresh = folder.folder / "old.part", folder.folder / "fresh.part"
    for path in (left, fresh):
        path.write_bytes(b"a name and an address")
    two_days_ago = fresh.stat().st_mtime - 2 * 24 * 3600
    os.utime(left, (two_days_ago, two_days_ago))
    folder.keep(BYTES)
    assert (False, True) == (left.exists(), fresh.exists())


def test_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Where the folder is none, whoever writes or erases is told which and what to do; reading finds nothing."""
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    folder = EvidenceFolder(blocked / "evidence")
    sentence = (
        rf"^The evidence folder {folder.folder} cannot be used \(Not a directory\); mend its permissions or its disk, "
        r"or set SHIAN_EVIDENCE_FOLDER to another folder\.$"
    )
    with pytest.raises(CannotStartError, match=sentence):
        folder.keep(BYTES)
    with pytest.raises(CannotStartError, match=sentence):
        folder.erase(DIGEST)
    with pytest.raises(CannotStartError, match="is missing in"):
        folder.read(DIGEST)


def test_source_that_cannot_be_kept_is_named(folder: EvidenceFolder, tmp_path: Path) -> None:
    """A source that is not there, is a folder or is empty is refused, and nothing stays behind."""
    (tmp_path / "empty").write_bytes(b"")
    for path, words in (
        (tmp_path / "nowhere.pdf", r"nowhere\.pdf cannot be read \(No such file or directory\); name a file that can"),
        (tmp_path, "is no file; name one file"),
        (tmp_path / "empty", "is empty; evidence holds at least one byte"),
    ):
        with pytest.raises(CannotStartError, match=words):
            folder.keep(path)
    assert set() == files_in(folder)


@pytest.mark.parametrize("text", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "\n", DIGEST[:-1]])
def test_only_a_digest_names_a_file(folder: EvidenceFolder, text: str) -> None:
    """Nothing but a digest leads to a file, least of all a path out of the folder."""
    with pytest.raises(ValueError, match="is no SHA-256"):
        folder.read(text)
