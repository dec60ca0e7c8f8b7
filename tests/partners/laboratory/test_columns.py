"""Columns are found by their names, and none is lost without a word."""

import pytest

from partners.laboratory.columns import FEWEST_NAMES, missing_columns, names
from partners.tables.columns import columns_of
from shared.contracts import Determination, ResultReported
from tests.partners.laboratory.files import HEADS

PUBLISHED = (
    "序号 标称生产企业名称 标称生产企业地址 被抽样单位名称 被抽样单位所在省份 食品名称 规格型号 商标 生产日期/批号 "
    "不合格项目║检验结果║标准值 分类 公告号 公告日期 任务来源/项目名称 备注"
).replace("║", "‖")


def test_contract_names_labels_and_codes() -> None:
    """A field is known by the contract's name, by its label however it is spaced, and by its national code."""
    columns = columns_of(names(), ("result", "检验 项目", "sp_s_16", "标准限值", "（"))
    assert ("result", "analyte", "sample_no", "limit", "") == columns.fields
    assert ["column 5"] == [fault.where for fault in columns.faults]


def test_every_name_leads_to_a_field_of_the_contract() -> None:
    """The table of names speaks of fields that a report has, or of the two that are taken apart."""
    known = {*ResultReported.model_fields, *Determination.model_fields, "item_result_limit", "day_or_batch"}
    assert set(names().fields.values()) <= known


def test_columns_of_published_workbooks() -> None:
    """The columns of published workbooks are known; what is left out is said with its reason."""
    columns = columns_of(names(), PUBLISHED.split(" "))
    assert () == columns.faults
    assert ["product", "day_or_batch", "item_result_limit", "category"] == [field for field in columns.fields if field]
    assert "备注 (a remark)" in columns.left_out
    assert ["none is named 报告编号 (report_no)", "none is named 抽样编号 (sample_no)"] == [
        fault.text.partition(";")[0] for fault in missing_columns(columns)
    ]


def test_misspelt_column_is_a_fault() -> None:
    """A name that nobody knows is refused, with the nearest one; --without leaves it out."""
    (fault,) = columns_of(names(), ("检验结果值",)).faults
    assert "did you mean 检验结果?" in fault.text
    columns = columns_of(names(), ("检验结果值",), without=("检验结果值",))
    assert ((), ("检验结果值 (--without)",)) == (columns.faults, columns.left_out)


def test_two_columns_for_one_field() -> None:
    """Two columns that hold the same are a fault that names both."""
    (fault,) = columns_of(names(), ("检验结果", "检测结果")).faults
    assert "检测结果 and 检验结果 both hold result; keep one of them." == fault.text


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(HEADS, True), (("附件1", "", ""), False), (("检验结果", "备注", ""), False), (("a", "b", "c", "d"), False)],
)
def test_head_is_known_by_three_names(cells: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001 - a case
    """A title above the columns is not taken for their names."""
    assert expected is (names().known(cells) >= FEWEST_NAMES)
