"""The three documents of a dossier that are made here: transfer letter, investigation report and list of goods.

They hold names and go into the evidence folder. An informant is printed by reference only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partners.dossier.fonts import Typefaces
from partners.dossier.parties import Person
from partners.dossier.report import CaseReport, Goods
from partners.dossier.typesetting import MEDIA_TYPE, pdf_of
from partners.dossier.wording import (
    CUSTODY,
    NOTHING,
    ROLES,
    day,
    joined,
    legal_basis,
    listed,
    number,
    offence_named,
    paragraphs,
    titles,
    yuan,
)
from shared.contracts import EvidenceKind

REFERENCES = {
    EvidenceKind.TRANSFER_LETTER: "LETTER-01",
    EvidenceKind.INVESTIGATION_REPORT: "REPORT-01",
    EvidenceKind.GOODS_LIST: "GOODS-01",
}
"""The number of each in the case file; made anew it keeps its number and replaces the older version."""


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered document, ready to be kept and added to the dossier."""

    kind: EvidenceKind
    reference: str
    data: bytes
    media_type: str = MEDIA_TYPE


def documents_of(report: CaseReport, faces: Typefaces | None = None) -> tuple[Document, Document, Document]:
    """Render letter, report and list; raises CannotStartError where a character cannot be shown."""
    return transfer_letter(report, faces), investigation_report(report, faces), goods_list(report, faces)


def transfer_letter(report: CaseReport, faces: Typefaces | None = None) -> Document:
    """涉嫌犯罪案件移送书."""
    kind = EvidenceKind.TRANSFER_LETTER
    opening = (
        f"本机关在食品安全执法中发现{_subjects(report)}涉嫌{offence_named(report.offence)}"
        f"（案件编号：{report.case_no}），简要案情如下："
    )
    request = (
        f"依照{legal_basis(kind)}的规定，经本机关负责人批准，现将该案移送你局，请依法审查，"
        "并将是否立案的决定书面通知本机关。"
    )
    data = _head(report, titles()[kind], report.letter_no) | {
        "police": report.police,
        "procuratorate": report.procuratorate,
        "opening": [opening],
        "summary": paragraphs(report.summary),
        "request": [request],
        "parties": [
            *_operators(report),
            *_persons(report.persons, ("suspect", "legal_representative")),
        ],
        "attachments": _attachments(report),
        "contact": joined((report.contact, report.contact_telephone)) or None,
    }
    return _made(kind, "letter", data, report, faces)


def investigation_report(report: CaseReport, faces: Typefaces | None = None) -> Document:
    """涉嫌犯罪案件调查报告."""
    kind = EvidenceKind.INVESTIGATION_REPORT
    grounds = [joined((f"{n}. {one.citation}", one.applies), "：") for n, one in enumerate(report.grounds, start=1)]
    data = _head(report, f"涉嫌犯罪案件{titles()[kind]}", report.report_no) | {
        "source": paragraphs(report.source),
        "parties": [*_operators(report), *_persons(report.persons, tuple(ROLES))],
        "facts": paragraphs(report.facts),
        "evidence": [
            [str(n), one.reference, titles()[one.kind], one.shows] for n, one in enumerate(report.evidence, start=1)
        ],
        "pending": [f"鉴定或认定意见尚未出具：{report.opinion_pending}"] if report.opinion_pending else [],
        "grounds": grounds,
        "proposal": [f"涉嫌罪名：{offence_named(report.offence)}。", *paragraphs(report.proposal)],
        "basis": f"依照{legal_basis(kind)}的规定，现提出移送涉嫌犯罪案件的书面报告，报请本机关负责人审批。",
        "officers": _signatures(report),
    }
    return _made(kind, "report", data, report, faces)


def goods_list(report: CaseReport, faces: Typefaces | None = None) -> Document:
    """涉案物品清单."""
    kind = EvidenceKind.GOODS_LIST
    values = [one.value_yuan for one in report.goods if one.value_yuan is not None]
    unvalued = len(report.goods) - len(values)
    quantities = _quantities(report.goods)
    data = _head(report, titles()[kind], report.letter_no) | {
        "concerning": f"案件编号：{report.case_no}　　当事人：{_subjects(report)}",
        "goods": [_row(n, one) for n, one in enumerate(report.goods, start=1)],
        "quantities": f"共 {len(report.goods)} 项：" + listed(f"{number(n)} {unit}" for unit, n in quantities.items()),
        "value": yuan(sum(values, Decimal(0)) if values else None),
        "unvalued": f"其中 {unvalued} 项未计货值" if unvalued else "",
        "basis": f"本清单依照{legal_basis(kind)}的规定制作，为移送材料的组成部分。",
        "officers": _signatures(report),
    }
    return _made(kind, "goods", data, report, faces)


def _made(
    kind: EvidenceKind, template: str, data: Mapping[str, Any], report: CaseReport, faces: Typefaces | None
) -> Document:
    return Document(kind, REFERENCES[kind], pdf_of(template, data, report.written_on, faces))


def _head(report: CaseReport, title: str, document_no: str) -> dict[str, Any]:
    return {
        "title": title,
        "number": document_no,
        "case_no": report.case_no,
        "agency": report.agency,
        "date": day(report.written_on),
    }


def _subjects(report: CaseReport) -> str:
    """Who is suspected: businesses, then persons."""
    suspects = [person.name for person in report.persons if person.role == "suspect"]
    return listed([*(operator.name for operator in report.operators), *suspects])


def _operators(report: CaseReport) -> list[list[str]]:
    named = {one.ref: f"{one.name}（{one.ref}）" for one in report.persons if one.role != "informant"}
    return [
        [
            f"单位 {one.ref}",
            joined(
                (
                    one.name,
                    _told("住所", one.address),
                    _told("法定代表人", named.get(one.legal_representative or "", one.legal_representative)),
                )
            ),
        ]
        for one in report.operators
    ]


def _persons(persons: Iterable[Person], roles: tuple[str, ...]) -> list[list[str]]:
    rows = []
    for one in persons:
        told = (
            one.name,
            _told("证件号码", one.identity_no),
            _told("电话", one.telephone),
            _told("住址", one.address),
        )
        text = "身份信息依法保密" if one.role == "informant" else joined(told)
        if one.role in roles:
            rows.append([f"{ROLES[one.role]} {one.ref}", text])
    return rows


def _told(label: str, value: str | None) -> str | None:
    return f"{label}：{value}" if value else None


def _attachments(report: CaseReport) -> list[str]:
    made = (EvidenceKind.INVESTIGATION_REPORT, EvidenceKind.GOODS_LIST)
    return [
        *(f"{titles()[kind]}（{REFERENCES[kind]}）" for kind in made),
        *(f"{titles()[one.kind]}（{one.reference}）" for one in report.evidence),
    ]


def _signatures(report: CaseReport) -> list[str]:
    return [joined((one.name, _told("执法证号", one.certificate_no))) for one in report.officers]


def _row(place: int, goods: Goods) -> list[str]:
    return [
        str(place),
        goods.name,
        goods.specification or NOTHING,
        goods.batch or NOTHING,
        number(goods.quantity),
        goods.unit,
        yuan(goods.value_yuan),
        CUSTODY[goods.custody],
        goods.kept_at or NOTHING,
    ]


def _quantities(goods: Iterable[Goods]) -> dict[str, Decimal]:
    """How much there is in each unit, in the order of the list."""
    totals: dict[str, Decimal] = {}
    for one in goods:
        totals[one.unit] = totals.get(one.unit, Decimal(0)) + one.quantity
    return totals
