"""An officer's file, as TOML, and what is read from it."""

from pathlib import Path
from typing import Any

from partners.dossier.report import CaseReport, report_of

HEAD = '''case_no = "C-7Q2M4ZK3XAWB"
offence = "144"
agency = "庄河市市场监督管理局"
written_on = 2026-03-04
report_no = "庄市监调报〔2026〕3号"
letter_no = "庄市监移〔2026〕3号"
police = "庄河市公安局"
procuratorate = "庄河市人民检察院"
contact = "孙立"
contact_telephone = "0411-8981 0000"
source = "2026年3月1日，本机关收到检验报告，抽样检验的草鱼检出孔雀石绿。"
summary = "当事人销售检出孔雀石绿的草鱼，销售金额62,000.00元。"
facts = """
2026年2月10日至3月1日，当事人在养殖过程中使用孔雀石绿。
上述草鱼销往本市三家农贸市场，举报人P3提供了进货单据。
"""
proposal = "当事人的行为涉嫌犯罪，建议移送公安机关。"

[[officer]]
ref = "O001"
name = "周明"
certificate_no = "辽B-0210283001"

[[officer]]
ref = "O002"
name = "吴芳"

[[person]]
ref = "P1"
role = "suspect"
name = "赵永强"
identity_no = "210283198001011231"
telephone = "139 0411 2233"
address = "辽宁省庄河市城关街道向阳路12号"

[[person]]
ref = "P2"
role = "witness"
name = "钱慧"

[[person]]
ref = "P3"
role = "informant"
name = "欧阳暗香"
telephone = "13704110000"

[[operator]]
ref = "P0001"
name = "庄河市永强水产养殖场"
address = "庄河市青堆镇"
legal_representative = "P1"

[[ground]]
citation = "《中华人民共和国刑法》第一百四十四条"
applies = "在生产、销售的食品中掺入有毒、有害的非食品原料"

[[evidence]]
reference = "TEST-01"
kind = "test_report"
shows = "草鱼检出孔雀石绿4.10µg/kg"

[[evidence]]
reference = "INT-01"
kind = "interview_record"
shows = "P1承认使用孔雀石绿"
'''
GOODS = """
[[goods]]
name = "草鱼"
specification = "鲜活"
batch = "20260226"
quantity = 1250.50
unit = "kg"
value_yuan = 18757.50
custody = "sealed"
kept_at = "庄河市冷库2号库"
"""


def written(folder: Path, text: str = HEAD + GOODS) -> Path:
    """The file."""
    path = folder / "report.toml"
    path.write_text(text, "utf-8")
    return path


def case_report(folder: Path, text: str = HEAD + GOODS) -> CaseReport:
    """The file as it is read."""
    return report_of(written(folder, text))


def changed(report: CaseReport, **values: Any) -> CaseReport:
    """The same report with other values, checked anew."""
    return CaseReport.model_validate(report.model_dump(by_alias=True) | values)
