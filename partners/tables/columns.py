"""Which column of a table holds which field: by the contract's name, or the national form's label, name or code.

The names are a table of their own, such as ``office/data/fields.csv``. A column that an event must not or need not
carry, such as a person's name or an address, is left out, and said so; one that nobody knows is a fault, since a
misspelt one would be lost.
"""

import csv
import difflib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from partners.tables.faults import Fault

_ADVICE = "mend its name, or leave the column out."


@dataclass(frozen=True, slots=True)
class Names:
    """What may stand above a column."""

    fields: Mapping[str, str]
    """The field of each name."""
    left_out: Mapping[str, str]
    """Why a column of such a name is left out."""
    advice: str = _ADVICE
    """What to do about a column that nobody knows; {head} is what stands above it."""

    def known(self, heads: Iterable[str]) -> int:
        """How many of these are names of columns."""
        return sum(bool(name := spelt(head)) and (name in self.fields or name in self.left_out) for head in heads)


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


def names_in(package: str, own: Iterable[str], table: str = "", advice: str = _ADVICE) -> Names:
    """The names in a package's ``data/fields.csv``, or in one of its tables, and the contract's ``own``."""
    fields = {name: name for name in own}
    left_out: dict[str, str] = {}
    text = resources.files(package).joinpath("data/fields.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row.get("table", "") != table:
            continue
        for name in filter(None, (*row["labels"].split("|"), row["english_name"], row["national_field"])):
            if row["field"]:
                fields[spelt(name)] = row["field"]
            else:
                left_out[spelt(name)] = row["left_out_because"]
    return Names(fields, left_out, advice)


def columns_of(names: Names, heads: Sequence[str], without: Collection[str] = ()) -> Columns:
    """Find the field of each column; ``without`` names columns that the person leaves out."""
    unwanted = {spelt(name) for name in without}
    found: list[str] = []
    left_out: list[str] = []
    faults: list[Fault] = []
    for number, head in enumerate(heads, start=1):
        name = spelt(head)
        is_left_out = name in names.left_out and (name not in names.fields or _has_its_code(name, heads))
        field = "" if name in unwanted or is_left_out else names.fields.get(name, "")
        if name in unwanted:
            left_out.append(f"{head} (--without)")
        elif is_left_out:
            left_out.append(f"{head} ({names.left_out[name]})")
        elif name and not field:
            faults.append(Fault(f"column {number}", _unknown(head, names)))
        if field and field in found:
            other = heads[found.index(field)]
            faults.append(Fault(f"column {number}", f"{head} and {other} both hold {field}; keep one of them."))
        found.append(field)
    return Columns(tuple(found), tuple(heads), tuple(left_out), tuple(faults))


def spelt(head: str) -> str:
    """What stands above a column, spelt one way: half-width, without spaces, in small letters."""
    return "".join(unicodedata.normalize("NFKC", head).split()).lower().replace("||", "‖")


def _has_its_code(name: str, heads: Sequence[str]) -> bool:
    """Whether a column that the contract and the national form name alike holds the name: its code stands beside it."""
    return f"{name}_usc" in {spelt(head) for head in heads}


def _unknown(head: str, names: Names) -> str:
    close = difflib.get_close_matches(spelt(head), list(names.fields), n=1)
    meant = f"did you mean {close[0]}? If not, " if close else ""
    return f"'{head}' is no field of this table; {meant}{names.advice.format(head=head)}"
