"""Checking an archive that came by post: every fault is said, and none does harm."""

import json
import re
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partners.dossier.archive import write_archive
from partners.dossier.checking import check_archive
from tests.partners.dossier.archiving import FACES, PHOTOGRAPH, dossier

Entries = dict[str, bytes]
PHOTO = "02-照片-PHOTO_7_1.jpg"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive without fault."""
    manifest, folder = dossier(tmp_path)
    write_archive(tmp_path / "dossier.zip", manifest, folder, FACES)
    return tmp_path / "dossier.zip"


def entries_of(path: Path) -> Entries:
    """The files of an archive."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, entries: Entries, method: int = zipfile.ZIP_STORED) -> Path:
    """An archive of these files, as anybody can make it."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def forged(entries: Entries, change: Callable[[dict[str, Any]], None]) -> Entries:
    """The files with another manifest."""
    manifest = json.loads(entries["manifest.json"])
    change(manifest)
    return entries | {"manifest.json": json.dumps(manifest).encode()}


def test_archive_without_fault(path: Path) -> None:
    """An archive as it was written has no fault, also when somebody packs the same files anew without compressing."""
    assert () == check_archive(path) == check_archive(packed(path, entries_of(path)))


def test_every_fault_is_said(path: Path) -> None:
    """A missing, an altered, a shortened and an extra file are all named at once."""
    entries = entries_of(path)
    del entries["01-移送书-LETTER-01.pdf"]
    entries |= {PHOTO: PHOTOGRAPH[::-1], "说明.txt": b"short", "more.exe": b"MZ"}
    readme = json.loads(entries["manifest.json"])["papers"][1]["size"]
    assert (
        "'more.exe' is in the archive and not in its manifest.",
        f"说明.txt has 5 bytes, and {readme} are stated.",
        "01-移送书-LETTER-01.pdf is missing.",
        f"{PHOTO} was altered: its SHA-256 is not the one stated.",
    ) == check_archive(packed(path, entries))


def test_single_altered_byte_is_found_wherever_it_is(path: Path) -> None:
    """Whichever byte of the archive's files somebody changes, the archive has a fault."""
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        starts = [(info.header_offset + 30 + len(info.filename.encode()), info) for info in archive.infolist()]
    for start, info in starts:
        for at in (start, start + info.file_size // 2, start + info.file_size - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert any("was altered" in fault and info.filename in fault for fault in check_archive(path)), (
                info.filename
            )


def test_manifest_that_cannot_be_read(path: Path) -> None:
    """Without a manifest that can be read, that alone is said."""
    entries = entries_of(path)
    end = "without it nothing in the archive can be checked."
    assert (f"manifest.json cannot be read (the whole: Invalid JSON: expected value at line 1 column 1); {end}",) == (
        check_archive(packed(path, entries | {"manifest.json": b"x"}))
    )
    (fault,) = check_archive(packed(path, forged(entries, lambda manifest: manifest.update(case_no=""))))
    assert fault.startswith("manifest.json cannot be read (case_no: ")
    (fault,) = check_archive(packed(path, entries | {"manifest.json": b"[" * 1_000_000}))
    assert fault.startswith("manifest.json cannot be read (the whole: ")
    del entries["manifest.json"]
    assert (f"manifest.json is missing; {end}",) == check_archive(packed(path, entries))


def test_digest_must_be_the_one_of_the_items(path: Path) -> None:
    """A forged digest is found from within, and a forged dossier against the digest that the transfer told."""
    entries = entries_of(path)
    digest = json.loads(entries["manifest.json"])["digest"]
    other = "0" * 64
    assert (f"The manifest states the digest {other}, and its items give {digest}.",) == check_archive(
        packed(path, forged(entries, lambda manifest: manifest.update(digest=other)))
    )
    assert (f"The transfer told of the dossier {other}, and the archive holds {digest}.",) == check_archive(
        packed(path, entries), other
    )


