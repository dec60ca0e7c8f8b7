"""Writing the archive: whole and the same each time, or not at all."""

import hashlib
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partners.dossier.archive import write_archive
from partners.dossier.checking import check_archive
from partners.dossier.manifest import Manifest
from shared.evidence import EvidenceFolder
from shared.failure import CannotStartError
from tests.partners.dossier.archiving import FACES, OLD_LETTER, PHOTOGRAPH, dossier

OLD = hashlib.sha256(OLD_LETTER).hexdigest()
PHOTO = hashlib.sha256(PHOTOGRAPH).hexdigest()


def refused(path: Path, manifest: Manifest, folder: EvidenceFolder) -> str:
    """Why the archive is not written; nothing is left behind."""
    before = set(path.parent.iterdir())
    with pytest.raises(CannotStartError) as caught:
        write_archive(path, manifest, folder, FACES)
    assert before == set(path.parent.iterdir())
    return str(caught.value)


def test_archive_holds_all_that_it_states(tmp_path: Path) -> None:
    """Manifest, contents, text and every file in every version are there, bytes unchanged, for the owner's eyes."""
    manifest, folder = dossier(tmp_path)
    path = tmp_path / "dossier.zip"
    stated = write_archive(path, manifest, folder, FACES)
    with zipfile.ZipFile(path) as archive:
        assert ["manifest.json", "目录.pdf", "说明.txt", *(item.file for item in manifest.items)] == archive.namelist()
        assert stated == Manifest.model_validate_json(archive.read("manifest.json"))
        assert [folder.read(item.sha256) for item in manifest.items] == [
            archive.read(item.file) for item in manifest.items
        ]
    assert (0o600, ()) == (stat.S_IMODE(path.stat().st_mode), check_archive(path, manifest.digest))


def test_archive_is_the_same_each_time(tmp_path: Path) -> None:
    """The same dossier gives the same bytes, also over the archive that is there."""
    manifest, folder = dossier(tmp_path)
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    for path in (one, two, two):
        write_archive(path, manifest, folder, FACES)
    assert one.read_bytes() == two.read_bytes()


def test_missing_and_altered_files_are_all_named(tmp_path: Path) -> None:
    """Where files are missing or altered nothing is written, and each is named."""
    manifest, folder = dossier(tmp_path)
    folder.place_of(OLD).unlink()
    folder.place_of(PHOTO).chmod(0o600)
    folder.place_of(PHOTO).write_bytes(PHOTOGRAPH[::-1])
    assert [f"Evidence {PHOTO} was altered", f"Evidence {OLD} is missing"] == [
        line.partition(" in ")[0] for line in refused(tmp_path / "dossier.zip", manifest, folder).splitlines()
    ]


def test_replaced_file_may_be_erased(tmp_path: Path) -> None:
    """The archive says of an older version that it was erased, and is whole without it."""
    manifest, folder = dossier(tmp_path)
    folder.erase(OLD)
    path = tmp_path / "dossier.zip"
    stated = write_archive(path, manifest, folder, FACES)
    assert [False, False, True] == [item.erased for item in stated.items]
    assert () == check_archive(path)


def test_file_that_counts_may_not_be_erased(tmp_path: Path) -> None:
    """Without a current file there is no dossier."""
    manifest, folder = dossier(tmp_path)
    folder.erase(PHOTO)
    assert f"Evidence {PHOTO} was erased from {folder.folder}; it cannot be brought back." == refused(
        tmp_path / "dossier.zip", manifest, folder
    )


def test_manifest_with_another_digest_is_refused(tmp_path: Path) -> None:
    """A digest that does not follow from the items is not written down."""
    manifest, folder = dossier(tmp_path)
    wrong = manifest.model_copy(update={"digest": "0" * 64})
    assert "is not the one of its digest" in refused(tmp_path / "dossier.zip", wrong, folder)


def test_other_file_is_not_written_over(tmp_path: Path) -> None:
    """What is there and is not this archive stays."""
    manifest, folder = dossier(tmp_path)
    path = tmp_path / "dossier.zip"
    path.write_bytes(b"another dossier")
    assert f"{path} is there and holds something else; name another file." == refused(path, manifest, folder)
    assert b"another dossier" == path.read_bytes()


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder that is not there is named, with what to do."""
    manifest, folder = dossier(tmp_path)
    path = tmp_path / "nowhere" / "dossier.zip"
    with pytest.raises(CannotStartError, match=r"cannot be written \(No such file or directory\); name another file"):
        write_archive(path, manifest, folder, FACES)


def test_moment_that_no_zip_can_name(tmp_path: Path) -> None:
    """An archive of the year 2200 is written too."""
    manifest, folder = dossier(tmp_path)
    late = manifest.model_copy(update={"made_at": datetime(2200, 1, 1, tzinfo=UTC)})
    write_archive(tmp_path / "dossier.zip", late, folder, FACES)
    assert () == check_archive(tmp_path / "dossier.zip")
