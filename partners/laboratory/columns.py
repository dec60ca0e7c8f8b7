"""Which column of a laboratory's table holds which field: by the contract's name, its Chinese label or national code.

The names are the table ``data/fields.csv``. A column that a report must not or need not carry, such as a name or a
remark, is left out, and said so; a column that nobody knows is a fault, since a misspelt one would be lost.
"""

import csv
import difflib
from collections.abc import Collection, Sequence
from functools import cache
from importlib import resources

from partners.office.columns import Columns, normal
from partners.office.faults import Fault
from shared.contracts import Determination, ResultReported

SAMPLE_FIELDS = frozenset(ResultReported.model_fields) - {"determinations"}
DETERMINATION_FIELDS = frozenset(Determination.model_fields)
IN_ONE_CELL = "item_result_limit"
"""Item, result and limit in one cell, as Liaoning prints them."""
DAY_OR_BATCH = "day_or_batch"
"""The day of production, or something else that is no day of production."""
_NEEDED = {
    "report_no": "报告编号",
    "sample_no": "抽样编号",
    "product": "样品名称",
    "category": "食品大类",
    "analyte": "检验项目",
    "result": "检验结果",
    "limit": "标准值",
}
_IS_HEAD = 3
"""So many names that are known make a row the one that names the columns."""


def columns_of(heads: Sequence[str], without: Collection[str] = ()) -> Columns:
    """Find the field of each column; ``without`` names columns that the person leaves out."""
    fields, left_out_names = names()
    unwanted = {_spelt(name) for name in without}
    found: list[str] = []
    left_out: list[str] = []
    faults: list[Fault] = []
    for number, head in enumerate(heads, start=1):
        name = _spelt(head)
        field = "" if name in unwanted else fields.get(name, "")
        if name in unwanted:
            left_out.append(f"{head} (--without)")
        elif name in left_out_names:
            left_out.append(f"{head} ({left_out_names[name]})")
        elif name and not field:
            faults.append(Fault(f"column {number}", _unknown(head, list(fields))))
        if field and field in found:
            other = heads[found.index(field)]
            faults.append(Fault(f"column {number}", f"{head} and {other} both hold {field}; keep one of them."))
        found.append(field)
    return Columns(tuple(found), tuple(heads), tuple(left_out), tuple(faults))


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


def is_head(cells: Sequence[str]) -> bool:
    """Whether a row names the columns: titles and remarks above it do not."""
    fields, left_out = names()
    return sum(_spelt(cell) in fields or _spelt(cell) in left_out for cell in cells) >= _IS_HEAD


@cache
def names() -> tuple[dict[str, str], dict[str, str]]:
    """The field of each name that a column may have, and the reason for each name that is left out."""
    fields = {name: name for name in (*SAMPLE_FIELDS, *DETERMINATION_FIELDS)}
    left_out: dict[str, str] = {}
    text = resources.files("partners.laboratory").joinpath("data/fields.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        labels = row["labels"].split("|")
        for name in filter(None, (*labels, row["english_name"], row["national_field"])):
            if row["field"]:
                fields[normal(name)] = row["field"]
            else:
                left_out[normal(name)] = row["left_out_because"]
    return fields, left_out


def _spelt(head: str) -> str:
    return normal(head).replace("||", "‖")


def _unknown(head: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(_spelt(head), known, n=1)
    meant = f"did you mean {close[0]}? If not, " if close else ""
    return f"'{head}' is no field of a report; {meant}mend its name, or leave it out with --without '{head}'."
