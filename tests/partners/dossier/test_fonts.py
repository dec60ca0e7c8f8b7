"""The fonts of the documents, and the sentence about characters that they do not have."""

import pytest

from partners.dossier import fonts
from partners.dossier.fonts import PACKAGED, PREFERRED, cannot_show, typefaces
from shared.failure import CannotStartError


def test_packaged_font_is_enough() -> None:
    """Where the machine has no font for Chinese, the one of the package is taken."""
    assert (PACKAGED,) == typefaces(of_this_machine=False).families


def test_fonts_of_this_machine_come_first() -> None:
    """Families for simplified Chinese come in the order of preference, the packaged one last."""
    families = typefaces().families
    assert families == tuple(family for family in (*PREFERRED, PACKAGED) if family in families)
    assert families[-1] == PACKAGED


def test_characters_without_a_font_are_all_named() -> None:
    """Each character that cannot be shown is named once with its number, and what to install."""
    faces = typefaces(of_this_machine=False)
    faces.require("案件：赵永强 P1")
    with pytest.raises(CannotStartError) as caught:
        faces.require("😀赵\ue000强😀\u200b")
    assert (
        "No installed font shows (U+200B), (U+E000), 😀 (U+1F600); write them otherwise, or install a font that has "
        "them, such as Noto Serif CJK SC (Debian: fonts-noto-cjk) or FangSong, and try again."
    ) == str(caught.value)


def test_very_many_characters_are_counted() -> None:
    """Of very many characters the first are named and the rest are counted."""
    assert "(U+E013) and 80 more; " in cannot_show([chr(0xE000 + n) for n in range(100)])


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package of the font is not installed, the sentence says which and what to do."""
    monkeypatch.setattr(fonts, "_PACKAGE", "no_such_package")
    typefaces.cache_clear()
    with pytest.raises(CannotStartError, match="The package cvttf-notosanscjk-regular is not installed; install"):
        typefaces(of_this_machine=False)
