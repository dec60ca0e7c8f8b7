"""The dossier as one archive that states its own contents.

A zip whose entries are stored as they are: evidence is packed already, the bytes do not depend on a compressor, and
whoever checks the archive need not fear what it would unpack to. It is written beside its place and named when it is
whole; where a file of the dossier is missing or altered nothing is written.
"""

import contextlib
import filecmp
import functools
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

from partners.dossier.fonts import Typefaces
from partners.dossier.manifest import CONTENTS, MANIFEST, README, Manifest, ManifestItem, Paper
from partners.dossier.papers import contents, readme
from shared.evidence import PIECE, EvidenceFolder
from shared.failure import CannotStartError
from shared.workdays import CHINA

_LATEST = (2107, 12, 31, 23, 59, 58)
"""The last moment that a zip can name."""
_UNIX = 3


def write_archive(path: Path, manifest: Manifest, folder: EvidenceFolder, faces: Typefaces | None = None) -> Manifest:
    """Write the archive and return what it states; raises CannotStartError with every fault and writes nothing then."""
    manifest = _with_erased(manifest, folder)
    kept = [item for item in manifest.items if not item.erased]
    faults = [fault for item in kept if (fault := folder.fault_of(item.sha256, item.size))]
    if manifest.digest != manifest.digest_of_items:
        faults.append(f"The dossier of case {manifest.case_no} is not the one of its digest; make the manifest anew.")
    if faults:
        raise CannotStartError("\n".join(dict.fromkeys(faults)))
    papers = {CONTENTS: contents(manifest, folder, faces), README: readme(manifest)}
    stated = tuple(
        Paper.model_validate({"file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)})
        for name, data in papers.items()
    )
    manifest = manifest.model_copy(update={"papers": stated})
    said = manifest.model_dump_json(indent=1).encode()
    with _whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {MANIFEST: said, **papers}.items():
            _add(archive, manifest, name, len(data), functools.partial(BytesIO, data))
        for item in kept:
            _add_item(archive, manifest, item, folder)
    return manifest


def _with_erased(manifest: Manifest, folder: EvidenceFolder) -> Manifest:
    """The manifest with a word on each replaced file that was erased; one that counts may not be."""
    items = tuple(
        item.model_copy(update={"erased": item.replaced and folder.is_erased(item.sha256)}) for item in manifest.items
    )
    return manifest.model_copy(update={"items": items})


def _add_item(archive: zipfile.ZipFile, manifest: Manifest, item: ManifestItem, folder: EvidenceFolder) -> None:
    found = _add(archive, manifest, item.file, item.size, lambda: folder.open(item.sha256))
    if found != item.sha256:
        message = f"Evidence {item.sha256} was altered while the archive was written; nothing is written."
        raise CannotStartError(message)


def _add(archive: zipfile.ZipFile, manifest: Manifest, name: str, size: int, source: Callable[[], BinaryIO]) -> str:
    """Add a file piece by piece; gives the SHA-256 of what was written."""
    info = zipfile.ZipInfo(name, min(manifest.made_at.astimezone(CHINA).timetuple()[:6], _LATEST))
    info.create_system = _UNIX
    info.external_attr = 0o100640 << 16
    info.file_size = size
    digest = hashlib.sha256()
    with source() as file, archive.open(info, "w") as entry:
        while piece := file.read(PIECE):
            entry.write(piece)
            digest.update(piece)
    return digest.hexdigest()


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole; another file of that name is left alone."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                if path.exists() and not filecmp.cmp(path, file.name, shallow=False):
                    message = f"{path} is there and holds something else; name another file."
                    raise CannotStartError(message)
                Path(file.name).replace(path)
            finally:
                Path(file.name).unlink(missing_ok=True)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); name another file."
        raise CannotStartError(message) from error
