"""The words of the documents: titles, offences, roles, days and amounts in official Chinese; the law is data."""

import csv
import functools
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from importlib import resources

from shared.contracts import EvidenceKind
from shared.contracts.case_work import Offence

NOTHING = "—"
UNVERIFIED = "〔未核对〕"
OFFENCES: dict[Offence, str] = {
    "140": "生产、销售伪劣产品罪",
    "143": "生产、销售不符合安全标准的食品罪",
    "144": "生产、销售有毒、有害食品罪",
    "225": "非法经营罪",
}
_ARTICLES: dict[Offence, str] = {
    "140": "第一百四十条",
    "143": "第一百四十三条",
    "144": "第一百四十四条",
    "225": "第二百二十五条",
}
ROLES = {"suspect": "嫌疑人", "witness": "证人", "informant": "举报人", "legal_representative": "法定代表人"}
CUSTODY = {"seized": "扣押", "sealed": "查封", "none": "未查扣"}


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("partners.dossier").joinpath(f"data/{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@functools.cache
def titles() -> dict[EvidenceKind, str]:
    """What each kind of evidence is called; the table is ``data/titles.csv``."""
    return {EvidenceKind(row["kind"]): row["title"] for row in _table("titles")}


@functools.cache
def legal_basis(document: EvidenceKind) -> str:
    """The provisions that a document names, such as 《…》第三条、第五条; the table is ``data/basis.csv``."""
    named: dict[str, list[str]] = {}
    for row in _table("basis"):
        if row["document"] == document:
            act, _, article = row["citation"].rpartition("第")
            named.setdefault(act, []).append(f"第{article}" + ("" if row["verified"] == "yes" else UNVERIFIED))
    return "和".join(act + "、".join(articles) for act, articles in named.items())


def offence_named(offence: Offence) -> str:
    """The crime with its article: 生产、销售有毒、有害食品罪（《中华人民共和国刑法》第一百四十四条）."""
    return f"{OFFENCES[offence]}（《中华人民共和国刑法》{_ARTICLES[offence]}）"


def day(on: date) -> str:
    """A day as documents write it: 2026年3月4日."""
    return f"{on.year}年{on.month}月{on.day}日"


def number(value: Decimal) -> str:
    """A quantity without trailing zeros: 2.50 is 2.5, and 100 stays 100."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yuan(value: Decimal | None) -> str:
    """An amount with its fen and separators: 62,000.00."""
    return NOTHING if value is None else f"{value:,.2f}"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a free text, without the indents that people type."""
    return [line.strip() for line in text.replace("\t", " ").split("\n") if line.strip()]


def listed(parts: Iterable[str]) -> str:
    """Names one after another: 甲、乙."""
    return "、".join(parts)


def joined(parts: Sequence[str | None], between: str = "，") -> str:
    """Those of the parts that are there."""
    return between.join(part for part in parts if part)
