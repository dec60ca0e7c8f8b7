"""Which column holds which field: by the contract's name, the national form's label, name or code."""

from partners.office.columns import names
from partners.tables.columns import Columns, columns_of
from shared.contracts import SampleCollected


def of_forms(*heads: str) -> Columns:
    """The columns of a table of sampling forms."""
    return columns_of(names("form", SampleCollected), heads)


def test_label_name_and_code_mean_the_same_field() -> None:
    """A column is known by the contract's name, by any label, by the English name and by the national code."""
    for head in ("sample_no", "抽样编号", "样品编号", "sp_s_16", " 抽样 编号"):
        assert ("sample_no",) == of_forms(head).fields


def test_name_of_the_unit_is_left_out_and_said() -> None:
    """A column that would carry a name into an event is left out, with the reason; the code beside it is taken."""
    columns = of_forms("被抽样单位名称", "社会信用代码")
    assert (("", "sampled_unit"), ()) == (columns.fields, columns.faults)
    assert ("被抽样单位名称 (a name: the unit is told by its credit code)",) == columns.left_out


def test_name_that_contract_and_form_share_is_the_name_where_its_code_stands_beside_it() -> None:
    """``sampled_unit`` alone is the contract's code; beside ``sampled_unit_usc`` it is the national form's name."""
    assert ("sampled_unit",) == of_forms("sampled_unit").fields
    assert ("", "sampled_unit") == of_forms("sampled_unit", "sampled_unit_usc").fields


def test_unknown_column_is_a_fault_with_what_may_be_meant() -> None:
    """A column that nobody knows is named with the closest one that there is, or said to be left out."""
    near, far = of_forms("quantitty", "颜色").faults
    assert "column 1: 'quantitty' is no field of this table; did you mean quantity? If not, mend its" in str(near)
    assert "column 2: '颜色' is no field of this table; mend its name, or leave the column out." == str(far)


def test_two_columns_of_one_field_are_a_fault() -> None:
    """Two columns for the same field leave open which counts."""
    (fault,) = of_forms("样品名称", "product").faults
    assert "product and 样品名称 both hold product" in fault.text


def test_place_names_row_and_column_as_the_person_sees_them() -> None:
    """A fault stands at the head that the person wrote, with the contract's name behind it where it differs."""
    columns = of_forms("抽样数量", "product")
    assert "row 3, column 抽样数量 (quantity)" == columns.place(3, "quantity")
    assert "row 3, column product" == columns.place(3, "product")
    assert "row 3, unit_price" == columns.place(3, "unit_price")
