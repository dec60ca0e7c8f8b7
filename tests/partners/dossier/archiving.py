"""A dossier as it is archived: two current files, one older version, and the steps so far."""

from datetime import UTC, date, datetime
from pathlib import Path

from partners.dossier.fonts import typefaces
from partners.dossier.manifest import Added, Manifest, ManifestStep, manifest_of
from partners.dossier.typesetting import pdf_of
from shared.contracts import EvidenceItem, EvidenceKind
from shared.evidence import EvidenceFolder

AT = datetime(2026, 3, 4, 2, tzinfo=UTC)
FACES = typefaces(of_this_machine=False)
PHOTOGRAPH = b"\xff\xd8 a photograph"
OLD_LETTER = b"%PDF-1.7 an older letter that is no whole PDF"


def added(folder: EvidenceFolder, kind: EvidenceKind, reference: str, data: bytes, *, replaced: bool = False) -> Added:
    """A file that is kept and added."""
    kept = folder.keep(data)
    media = "application/pdf" if data.startswith(b"%PDF") else "image/jpeg"
    item = EvidenceItem(
        kind=kind,
        reference=reference,
        sha256=kept.sha256,
        size=kept.size,
        media_type=media,
        made_on=date(2026, 3, 3),
    )
    return Added(item, "officer.O001", AT, 1 if replaced else 2, replaced)


def letter() -> bytes:
    """A PDF of one page."""
    rows: list[list[str]] = []
    data = {"title": "移送书", "agency": "", "number": "", "case_no": "C-1", "date": "", "concerning": "", "rows": rows}
    return pdf_of("contents", data | {"total": "", "digest": ""}, date(2026, 3, 3), FACES)


def dossier(tmp_path: Path) -> tuple[Manifest, EvidenceFolder]:
    """The manifest and the folder that holds its files."""
    folder = EvidenceFolder(tmp_path / "evidence")
    items = [
        added(folder, EvidenceKind.PHOTOGRAPH, "PHOTO/7:1", PHOTOGRAPH),
        added(folder, EvidenceKind.TRANSFER_LETTER, "LETTER-01", OLD_LETTER, replaced=True),
        added(folder, EvidenceKind.TRANSFER_LETTER, "LETTER-01", letter()),
    ]
    steps = [ManifestStep(version=2, step="report", by="officer.O001", at=AT, text="A report proposes the transfer.")]
    return manifest_of("C-7Q2M4ZK3XAWB", 2, (AT, "officer.O001"), items, steps), folder
