"""The fonts of the documents, and the check that they can show every character before anything is rendered.

A font of this machine for simplified Chinese is taken where there is one, FangSong (仿宋) first as official documents
have it; behind it stands the font that is installed with this program. Nothing else is used, so a document looks the
same as long as the machine does, and a character that none of them has is refused: a box in its place (豆腐块) would
be a person's name that nobody can read.
"""

import functools
import importlib.util
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typst

from partners.dossier.cmap import characters_of
from shared.failure import CannotStartError

PREFERRED = (
    *("FangSong", "FangSong_GB2312", "STFangsong", "FZFangSong-Z02S", "FZFangSong-Z02"),
    *("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "SimSun", "STSong"),
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN"),
)
"""Families for simplified Chinese, best first."""
PACKAGED = "Noto Sans CJK TC"
"""The family of the installed package: it has the forms of all regions, and the page's language chooses (zh, cn)."""
_PACKAGE = "cvttf_NotoSansCJK_Regular"
_REGULAR = 400
_SHOWN = 20
_REMEDY = (
    "write them otherwise, or install a font that has them, such as Noto Serif CJK SC (Debian: fonts-noto-cjk) or "
    "FangSong, and try again"
)


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The fonts that documents are set in."""

    families: tuple[str, ...]
    """In the order in which they are tried for a character."""
    loaded: typst.Fonts
    covered: frozenset[int]
    """Code points that at least one of them shows."""

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters of a text that no font here shows, each once; fonts list control characters, and show none."""
        return tuple(
            sorted(one for one in set(text) if ord(one) not in self.covered or unicodedata.category(one) == "Cc")
        )

    def require(self, text: str) -> None:
        """Raise CannotStartError, with the characters and what to install, where the text cannot be shown."""
        if missing := self.missing(text):
            raise CannotStartError(cannot_show(missing))


@functools.cache
def typefaces(*, of_this_machine: bool = True) -> Typefaces:
    """The fonts for documents; raises CannotStartError where there is none for Chinese."""
    loaded = typst.Fonts(
        include_system_fonts=of_this_machine, include_embedded_fonts=False, font_paths=[str(_packaged_folder())]
    )
    found: dict[str, typst.FontInfo] = {}
    for font in sorted(loaded.fonts(), key=lambda font: (abs(font.weight - _REGULAR), font.path or "", font.index)):
        if font.style == "normal" and font.path:
            found.setdefault(font.family, font)
    families = tuple(family for family in (*PREFERRED, PACKAGED) if family in found)
    if not families:
        message = f"No font for Chinese is installed; {_REMEDY.partition(', or ')[2]}."
        raise CannotStartError(message)
    faces = (found[family] for family in families)
    covered = frozenset[int]().union(*(characters_of(Path(face.path or ""), face.index) for face in faces))
    return Typefaces(families, loaded, covered)


def cannot_show(characters: Iterable[str]) -> str:
    """The sentence about characters that no font has."""
    listed = [f"{one if one.isprintable() else ''} (U+{ord(one):04X})".strip() for one in characters]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"No installed font shows {', '.join(listed[:_SHOWN])}{more}; {_REMEDY}."


def _packaged_folder() -> Path:
    """Where the font of the package lies; raises CannotStartError where the package is not installed."""
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        message = "The package cvttf-notosanscjk-regular is not installed; install this program's requirements anew."
        raise CannotStartError(message)
    return Path(package.origin).parent
