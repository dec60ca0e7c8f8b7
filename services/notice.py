"""The notice of a failed result (不合格检验结果告知书) as a document to print, sign and serve.

It is HTML with print styles, so that any browser makes the page. It holds no time and nothing that is made up when it
is printed: printed again it is the same file, whose SHA-256 stands in the event that tells of its service. Names are
printed where they are given, and go nowhere else.
"""

import csv
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from services.sampling import reinspection
from services.sampling.deadlines import deadlines
from shared.contracts import Finding, Hazard, SampleCollected, SampleFailed
from shared.contracts.officer import Addressee
from shared.failure import CannotStartError
from shared.workdays import day_in_china

UNVERIFIED = "〔未核对〕"
_RIGHTS = ("reinspection", "germs", "fee", "objection", "duty")
_GERMS = frozenset((Hazard.MICROBIOLOGY, Hazard.PATHOGEN))
_ADDRESSEES = {"operator": "被抽样单位", "producer": "标称生产企业"}
_OPENINGS = {"operator": "在你单位抽取下列样品", "producer": "抽取标称由你单位生产的下列样品"}


@dataclass(frozen=True, slots=True)
class Article:
    """What the law says to whoever gets the notice."""

    text: str
    citation: str
    mark: str
    """Says that the citation was not checked against the official text; empty where it was."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the exchange does not know, and the officer may give: it is left blank otherwise."""

    name: str = ""
    """The addressee's."""
    agency: str = ""
    laboratory: str = ""
    number: str = ""


def document(failed: SampleFailed, form: SampleCollected, to: Addressee, head: Letterhead) -> str:
    """The notice as HTML; raises CannotStartError where the form does not name the addressee."""
    reference = form.sampled_unit if to == "operator" else form.producer
    if not reference:
        message = f"The form of sample {form.sample_no} names no {to}; there is nobody to serve the notice on."
        raise CannotStartError(message)
    rows = [_row(finding) for finding in failed.decisive]
    articles = {
        "ground": _articles(form.track, ("ground",)),
        "rights": _articles(form.track, _parts(failed)),
    }
    template = _environment().get_template("notice.html")
    marks = [row["mark"] for row in rows] + [article.mark for found in articles.values() for article in found]
    return template.render(
        sample_no=form.sample_no,
        number=head.number,
        name=head.name,
        agency=head.agency,
        addressee=_ADDRESSEES[to],
        reference=reference,
        sampled_on=day_in_china(form.sampled_at),
        opening=_OPENINGS[to],
        facts=_sample(failed, form, head.laboratory),
        findings=rows,
        articles=articles,
        has_unverified=any(marks),
    )


def _parts(failed: SampleFailed) -> Sequence[str]:
    """What is said of the rights: no re-inspection where nothing but germs failed."""
    germs = any(finding.hazard in _GERMS for finding in failed.decisive)
    barred = {"reinspection", "fee"} if not reinspection.testable([failed]) else set()
    return [part for part in _RIGHTS if part not in barred and (part != "germs" or germs)]


def _row(finding: Finding) -> dict[str, str]:
    return {
        "analyte": finding.analyte,
        "result": finding.result or "—",
        "limit": finding.limit_used or finding.limit or "—",
        "standard": finding.standard or "以检验报告为准",
        "mark": UNVERIFIED if finding.standard and finding.verified is False else "",
    }


def _sample(failed: SampleFailed, form: SampleCollected, laboratory: str) -> list[tuple[str, Any]]:
    made = form.production_date or failed.production_date
    facts = [
        ("抽样编号", form.sample_no),
        ("样品名称", form.product),
        ("食品大类", form.category),
        ("商标", form.brand),
        ("规格型号", form.spec),
        ("批号", form.batch_no),
        ("生产/加工/购进日期", made),
        ("抽样数量", f"{form.quantity} {form.quantity_unit}"),
        ("备样数量", f"{form.reserve_quantity} {form.quantity_unit}"),
        ("封样编号", form.seal_no),
        ("抽样地点（乡镇代码）", form.township),
        ("检验机构", f"{laboratory}（{failed.laboratory}）" if laboratory else failed.laboratory),
        ("检验报告编号", failed.report_no),
        ("检验结论日期（报告未载明的，为收到报告之日）", failed.concluded_on),
    ]
    return [(label, value or "/") for label, value in facts]


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("services").joinpath("data/notice_articles.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _articles(track: str, parts: Iterable[str]) -> list[Article]:
    """The articles of these parts for a track, in their order, with the law's own periods in their texts."""
    return [
        Article(
            text=row["text"].format(days=deadlines()[row["period"]].amount) if row["period"] else row["text"],
            citation=row["citation"],
            mark="" if row["verified"] == "true" else UNVERIFIED,
        )
        for part in parts
        for row in _rows()
        if (row["part"], row["track"]) == (part, track)
    ]


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("services"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
