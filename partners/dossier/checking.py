"""Whether an archive holds what it states: every fault as a sentence, and nothing is unpacked.

What comes by post may be anything. An entry is read only where the manifest names it, and only where it is stored as it
is, so that reading never costs more than the archive's own size; a table of contents that is too large is not read.
"""

import hashlib
import io
import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from partners.dossier.manifest import MANIFEST, MOST_FILES, Manifest
from shared.evidence import PIECE

_LARGEST_READ = 4 << 20
"""Bytes that are read at once: the table of contents of a dossier is smaller."""
_LARGEST_MANIFEST = 16 << 20
_UNREADABLE = (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError)


@dataclass(frozen=True, slots=True)
class _Expected:
    file: str
    sha256: str
    size: int


class _Sparing(io.FileIO):
    """A file that refuses to read very much at once, as a forged table of contents asks for."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = size if size is not None and size >= 0 else os.fstat(self.fileno()).st_size - self.tell()
        if wanted > _LARGEST_READ:
            message = "its table of contents is too large"
            raise zipfile.BadZipFile(message)
        return super().read(wanted)


def check_archive(path: Path, digest: str | None = None) -> tuple[str, ...]:
    """Every fault of an archive, none where all is well; ``digest`` is what the transfer told, where it is known."""
    try:
        with _Sparing(path) as file, zipfile.ZipFile(file) as archive:
            return tuple(_faults(archive, path.stat().st_size, digest))
    except _UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return (f"{path.name} cannot be read as an archive ({reason}); ask for it again.",)


def _faults(archive: zipfile.ZipFile, size: int, digest: str | None) -> Iterator[str]:
    entries = archive.infolist()
    if len(entries) > MOST_FILES + 3 or sum(entry.file_size for entry in entries) > size:
        yield "The archive claims more files or bytes than it can hold; it is not read any further."
        return
    manifest = _manifest_of(archive)
    if isinstance(manifest, str):
        yield manifest
        return
    if manifest.digest != manifest.digest_of_items:
        yield f"The manifest states the digest {manifest.digest}, and its items give {manifest.digest_of_items}."
    if digest is not None and digest != manifest.digest:
        yield f"The transfer told of the dossier {digest}, and the archive holds {manifest.digest}."
    expected = {one.file: one for one in _expected_of(manifest)}
    if len(expected) < sum(1 for _ in _expected_of(manifest)):
        yield "The manifest gives two files the same name."
    yield from _strangers(entries, expected)
    for one in expected.values():
        if (fault := _fault_of(archive, one)) is not None:
            yield fault


def _expected_of(manifest: Manifest) -> Iterable[_Expected]:
    yield from (_Expected(paper.file, paper.sha256, paper.size) for paper in manifest.papers)
    yield from (_Expected(item.file, item.sha256, item.size) for item in manifest.items if not item.erased)


def _manifest_of(archive: zipfile.ZipFile) -> Manifest | str:
    try:
        info = archive.getinfo(MANIFEST)
        if not _is_plain(info) or info.file_size > _LARGEST_MANIFEST:
            return f"{MANIFEST} is packed or too large; ask for the archive as it was written."
        with archive.open(info) as file:
            data = b"".join(iter(lambda: file.read(PIECE), b""))
        return Manifest.model_validate_json(data)
    except KeyError:
        return f"{MANIFEST} is missing; without it nothing in the archive can be checked."
    except zipfile.BadZipFile as error:
        return f"{MANIFEST} was altered ({error}); without it nothing in the archive can be checked."
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        return f"{MANIFEST} cannot be read ({where}: {first['msg']}); without it nothing in the archive can be checked."


def _strangers(entries: Iterable[zipfile.ZipInfo], expected: dict[str, _Expected]) -> Iterator[str]:
    """What is in the archive and not in the manifest, or in it twice."""
    counts = Counter(entry.orig_filename for entry in entries)
    for name, count in counts.items():
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
            yield f"{name!r} would be unpacked outside of its folder; do not unpack this archive."
        elif name not in expected and name != MANIFEST:
            yield f"{name!r} is in the archive and not in its manifest."
        if count > 1:
            yield f"{name!r} is in the archive {count} times."


def _is_plain(info: zipfile.ZipInfo) -> bool:
    return info.compress_type == zipfile.ZIP_STORED and info.compress_size == info.file_size


def _fault_of(archive: zipfile.ZipFile, one: _Expected) -> str | None:
    try:
        info = archive.getinfo(one.file)
    except KeyError:
        return f"{one.file} is missing."
    if not _is_plain(info):
        return f"{one.file} was packed anew and is not read; ask for the archive as it was written."
    if info.file_size != one.size:
        return f"{one.file} has {info.file_size} bytes, and {one.size} are stated."
    digest = hashlib.sha256()
    try:
        with archive.open(info) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except _UNREADABLE as error:
        return f"{one.file} was altered ({error})."
    return None if digest.hexdigest() == one.sha256 else f"{one.file} was altered: its SHA-256 is not the one stated."
