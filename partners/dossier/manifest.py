"""What an archive states of itself: the case, its steps, and every file in every version with its hash."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from partners.dossier.wording import titles
from shared.contracts import EvidenceItem, EvidenceKind, digest_of
from shared.contracts.case_step import Version
from shared.contracts.dossier import Digest
from shared.contracts.event import Instant, Name, Reference, Stated

MANIFEST = "manifest.json"
CONTENTS = "目录.pdf"
README = "说明.txt"
OLDER = "历次版本"
"""The folder of the files that were replaced."""
MOST_FILES = 10_000
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/json": ".json",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_FORMAL = "涉嫌犯罪案件"
_ORDER = {kind: place for place, kind in enumerate(EvidenceKind)}

FileName = Annotated[
    str, StringConstraints(pattern=rf"^(?:{OLDER}/)?[^./\\:\x00-\x1f\x7f][^/\\:\x00-\x1f\x7f]{{0,150}}$")
]
"""Of a file in the archive: in its one folder or beside it, nowhere else."""


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManifestItem(EvidenceItem):
    """One file of the dossier in one version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: FileName
    title: Name
    """In Chinese."""
    added_by: Name
    """Such as officer.O007."""
    added_at: Instant
    version: Version
    """Of the case when it was added."""
    replaced: bool = False
    """Whether a newer version stands in its place."""
    erased: bool = False
    """Whether a replaced file was erased; it is then not in the archive."""

    @model_validator(mode="after")
    def _counts_or_is_erased(self) -> Self:
        if self.erased and not self.replaced:
            message = "an item that counts cannot be erased"
            raise ValueError(message)
        return self


class ManifestStep(_Stated):
    """One step of the case."""

    version: Version
    step: Name
    by: Name
    at: Instant
    text: Stated


class Paper(_Stated):
    """A file that explains the archive and is no part of the dossier."""

    file: Literal["目录.pdf", "说明.txt"]
    sha256: Digest
    size: Annotated[int, Field(ge=1)]


class Manifest(_Stated):
    """The whole statement, as ``manifest.json`` holds it."""

    format: Literal["shian.dossier.v1"] = "shian.dossier.v1"
    case_no: Reference
    version: Version
    made_at: Instant
    made_by: Name
    digest: Digest
    """What signers and head signed, over the items that are not replaced."""
    items: Annotated[tuple[ManifestItem, ...], Field(min_length=1, max_length=MOST_FILES)]
    steps: Annotated[tuple[ManifestStep, ...], Field(max_length=MOST_FILES)] = ()
    papers: Annotated[tuple[Paper, ...], Field(max_length=2)] = ()
    """Stated when the archive is written."""

    @property
    def digest_of_items(self) -> str:
        """The digest as it follows from the items."""
        return digest_of(item for item in self.items if not item.replaced)


@dataclass(frozen=True, slots=True)
class Added:
    """An item as the case's record knows it."""

    item: EvidenceItem
    by: str
    at: datetime
    version: int
    replaced: bool = False


def manifest_of(
    case_no: str, version: int, made: tuple[datetime, str], added: Iterable[Added], steps: Iterable[ManifestStep] = ()
) -> Manifest:
    """The manifest of a case's dossier; ``made`` says when and by whom. Files are named in the order of the law."""
    ordered = sorted(
        added, key=lambda one: (one.replaced, _ORDER[one.item.kind], one.item.reference, one.version, one.item.sha256)
    )
    items = tuple(
        ManifestItem(
            **one.item.model_dump(),
            file=_file(number, one),
            title=titles()[one.item.kind],
            added_by=one.by,
            added_at=one.at,
            version=one.version,
            replaced=one.replaced,
        )
        for number, one in enumerate(ordered, start=1)
    )
    current = digest_of(item for item in items if not item.replaced)
    made_at, made_by = made
    return Manifest(
        case_no=case_no,
        version=version,
        made_at=made_at,
        made_by=made_by,
        digest=current,
        items=items,
        steps=tuple(steps),
    )


def _file(number: int, one: Added) -> str:
    """A name that people can read: 01-移送书-LETTER-01.pdf."""
    title = titles()[one.item.kind].removeprefix(_FORMAL)
    reference = one.item.reference.replace("/", "_").replace(":", "_")
    name = f"{number:02}-{title}-{reference}{_ENDINGS.get(one.item.media_type, '.bin')}"
    return f"{OLDER}/{name}" if one.replaced else name
