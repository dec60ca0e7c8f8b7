"""Which characters a font file can show: its ``cmap`` table, as the OpenType specification describes it.

Only formats 4 and 12 are read, which every font with Chinese characters has; of a file that is no such font nothing is
covered.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_FORMAT_4, _FORMAT_12 = 4, 12
_LAST = 0x10FFFF


def characters_of(path: Path, index: int = 0) -> frozenset[int]:
    """The code points that a font shows; ``index`` says which font of a collection (.ttc)."""
    try:
        cmap = _cmap(path, index)
        (count,) = struct.unpack_from(">H", cmap, 2)
        offsets = {struct.unpack_from(">HHI", cmap, 4 + 8 * number)[2] for number in range(count)}
        return frozenset(code for offset in offsets for code in _codes(cmap[offset:]))
    except (OSError, struct.error, LookupError):
        return frozenset()


def _cmap(path: Path, index: int) -> bytes:
    with path.open("rb") as file:
        start = 0
        if file.read(4) == b"ttcf":
            file.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start + 4)
        (count,) = struct.unpack(">H", file.read(2))
        file.seek(start + 12)
        records = [struct.unpack(">4sIII", file.read(16)) for _ in range(count)]
        offset, length = {tag: (offset, length) for tag, _, offset, length in records}[b"cmap"]
        file.seek(offset)
        return file.read(length)


def _codes(table: bytes) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", table)
    if kind == _FORMAT_12:
        (count,) = struct.unpack_from(">I", table, 12)
        for number in range(count):
            first, last, glyph = struct.unpack_from(">III", table, 16 + 12 * number)
            yield from range(first + (glyph == 0), min(last, _LAST) + 1)
    elif kind == _FORMAT_4:
        yield from _codes_of_format_4(table)


def _codes_of_format_4(table: bytes) -> Iterator[int]:
    """Segments of codes; each counts on from a glyph, or names its glyphs in a list behind the table."""
    (twice,) = struct.unpack_from(">H", table, 6)
    for at in range(0, twice, 2):
        (last,) = struct.unpack_from(">H", table, 14 + at)
        (first,) = struct.unpack_from(">H", table, 16 + twice + at)
        (delta,) = struct.unpack_from(">H", table, 16 + 2 * twice + at)
        place = 16 + 3 * twice + at
        (jump,) = struct.unpack_from(">H", table, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code + delta if not jump else struct.unpack_from(">H", table, place + jump + 2 * (code - first))[0]
            if glyph & 0xFFFF:
                yield code
