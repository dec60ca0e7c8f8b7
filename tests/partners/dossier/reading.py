"""Reading a PDF back."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, without the places where a line may break."""
    return [page.extract_text().replace("\u200b", "") for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The text of the whole without spaces and line ends, so that a sentence is found across lines."""
    return "".join("".join(pages_of(pdf)).split())


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    """The sizes of the pages in millimetres."""
    boxes = [page.mediabox for page in PdfReader(BytesIO(pdf)).pages]
    return {(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) for box in boxes}


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """The fonts of all pages, and whether each is embedded."""
    found: dict[str, bool] = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"].get_object()
            found[str(descriptor["/FontName"])] = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    return found