@pytest.mark.parametrize("name", ["../evil.sh", "/etc/cron.d/evil", "a/../../evil", "..\\evil.bat", "C:\\evil.bat"])
def test_name_that_leads_out_of_the_folder_is_said(path: Path, name: str) -> None:
    """A file that would be unpacked elsewhere is named with a warning, and nothing is unpacked."""
    before = set(path.parent.rglob("*"))
    assert (f"{name!r} would be unpacked outside of its folder; do not unpack this archive.",) == check_archive(
        packed(path, entries_of(path) | {name: b"evil"})
    )
    assert before == set(path.parent.rglob("*"))


def test_manifest_may_not_name_a_path(path: Path) -> None:
    """A manifest that gives a file a path is not believed."""
    (fault,) = check_archive(
        packed(path, forged(entries_of(path), lambda manifest: manifest["items"][0].update(file="../x.pdf")))
    )
    assert fault.startswith("manifest.json cannot be read (items.0.file: ")


def test_file_that_stands_twice_is_said(path: Path) -> None:
    """Of two files with one name nobody knows which counts."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile says that the name is there already, which is the case to be tried
        archive.writestr(PHOTO, PHOTOGRAPH)
    assert (f"{PHOTO!r} is in the archive 2 times.",) == check_archive(path)


def test_manifest_may_not_give_two_files_one_name(path: Path) -> None:
    """Two items of one name cannot both be in the archive."""

    def change(manifest: dict[str, Any]) -> None:
        manifest["items"][1]["file"] = manifest["items"][0]["file"]

    assert "The manifest gives two files the same name." in check_archive(
        packed(path, forged(entries_of(path), change))
    )


def test_bomb_is_not_unpacked(path: Path) -> None:
    """Files that unpack to far more than the archive holds are not read."""
    bomb = packed(path, entries_of(path) | {PHOTO: bytes(200 << 20)}, zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    faults = check_archive(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ("The archive claims more files or bytes than it can hold; it is not read any further.",) == faults
    assert peak < 8 << 20


def test_packed_file_is_not_read(path: Path) -> None:
    """A compressed file is refused with what to ask for, however small it is."""
    entries = entries_of(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED if name == PHOTO else zipfile.ZIP_STORED)
    assert (f"{PHOTO} was packed anew and is not read; ask for the archive as it was written.",) == check_archive(path)


def test_huge_table_of_contents_is_not_read(path: Path) -> None:
    """A table of contents of many megabytes is refused before it is read."""
    size = 64 << 20
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 65535, 65535, size, 0, 0))
    tracemalloc.start()
    faults = check_archive(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (
        "dossier.zip cannot be read as an archive (its table of contents is too large); ask for it again.",
    ) == faults
    assert peak < 8 << 20


def test_too_many_files_are_not_read(path: Path) -> None:
    """An archive of more files than a dossier has is not read."""
    packed(path, {f"{n}": b"" for n in range(10_010)})
    assert ("The archive claims more files or bytes than it can hold; it is not read any further.",) == check_archive(
        path
    )


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", bytes(100_000)])
def test_what_is_no_archive_is_said(path: Path, data: bytes) -> None:
    """A file that is no zip is refused in one sentence."""
    path.write_bytes(data)
    (fault,) = check_archive(path)
    assert re.fullmatch(r"dossier\.zip cannot be read as an archive \(.+\); ask for it again\.", fault)


def test_archive_that_is_cut_short(path: Path) -> None:
    """An archive of which the end or the beginning is missing is refused, never half believed."""
    whole = path.read_bytes()
    for part in (whole[:-30], whole[: len(whole) // 2], whole[100:]):
        path.write_bytes(part)
        assert check_archive(path)


def test_archive_that_is_not_there(tmp_path: Path) -> None:
    """A file that cannot be opened is named."""
    assert (
        "nowhere.zip cannot be read as an archive (No such file or directory); ask for it again.",
    ) == check_archive(tmp_path / "nowhere.zip")
