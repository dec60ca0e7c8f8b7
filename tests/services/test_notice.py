"""The notice of a failed result: what stands in it, for whom, and under which law."""

import csv
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from services.notice import UNVERIFIED, Letterhead, document
from services.sampling.deadlines import deadlines
from shared.contracts import Finding, Hazard, JudgementReason, LimitSource, SampleFailed, Verdict
from shared.failure import CannotStartError
from tests.examples import failed_sample, form, report

BLANK = Letterhead()
FORM = form(report("1"), product="草鱼", producer="P0001")


class Page(HTMLParser):
    """The text of a page, and the cells of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.cells: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "td":
            self.cells.append("")
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self.open:
            self.cells[-1] += data


def finding(**changes: Any) -> Finding:
    """A finding that fails by the catalogue."""
    facts: dict[str, Any] = {
        "analyte": "恩诺沙星",
        "substance": "恩诺沙星",
        "hazard": Hazard.VETERINARY_DRUG,
        "result": "200μg/kg",
        "limit": "≤100μg/kg",
        "verdict": Verdict.FAIL,
        "reason": JudgementReason.ABOVE_MAXIMUM,
        "explanation": "too much",
        "limit_used": "≤100 µg/kg",
        "limit_source": LimitSource.BOTH,
        "standard": "GB 31650-2019",
        "verified": True,
        "ratio": Decimal(2),
    }
    return Finding(**(facts | changes))


def page(failed: SampleFailed, *, head: Letterhead = BLANK, to: Any = "operator", **changes: Any) -> Page:
    """The notice, read; ``changes`` are of the form."""
    return Page(document(failed, form(report("1"), **({"producer": "P0001"} | changes)), to, head))


def test_findings_stand_with_result_limit_and_standard() -> None:
    """Each failed item is a row; what passed beside it is not part of the notice."""
    passed = finding(analyte="呋喃唑酮", verdict=Verdict.PASS, reason=JudgementReason.NOT_DETECTED)
    cells = page(failed_sample("1", findings=(finding(), passed))).cells
    assert ["1", "恩诺沙星", "200μg/kg", "≤100 µg/kg", "GB 31650-2019"] == cells[-5:]
    assert "呋喃唑酮" not in cells


def test_standard_that_was_not_checked_is_marked() -> None:
    """An officer sees which standard has to be checked before the notice is served."""
    checked, unchecked = (page(failed_sample("1", findings=(finding(verified=one),))) for one in (True, False))
    assert ["GB 31650-2019", f"GB 31650-2019{UNVERIFIED}"] == [checked.cells[-1], unchecked.cells[-1]]


@pytest.mark.parametrize(
    ("track", "days", "law", "other"),
    [("market", "7个工作日", "《中华人民共和国食品安全法》第八十八条", "第五十一条"),
     ("farm", "5个工作日", "《中华人民共和国农产品质量安全法》第五十一条", "第八十八条")],
)  # fmt: skip
def test_period_for_a_re_inspection_is_that_of_the_track(track: str, days: str, law: str, other: str) -> None:
    """Food on the market has seven working days by its law, produce on the farm five by another."""
    text = page(failed_sample("1"), track=track).text
    assert f"可以自收到本告知书之日起{days}内书面申请复检" in text
    assert law in text
    assert other not in text


def test_germs_are_not_tested_again() -> None:
    """Where only germs failed, no re-inspection is offered; beside another item it is, without the germs."""
    germs = finding(analyte="菌落总数", substance="菌落总数", hazard=Hazard.MICROBIOLOGY)
    only, mixed, none = (
        page(failed_sample("1", findings=found)).text for found in ((germs,), (germs, finding()), (finding(),))
    )
    assert [False, True, True] == ["书面申请复检" in text for text in (only, mixed, none)]
    assert [True, True, False] == ["微生物项目不合格的，不予复检" in text for text in (only, mixed, none)]


def test_operator_and_producer_are_told_each_in_their_own_words() -> None:
    """Each addressee stands with their own reference, and reads how the sample concerns them."""
    operator, producer = (page(failed_sample("1"), to=to).text for to in ("operator", "producer"))
    assert "（被抽样单位，V0001）" in operator
    assert "在你单位抽取下列样品" in operator
    assert "（标称生产企业，P0001）" in producer
    assert "抽取标称由你单位生产的下列样品" in producer


def test_addressee_that_the_form_does_not_name_is_said() -> None:
    """Without a producer on the form nobody can be told as one."""
    with pytest.raises(CannotStartError, match="names no producer"):
        page(failed_sample("1"), to="producer", producer=None)


def test_names_are_printed_as_text() -> None:
    """What an officer gives stands in the page as text, whatever it holds; what is not given is left blank."""
    name = "<script>alert(1)</script> & Co"
    html = document(
        failed_sample("1"), FORM, "operator", Letterhead(name, "某某市场监督管理局", "某某检验所", "2026-1")
    )
    assert "<script>" not in html
    read = Page(html)
    for words in (name, "某某市场监督管理局", "某某检验所（L0142）", "文书编号：2026-1"):
        assert words in read.text
    assert "文书编号：</" not in html.replace('<span class="blank">', "")


def test_page_is_made_for_paper() -> None:
    """The page is A4, in Chinese, with places for seal, signatures and receipt, and every element is closed."""
    html = document(failed_sample("1"), FORM, "operator", BLANK)
    read = Page(html)
    assert [] == read.open
    for words in ("size: A4", '<html lang="zh-CN">', '<meta charset="utf-8">'):
        assert words in html
    for words in ("不合格检验结果告知书", "（公章）", "执法人员（签名）", "收件人（签名或盖章）", "送达方式"):
        assert words in read.text


def test_printed_again_it_is_the_same_file() -> None:
    """Nothing in it depends on when it is printed, so that its digest proves what was served."""
    assert document(failed_sample("1"), FORM, "operator", BLANK) == document(
        failed_sample("1"), FORM, "operator", BLANK
    )


def test_every_article_has_its_source_and_period() -> None:
    """Each row of the table cites a law, says where that was found, and takes its days from the table of periods."""
    text = files("services").joinpath("data/notice_articles.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        assert row["citation"].startswith("《")
        assert row["source"]
        assert row["track"] in ("market", "farm")
        assert row["verified"] in ("true", "false")
        assert bool(row["period"]) == ("{days}" in row["text"])
        assert not row["period"] or deadlines()[row["period"]].unit == "working_days"
