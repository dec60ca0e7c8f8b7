"""The columns of a laboratory's table: those of a report's sample, and those of each item that was tested.

The names are the table ``data/fields.csv``.
"""

from functools import cache

from partners.tables.columns import Columns, Names, names_in
from partners.tables.faults import Fault
from shared.contracts import Determination, ResultReported

SAMPLE_FIELDS = frozenset(ResultReported.model_fields) - {"determinations"}
DETERMINATION_FIELDS = frozenset(Determination.model_fields)
IN_ONE_CELL = "item_result_limit"
"""Item, result and limit in one cell, as Liaoning prints them."""
DAY_OR_BATCH = "day_or_batch"
"""The day of production, or something else that is no day of production."""
FEWEST_NAMES = 3
"""So many names that are known make a row the one that names the columns."""
_NEEDED = {
    "report_no": "报告编号",
    "sample_no": "抽样编号",
    "product": "样品名称",
    "category": "食品大类",
    "analyte": "检验项目",
    "result": "检验结果",
    "limit": "标准值",
}


@cache
def names() -> Names:
    """What may stand above a column of a laboratory's table."""
    advice = "mend its name, or leave it out with --without '{head}'."
    return names_in("partners.laboratory", (*SAMPLE_FIELDS, *DETERMINATION_FIELDS), advice=advice)


def missing_columns(columns: Columns) -> list[Fault]:
    """The columns that every report needs and that a table lacks."""
    there = set(columns.fields)
    if IN_ONE_CELL in there:
        there |= {"analyte", "result", "limit"}
    return [
        Fault("the columns", f"none is named {label} ({field}); add it, or mend its name.")
        for field, label in _NEEDED.items()
        if field not in there
    ]
