"""The three documents: official form, everything that was written, and nothing that must not be printed."""

from decimal import Decimal
from pathlib import Path

import pytest

from partners.dossier.documents import documents_of, goods_list, investigation_report, transfer_letter
from partners.dossier.fonts import Typefaces, typefaces
from partners.dossier.report import CaseReport
from shared.contracts import EvidenceKind
from shared.failure import CannotStartError
from tests.partners.dossier.reading import fonts_of, pages_of, sizes_of, text_of
from tests.partners.dossier.writing import case_report, changed


@pytest.fixture(params=[True, False], ids=["this machine's fonts", "packaged font"])
def faces(request: pytest.FixtureRequest) -> Typefaces:
    """The fonts of this machine, and those of a machine that has none."""
    return typefaces(of_this_machine=request.param)


@pytest.fixture
def report(tmp_path: Path) -> CaseReport:
    """What an officer wrote."""
    return case_report(tmp_path)


def test_documents_are_named_for_the_dossier(report: CaseReport, faces: Typefaces) -> None:
    """Each is a PDF on A4 with its kind and number, embeds its fonts, and is the same when it is made again."""
    made = documents_of(report, faces)
    assert [
        (EvidenceKind.TRANSFER_LETTER, "LETTER-01", "application/pdf"),
        (EvidenceKind.INVESTIGATION_REPORT, "REPORT-01", "application/pdf"),
        (EvidenceKind.GOODS_LIST, "GOODS-01", "application/pdf"),
    ] == [(one.kind, one.reference, one.media_type) for one in made]
    assert [{(210, 297)}, {(210, 297)}, {(297, 210)}] == [sizes_of(one.data) for one in made]
    assert all(all(fonts_of(one.data).values()) and fonts_of(one.data) for one in made)
    assert made == documents_of(report, faces)


def test_letter_says_what_the_law_asks_for(report: CaseReport, faces: Typefaces) -> None:
    """Title, number, addressee, the case, its basis, the parties, the attachments, the date and the copy are there."""
    text = text_of(transfer_letter(report, faces).data)
    for part in (
        "庄河市市场监督管理局涉嫌犯罪案件移送书庄市监移〔2026〕3号",
        "庄河市公安局：",
        "发现庄河市永强水产养殖场、赵永强涉嫌生产、销售有毒、有害食品罪（《中华人民共和国刑法》第一百四十四条）",
        "当事人销售检出孔雀石绿的草鱼，销售金额62,000.00元。",
        "《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号）第三条、第五条、第六条的规定",
        "证件号码：210283198001011231",
        "法定代表人：赵永强（P1）",
        "1.调查报告（REPORT-01）2.涉案物品清单（GOODS-01）3.检验报告（TEST-01）4.询问笔录（INT-01）",
        "（印章）2026年3月4日",
        "抄送：庄河市人民检察院联系人：孙立，0411-89810000",
        "第1页共1页",
    ):
        assert part in text, part
    assert "钱慧" not in text


