"""The two papers that explain an archive."""

import hashlib
from pathlib import Path

from partners.dossier.papers import contents, readme
from tests.partners.dossier.archiving import FACES, dossier
from tests.partners.dossier.reading import text_of


def test_contents_list_every_file_with_its_pages(tmp_path: Path) -> None:
    """Each file stands there with number, version, pages and hash; what is no whole PDF has no pages."""
    manifest, folder = dossier(tmp_path)
    text = text_of(contents(manifest, folder, FACES))
    new, photo, old = manifest.items
    assert f"01LETTER-01涉嫌犯罪案件移送书2026年3月3日21{new.size:,}现行{new.sha256}" in text
    assert f"02PHOTO/7:1照片2026年3月3日21{photo.size}现行{photo.sha256}" in text
    assert f"03LETTER-01涉嫌犯罪案件移送书2026年3月3日1—{old.size}已替换{old.sha256}" in text
    assert "现行文件2份，共2页；旧版本1份。" in text
    assert f"案卷摘要（SHA-256）：{manifest.digest}" in text


def test_readme_says_what_it_is_and_how_to_check_it(tmp_path: Path) -> None:
    """The text names the case and each file with its hash, and opens in an old editor of Windows."""
    manifest, _ = dossier(tmp_path)
    data = readme(manifest)
    text = data.decode("utf-8-sig")
    assert (b"\xef\xbb\xbf", 0) == (data[:3], text.replace("\r\n", "").count("\n"))
    assert "案件编号：C-7Q2M4ZK3XAWB\r\n案卷版本：第 2 版\r\n制作时间：2026-03-04 10:00（北京时间）" in text
    assert all(f"{item.file}\r\n   {item.sha256}" in text for item in manifest.items)
    assert "第 2 版  2026-03-04 10:00  officer.O001  A report proposes the transfer." in text


def test_digest_is_computed_as_the_text_describes(tmp_path: Path) -> None:
    """Whoever follows the text by hand comes to the stated digest."""
    manifest, _ = dossier(tmp_path)
    assert "每个现行文件写成一行“种类 编号 SHA-256”" in readme(manifest).decode("utf-8-sig")
    current = [item for item in manifest.items if not item.replaced]
    lines = sorted(f"{item.kind.value} {item.reference} {item.sha256}\n".encode() for item in current)
    assert manifest.digest == hashlib.sha256(b"".join(lines)).hexdigest()
