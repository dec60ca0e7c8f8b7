"""Reading which characters a font shows."""

import struct
from pathlib import Path

import pytest

from partners.dossier.cmap import characters_of
from partners.dossier.fonts import typefaces


def font(cmap: bytes, collection: bool = False) -> bytes:  # noqa: FBT001, FBT002 - two kinds of file
    """A font file that has nothing but this table, alone or as the second of a collection."""
    start = 20 if collection else 0
    head = b"ttcf" + struct.pack(">HHIII", 1, 0, 2, 0, start) if collection else b""
    directory = b"OTTO" + struct.pack(">HHHH", 1, 0, 0, 0)
    record = struct.pack(">4sIII", b"cmap", 0, start + len(directory) + 16, len(cmap))
    return head + directory + record + cmap


def table(subtable: bytes) -> bytes:
    """A cmap with one subtable."""
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable


GROUPS = table(struct.pack(">HHIII", 12, 0, 40, 0, 2) + struct.pack(">IIIIII", 0x4E00, 0x4E02, 7, 0x20BB7, 0x20BB8, 0))
SEGMENTS = table(
    struct.pack(">HHHHHHH", 4, 0, 0, 6, 0, 0, 0)
    + struct.pack(">HHHH", 0x41, 0x4E02, 0xFFFF, 0)
    + struct.pack(">HHH", 0x41, 0x4E00, 0xFFFF)
    + struct.pack(">HHH", 5, 0, 1)
    + struct.pack(">HHH", 0, 4, 0)
    + struct.pack(">HHH", 9, 0, 11)
)


@pytest.mark.parametrize("collection", [False, True])
@pytest.mark.parametrize(
    ("cmap", "expected"), [(GROUPS, {0x4E00, 0x4E01, 0x4E02, 0x20BB8}), (SEGMENTS, {0x41, 0x4E00, 0x4E02})]
)
def test_both_forms_are_read(tmp_path: Path, cmap: bytes, expected: set[int], collection: bool) -> None:  # noqa: FBT001 - a case
    """Groups and segments give their code points; one that leads to glyph 0 is not shown."""
    path = tmp_path / "font.otf"
    path.write_bytes(font(cmap, collection))
    assert expected == characters_of(path, index=int(collection))


@pytest.mark.parametrize("data", [b"", b"OTTO", b"ttcf\x00", font(b""), font(GROUPS[:20]), b"<html>" * 50])
def test_what_is_no_font_covers_nothing(tmp_path: Path, data: bytes) -> None:
    """A file that is cut short or is no font covers nothing, and neither does one that is not there."""
    path = tmp_path / "font.otf"
    path.write_bytes(data)
    assert frozenset() == characters_of(path) == characters_of(tmp_path / "nowhere.otf")


def test_packaged_font_covers_chinese() -> None:
    """The font of the package shows everyday characters, rare surnames and official brackets, and no emoji."""
    covered = typefaces(of_this_machine=False).covered
    assert all(ord(one) in covered for one in "食安案卷〔〕①㎡µ𠮷龘—　 A9")
    assert not any(ord(one) in covered for one in "😀\u200b\ue000")