def test_report_has_all_its_parts(report: CaseReport, faces: Typefaces) -> None:
    """From the source to the head's opinion every part is there, in this order."""
    text = text_of(investigation_report(report, faces).data)
    parts = (
        "涉嫌犯罪案件调查报告庄市监调报〔2026〕3号",
        "一、案件来源2026年3月1日",
        "二、当事人及有关人员单位P0001庄河市永强水产养殖场",
        "证人P2钱慧",
        "三、查明的事实2026年2月10日至3月1日",
        "四、证据序号编号种类证明内容1TEST-01检验报告草鱼检出孔雀石绿4.10µg/kg",
        "五、法律依据1.《中华人民共和国刑法》第一百四十四条：在生产、销售的食品中掺入有毒、有害的非食品原料",
        "六、处理意见涉嫌罪名：生产、销售有毒、有害食品罪",
        "承办人：周明，执法证号：辽B-0210283001签名：",
        "承办人：吴芳签名：",
        "（印章）2026年3月4日",
        "本机关负责人审批意见",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert sorted(places) == places


def test_report_says_why_an_opinion_is_awaited(report: CaseReport) -> None:
    """Where neither report nor opinion is there yet, the reason is printed with the evidence."""
    text = text_of(investigation_report(changed(report, opinion_pending="市局专家组3月10日会商。")).data)
    assert "P1承认使用孔雀石绿鉴定或认定意见尚未出具：市局专家组3月10日会商。五、法律依据" in text


def test_informant_is_in_no_document(report: CaseReport, faces: Typefaces) -> None:
    """An informant is printed by reference only, and as the representative of a business too."""
    operator = report.operators[0].model_copy(update={"legal_representative": "P3"})
    text = "".join(text_of(one.data) for one in documents_of(changed(report, operator=[operator.model_dump()]), faces))
    assert "举报人P3身份信息依法保密" in text
    assert "法定代表人：P3" in text
    assert ("欧阳暗香" in text, "13704110000" in text) == (False, False)


def test_long_report_breaks_over_numbered_pages(report: CaseReport, faces: Typefaces) -> None:
    """A report of several pages keeps each paragraph, and each page says which of how many it is."""
    facts = "\n".join(
        f"第{n}项事实：当事人于2026年2月{n % 28 + 1}日购入孔雀石绿并投入养殖池，有进货单据证实。" for n in range(40)
    )
    pdf = investigation_report(changed(report, facts=facts), faces).data
    pages, text = pages_of(pdf), text_of(pdf)
    assert len(pages) >= 3
    assert all(f"第 {n} 页　共 {len(pages)} 页" in page for n, page in enumerate(pages, start=1))
    assert all(f"第{n}项事实：" in text for n in range(40))


def test_list_of_200_goods_repeats_its_head_and_adds_up(report: CaseReport, faces: Typefaces) -> None:
    """On each page stand the names of the columns; the totals stand once, by unit, with what has no value."""
    goods = [
        report.goods[0].model_dump()
        | {"name": f"冷冻虾仁{n:03}", "quantity": Decimal("2.5"), "unit": "kg" if n % 2 else "箱", "batch": f"B{n:07}"}
        | ({"value_yuan": None} if n < 3 else {"value_yuan": Decimal("1000.10")})
        for n in range(200)
    ]
    pages = pages_of(goods_list(changed(report, goods=goods), faces).data)
    whole = "".join("".join(pages).split())
    with_rows = [page for page in pages if "冷冻虾仁" in page]
    assert len(with_rows) > 5
    assert all("批号或生产日期" in page and "存放地点" in page for page in with_rows)
    assert all(f"冷冻虾仁{n:03}" in whole and f"B{n:07}" in whole for n in range(200))
    assert (1, True) == (whole.count("合计"), "共200项：250箱、250kg197,019.70其中3项未计货值" in whole)


@pytest.mark.parametrize("name", ["#sys.version", "*赵*永强", "$x$", "赵[强]", "#panic(1)", "赵//强"])
def test_name_appears_as_it_was_written(report: CaseReport, name: str) -> None:
    """A name is never read as markup."""
    person = report.persons[0].model_dump() | {"name": name}
    letter, long_report, goods = documents_of(changed(report, person=[person]))
    assert all(name in text_of(one.data) for one in (letter, long_report, goods))


def test_name_that_cannot_be_shown_is_refused(report: CaseReport) -> None:
    """A name with a character that no font has makes no document at all."""
    person = report.persons[0].model_dump() | {"name": "赵\ue123强"}
    with pytest.raises(CannotStartError, match=r"No installed font shows .*\(U\+E123\)"):
        transfer_letter(changed(report, person=[person]))


def test_seal_stands_on_no_page_of_its_own(report: CaseReport, faces: Typefaces) -> None:
    """However long the letter is, the last attachment stands with the seal."""
    for count in range(1, 60, 3):
        summary = "\n".join(f"第{n}段。" for n in range(count))
        pages = pages_of(transfer_letter(changed(report, summary=summary), faces).data)
        assert "询问笔录" in next(page for page in pages if "（印　章）" in page)
