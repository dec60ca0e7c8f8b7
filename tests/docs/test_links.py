"""Every link from one document of the project to another leads somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PAGES = [page for page in PAGES if not {"node_modules", ".venv"} & {*page.relative_to(ROOT).parts}]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def without_code(text: str) -> str:
    """A page without what stands in code, where brackets are no links."""
    text = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "`code`", text)


def anchors(page: Path) -> set[str]:
    """The places of a page, named as GitHub names them: of each heading, or of an id in HTML."""
    text = page.read_text("utf-8")
    if page.suffix == ".html":
        return set(re.findall(r'\bid="([^"]+)"', text))
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} (.+?)\s*$", text, re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        count = sum(name == one or re.fullmatch(re.escape(name) + r"-\d+", one) is not None for one in found)
        found.add(f"{name}-{count}" if count else name)
    return found


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    faults = []
    for link in LINK.findall(without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = page.parent / path if path else page
        is_there = target.exists() and target.resolve().is_relative_to(ROOT)
        if not is_there or (anchor and (target.is_dir() or anchor not in anchors(target))):
            faults.append(link)
    return faults


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file of the project, and each anchor a heading in it."""
    assert [] == broken(page)


def test_broken_links_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not there, and a heading that is not there, are each found; what is code is no link."""
    monkeypatch.setattr("tests.docs.test_links.ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "# A page: *its* head\n[a](#a-page-its-head) [b](#b) [c](gone.md) [d](page.md#gone) `[e](f)`\n", "utf-8"
    )
    assert ["#b", "gone.md", "page.md#gone"] == broken(page)
