"""Which column of a table holds which field: by the contract's name, or the national form's name, label or code.

The names are the table ``data/fields.csv``. A column that the national form has and an event must not carry, such as a
name or an address, is left out, and said so.
"""

import csv
import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel

from partners.office.faults import Fault

Table = Literal["form", "plan", "scope", "round"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields of a table's columns."""

    fields: tuple[str, ...]
    """The contract's field of each column; empty where it is left out."""
    heads: tuple[str, ...]
    """What stands above each column."""
    left_out: tuple[str, ...]
    """What is left out, with the reason."""
    faults: tuple[Fault, ...]

    def place(self, row: int, field: str) -> str:
        """Where a field of a row stands: ``row 3, column 抽样数量 (quantity)``."""
        if field not in self.fields:
            return f"row {row}, {field}"
        head = self.heads[self.fields.index(field)]
        return f"row {row}, column {head}" + (f" ({field})" if head != field else "")


def columns_of(table: Table, event: type[BaseModel], heads: Sequence[str]) -> Columns:
    """Find each column's field, for a table whose rows become this event or part of one."""
    names, left_out_names = _names(table)
    fields: list[str] = []
    left_out: list[str] = []
    faults: list[Fault] = []
    for number, head in enumerate(heads, start=1):
        name = normal(head)
        field = name if name in event.model_fields else names.get(name, "")
        if name in left_out_names and _has_its_code(name, heads):
            field = ""
        if not name or field:
            pass
        elif name in left_out_names:
            left_out.append(f"{head} ({left_out_names[name]})")
        else:
            faults.append(Fault(f"column {number}", _unknown(head, [*names, *event.model_fields])))
        if field and field in fields:
            other = heads[fields.index(field)]
            faults.append(Fault(f"column {number}", f"{head} and {other} both hold {field}; keep one of them."))
        fields.append(field)
    return Columns(tuple(fields), tuple(heads), tuple(left_out), tuple(faults))


def normal(head: str) -> str:
    """What stands above a column, spelt one way: half-width, without spaces, in small letters."""
    return "".join(unicodedata.normalize("NFKC", head).split()).lower()


def _has_its_code(name: str, heads: Sequence[str]) -> bool:
    """Whether a column that the contract and the national form name alike holds the name: its code stands beside it."""
    return f"{name}_usc" in {normal(head) for head in heads}


def _unknown(head: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(normal(head), names, n=1)
    meant = f"; did you mean {close[0]}?" if close else "; leave the column out, or mend its name."
    return f"'{head}' is no field of this table{meant}"


@cache
def _names(table: Table) -> tuple[dict[str, str], dict[str, str]]:
    """The field of each name that a column may have, and the reason for each name that is left out."""
    fields: dict[str, str] = {}
    left_out: dict[str, str] = {}
    text = resources.files("partners.office").joinpath("data/fields.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["table"] != table:
            continue
        for name in (*row["labels"].split("|"), row["english_name"], row["national_field"]):
            if name and row["field"]:
                fields[normal(name)] = row["field"]
            elif name:
                left_out[normal(name)] = row["left_out_because"]
    return fields, left_out
