"""The evidence folder: the files of all dossiers by their SHA-256, and the only place where personal data lies.

Events and databases hold hashes; here lie the files, so that one can be erased when the law asks for it. A file is
written beside the others, brought to the disk, and only then given its name: under a digest stands the whole file or
none. It can be read but not written afterwards, and it is never overwritten: the same bytes have the same name, so
whoever keeps them a second time, another process too, changes nothing. An erased file leaves a note under its name;
"erased" and "missing" are different answers.

Everything here waits for the disk: a handler calls it in a thread (``asyncio.to_thread``).
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

from shared.failure import CannotStartError

PIECE = 1 << 20
"""Bytes that are held in memory at once."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".part"
_ERASED = ".erased"
_ABANDONED_AFTER = 24 * 3600
"""Seconds after which an unfinished file counts as left behind by a process that died."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the folder."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """The folder; every method raises CannotStartError with one sentence where the folder cannot be used."""

    folder: Path

    def keep(self, what: Path | bytes) -> Kept:
        """Put a file, or bytes, into the folder; harmless where it is there."""
        with self._explained(what if isinstance(what, Path) else None):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o770)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=_UNFINISHED, delete=False) as copy:
                try:
                    self._sweep(os.fstat(copy.fileno()).st_mtime)
                    with BytesIO(what) if isinstance(what, bytes) else _source(what) as source:
                        kept = _copied(source, copy)
                    self._put(Path(copy.name), kept)
                finally:
                    Path(copy.name).unlink(missing_ok=True)
        return kept

    def open(self, sha256: str) -> BinaryIO:
        """The file of this digest, to be read and closed."""
        with self._explained():
            if (fault := self._absence(sha256)) is not None:
                raise CannotStartError(fault)
            return self.place_of(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """The bytes of a small file."""
        with self.open(sha256) as file:
            return file.read()

    def fault_of(self, sha256: str, size: int) -> str | None:
        """What is wrong with a file of this digest and size, in one sentence; it is read whole."""
        with self._explained():
            if (absence := self._absence(sha256)) is not None:
                return absence
            with self.place_of(sha256).open("rb") as file:
                found = os.fstat(file.fileno()).st_size
                if found != size:
                    return f"Evidence {sha256} has {found} bytes in {self.folder}, and {size} are stated; put it back."
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    return f"Evidence {sha256} was altered in {self.folder}: its SHA-256 is another; put it back."
        return None

    def is_erased(self, sha256: str) -> bool:
        """Whether a file of this digest was erased."""
        with self._explained():
            return self._note_of(sha256).exists()

    def erase(self, sha256: str) -> None:
        """Remove a file for good, whether it is there or not; from now on the folder says that it was erased."""
        with self._explained():
            note = self._note_of(sha256)
            note.parent.mkdir(parents=True, exist_ok=True, mode=0o770)
            note.touch()  # before the file goes: whoever keeps it at this moment sees the note
            self.place_of(sha256).unlink(missing_ok=True)
            _to_disk(note.parent)

    def place_of(self, sha256: str) -> Path:
        """Where the file of a digest stands; raises ValueError for what is none, such as a path."""
        if not _DIGEST.fullmatch(sha256):
            message = f"{sha256!r} is no SHA-256"
            raise ValueError(message)
        return self.folder / sha256[:2] / sha256

    def _note_of(self, sha256: str) -> Path:
        return self.place_of(sha256).with_suffix(_ERASED)

    def _absence(self, sha256: str) -> str | None:
        if self.is_erased(sha256):
            return f"Evidence {sha256} was erased from {self.folder}; it cannot be brought back."
        if not self.place_of(sha256).is_file():
            return (
                f"Evidence {sha256} is missing in {self.folder}; put the file back, or set SHIAN_EVIDENCE_FOLDER to "
                "the folder that holds it."
            )
        return None

    def _put(self, copy: Path, kept: Kept) -> None:
        """Give a finished copy its name."""
        place = self.place_of(kept.sha256)
        self._refuse_erased(kept.sha256)
        if place.exists():
            if (fault := self.fault_of(kept.sha256, kept.size)) is not None:
                raise CannotStartError(fault)
            return
        place.parent.mkdir(exist_ok=True, mode=0o770)
        copy.chmod(0o440)
        copy.rename(place)
        _to_disk(place.parent)
        if self.is_erased(kept.sha256):
            place.unlink(missing_ok=True)
            self._refuse_erased(kept.sha256)

    def _refuse_erased(self, sha256: str) -> None:
        if self.is_erased(sha256):
            message = (
                f"Evidence {sha256} was erased and is not kept again; if it must be, remove {self._note_of(sha256)} "
                "first."
            )
            raise CannotStartError(message)

    def _sweep(self, now: float) -> None:
        """Remove what processes that died left behind: it may be personal data that nobody would find to erase."""
        for left in self.folder.glob(f"*{_UNFINISHED}"):
            with contextlib.suppress(FileNotFoundError):
                if now - left.stat().st_mtime > _ABANDONED_AFTER:
                    left.unlink()

    @contextlib.contextmanager
    def _explained(self, source: Path | None = None) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if source is not None and error.filename == str(source):
                message = f"{source} cannot be read ({error.strerror}); name a file that can."
            else:
                message = (
                    f"The evidence folder {self.folder} cannot be used ({error.strerror}); mend its permissions or "
                    "its disk, or set SHIAN_EVIDENCE_FOLDER to another folder."
                )
            raise CannotStartError(message) from error


def _source(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file():
        message = f"{path} is no file; name one file."
        raise CannotStartError(message)
    return path.open("rb")


def _copied(source: BinaryIO, copy: IO[bytes]) -> Kept:
    """Copy piece by piece, to the disk, and hash what was copied."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        copy.write(piece)
        digest.update(piece)
        size += len(piece)
    if not size:
        message = "The file is empty; evidence holds at least one byte."
        raise CannotStartError(message)
    copy.flush()
    os.fsync(copy.fileno())
    return Kept(digest.hexdigest(), size)


def _to_disk(folder: Path) -> None:
    """A new name is safe once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
