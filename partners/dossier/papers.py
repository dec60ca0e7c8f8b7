"""The two papers that explain an archive: its contents (目录.pdf) with page counts, and a text on how to check it."""

import logging

from pypdf import PdfReader

from partners.dossier.fonts import Typefaces
from partners.dossier.manifest import CONTENTS, MANIFEST, OLDER, Manifest, ManifestItem
from partners.dossier.typesetting import MEDIA_TYPE, pdf_of
from partners.dossier.wording import NOTHING, day
from shared.evidence import EvidenceFolder
from shared.workdays import china_time, day_in_china

_README = """\
案卷电子包说明

案件编号：{case_no}
案卷版本：第 {version} 版
制作时间：{made_at}（北京时间）
制作人：{made_by}
案卷摘要（SHA-256）：{digest}

本包含有个人信息和未公开的案件材料，请依法保管，不得外传。

一、包内文件
{contents} 是供阅读和打印的卷内文件目录；{manifest} 是同一内容的机读清单，并列明案件经过。
带序号的文件是案卷材料；“{older}”文件夹内是后来被替换的旧版本，不属于现行案卷。

二、如何核对
1. 计算每个文件的 SHA-256，与下表比对。
   Windows：certutil -hashfile 文件名 SHA256
   Linux：sha256sum 文件名
2. 核对案卷摘要：每个现行文件写成一行“种类 编号 SHA-256”（种类用 {manifest} 中 kind 的写法，
   各项之间一个空格，行末一个换行符），各行按字节顺序排列后相连，再计算 SHA-256。
3. 案卷摘要应与移送时告知的摘要（case.transferred.v1 的 dossier）一致；不一致的，以移送时告知的为准，
   并请移送机关重新提供。

三、文件清单
{files}

四、案件经过
{steps}
"""


def readme(manifest: Manifest) -> bytes:
    """The text, with a mark and line ends that every editor of Windows understands."""
    files = [
        f"{item.title}（{item.reference}），第 {item.version} 版{_mark(item)}\n   {item.file}\n   {item.sha256}"
        for item in manifest.items
    ]
    steps = [f"第 {step.version} 版  {china_time(step.at)}  {step.by}  {step.text}" for step in manifest.steps]
    text = _README.format(
        case_no=manifest.case_no,
        version=manifest.version,
        made_at=china_time(manifest.made_at),
        made_by=manifest.made_by,
        digest=manifest.digest,
        contents=CONTENTS,
        manifest=MANIFEST,
        older=OLDER,
        files="\n".join(files),
        steps="\n".join(steps) or "（无）",
    )
    return "\r\n".join(text.splitlines()).encode("utf-8-sig") + b"\r\n"


def contents(manifest: Manifest, folder: EvidenceFolder, faces: Typefaces | None = None) -> bytes:
    """卷内文件目录 as a PDF."""
    pages = [_pages(item, folder) for item in manifest.items]
    current = [n for n, item in zip(pages, manifest.items, strict=True) if not item.replaced]
    uncounted = sum(1 for count in current if count is None)
    data = {
        "title": "卷内文件目录",
        "agency": "",
        "number": f"案卷第 {manifest.version} 版",
        "case_no": manifest.case_no,
        "concerning": f"案件编号：{manifest.case_no}　　制作：{china_time(manifest.made_at)}　{manifest.made_by}",
        "rows": [_row(n, item, pages[n - 1]) for n, item in enumerate(manifest.items, start=1)],
        "total": f"现行文件 {len(current)} 份，共 {sum(filter(None, current))} 页"
        + (f"，另有 {uncounted} 份不计页数" if uncounted else "")
        + f"；旧版本 {len(pages) - len(current)} 份。",
        "digest": f"案卷摘要（SHA-256）：{manifest.digest}",
    }
    return pdf_of("contents", data, day_in_china(manifest.made_at), faces)


def _row(number: int, item: ManifestItem, pages: int | None) -> list[str]:
    return [
        f"{number:02}",
        item.reference,
        item.title,
        day(item.made_on),
        str(item.version),
        str(pages or NOTHING),
        f"{item.size:,}",
        _state(item),
        item.sha256,
    ]


def _state(item: ManifestItem) -> str:
    if item.erased:
        return "已依法删除"
    return "已替换" if item.replaced else "现行"


def _mark(item: ManifestItem) -> str:
    return f"（{_state(item)}）" if item.replaced else ""


def _pages(item: ManifestItem, folder: EvidenceFolder) -> int | None:
    """How many pages a file has when it is printed; none where nobody can say."""
    if item.erased:
        return None
    if item.media_type.startswith("image/"):
        return 1
    if item.media_type != MEDIA_TYPE:
        return None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings on an odd PDF are no concern of the reader's
    with folder.open(item.sha256) as file:
        try:
            return len(PdfReader(file).pages)
        except Exception:  # noqa: BLE001 - a broken or locked PDF may raise anything; its pages are not counted
            return None
