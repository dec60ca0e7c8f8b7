"""What an archive states of itself."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from partners.dossier.manifest import FileName, Manifest, manifest_of
from shared.contracts import EvidenceItem, EvidenceKind, digest_of
from shared.evidence import EvidenceFolder
from tests.partners.dossier.archiving import AT, added, dossier


def test_files_stand_in_the_order_of_the_law_under_readable_names(tmp_path: Path) -> None:
    """The letter comes first, older versions come last in a folder of their own, and no name needs a separator."""
    manifest, _ = dossier(tmp_path)
    assert ["01-移送书-LETTER-01.pdf", "02-照片-PHOTO_7_1.jpg", "历次版本/03-移送书-LETTER-01.pdf"] == [
        item.file for item in manifest.items
    ]
    assert ["涉嫌犯罪案件移送书", "照片", "涉嫌犯罪案件移送书"] == [item.title for item in manifest.items]


def test_digest_is_over_what_counts(tmp_path: Path) -> None:
    """The digest is the one that the signers signed: a replaced file is not in it."""
    manifest, _ = dossier(tmp_path)
    current = [EvidenceItem.model_validate(item.model_dump()) for item in manifest.items if not item.replaced]
    assert digest_of(current) == manifest.digest == manifest.digest_of_items


def test_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Nothing is lost on the way through JSON."""
    manifest, _ = dossier(tmp_path)
    assert manifest == Manifest.model_validate_json(manifest.model_dump_json())


def test_file_that_counts_is_never_erased(tmp_path: Path) -> None:
    """A manifest cannot say of a current file that it was erased, which would hide that it is missing."""
    manifest, _ = dossier(tmp_path)
    text = manifest.model_dump_json().replace('"erased":false', '"erased":true', 1)
    with pytest.raises(ValidationError, match="an item that counts cannot be erased"):
        Manifest.model_validate_json(text)


def test_every_kind_has_a_name_that_may_stand_in_an_archive(tmp_path: Path) -> None:
    """The name of a file of any kind, with the longest number, fits."""
    folder = EvidenceFolder(tmp_path)
    items = [added(folder, kind, "A" * 64, b"x") for kind in EvidenceKind]
    manifest = manifest_of("C-1", 1, (AT, "officer.O001"), items)
    assert len(EvidenceKind) == len({item.file for item in manifest.items})


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "历次版本/../x", "C:x", "a\\b", ".hidden", "", "a\n"])
def test_name_never_leads_out_of_the_folder(name: str) -> None:
    """A path, a drive or a hidden file is no name."""
    with pytest.raises(ValidationError):
        TypeAdapter(FileName).validate_python(name)
