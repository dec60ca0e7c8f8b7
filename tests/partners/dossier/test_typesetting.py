"""From data to a PDF: what people wrote is text, never typst's language."""

import string
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.dossier.fonts import Typefaces, typefaces
from partners.dossier.typesetting import pdf_of
from shared.failure import CannotStartError
from tests.partners.dossier.reading import fonts_of, pages_of, sizes_of, text_of

ON = date(2026, 3, 4)
CONTENTS: dict[str, Any] = {
    "title": "卷内文件目录",
    "agency": "",
    "number": "案卷第 1 版",
    "case_no": "C-1",
    "concerning": "",
    "rows": [],
    "total": "",
    "digest": "",
}


def pdf(**values: Any) -> bytes:
    """A page with these values, in the packaged font."""
    return pdf_of("contents", CONTENTS | values, ON, typefaces(of_this_machine=False))


@pytest.mark.parametrize(
    "text",
    [
        "#sys.version",
        "*x*",
        "_x_",
        "$x^2$",
        "#panic()",
        "<label>",
        "@ref",
        "= x",
        "- x",
        "\\u{41}",
        "//x",
        "`x`",
        '"x"',
    ],
)
def test_what_people_write_is_no_markup(text: str) -> None:
    """Every sign that means something to typst appears as it was written."""
    assert f"当事人：{text}".replace(" ", "") in text_of(pdf(concerning=f"当事人：{text}"))


@given(st.text(string.ascii_letters + string.digits + string.punctuation + "赵强，。〔〕（）", min_size=1, max_size=60))
def test_any_text_is_read_back(text: str) -> None:
    """Whatever signs stand in a text, in whatever order, they are read back as they were written."""
    assert f"甲{text}乙" in text_of(pdf(rows=[["1", *["—"] * 7, f"甲{text}乙"]]))


def test_bytes_follow_from_the_input() -> None:
    """The same input gives the same bytes, and another day gives others."""
    assert pdf(total="甲") == pdf(total="甲")
    assert pdf(total="甲") != pdf(total="乙")


def test_fonts_are_embedded() -> None:
    """Whoever opens the document needs no font."""
    fonts = fonts_of(pdf(total="甲"))
    assert fonts
    assert all(fonts.values())


def test_page_is_a4_and_numbered() -> None:
    """Each page says which of how many it is."""
    rows = [[str(n), *["—"] * 8] for n in range(100)]
    document = pdf(rows=rows)
    pages = pages_of(document)
    assert {(297, 210)} == sizes_of(document)
    assert [f"第 {n} 页　共 {len(pages)} 页" in page for n, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert len(pages) > 2


def test_look_alike_is_read_back_as_the_character_that_people_search() -> None:
    """A radical or compatibility form, as copied from a PDF, becomes the everyday character."""
    assert "食品水产" in text_of(pdf(total="⾷品⽔產".replace("產", "产")))


@pytest.mark.parametrize("text", ["😀", "赵\ue000", "\u200b", "a\tb"])
def test_no_box_stands_for_a_character(text: str) -> None:
    """A character that no font has is refused before anything is rendered."""
    with pytest.raises(CannotStartError, match="No installed font shows "):
        pdf(rows=[[text, *["—"] * 8]])


def test_character_that_a_font_only_claims_is_refused_too() -> None:
    """Where a font claims a character and does not show it, the renderer notices, and the sentence is the same."""
    faces = typefaces(of_this_machine=False)
    claiming = Typefaces(faces.families, faces.loaded, faces.covered | {0x1F600})
    with pytest.raises(CannotStartError, match=r"No installed font shows 😀 \(U\+1F600\)"):
        pdf_of("contents", CONTENTS | {"total": "😀"}, ON, claiming)


def test_long_number_stays_within_its_column() -> None:
    """A number of 64 characters breaks within its cell, and is read back whole."""
    assert "ab" * 32 in text_of(pdf(rows=[["1", "R" * 64, *["—"] * 6, "ab" * 32]]))
