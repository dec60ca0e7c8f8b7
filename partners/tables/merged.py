"""Cells that a workbook merged down a column: the value stands in the first, and holds for each.

A sheet lists them behind its last row, so the list is fetched from the end of the sheet before the rows are read. Only
the rows of each merged stretch are kept, eight bytes for one.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import column_index_from_string

_PIECE = 1 << 20
_LONGEST = 200
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?([0-9]+):\$?([A-Z]{1,3})\$?([0-9]+)"')


@dataclass(slots=True)
class _Column:
    """The merged stretches of one column, by their first rows, and the one that was reached."""

    firsts: "array[int]" = field(default_factory=lambda: array("L"))
    lasts: "array[int]" = field(default_factory=lambda: array("L"))
    at: int = 0
    value: Any = None


def filled(rows: Iterable[tuple[int, list[Any]]], sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet with the value of a merged stretch in each of its cells of the first column."""
    columns = _columns(sheet)
    for number, cells in rows:
        for index, column in columns.items():
            if index < len(cells) or column.value is not None:
                _fill(number, cells, index, column)
        yield number, cells


def _fill(number: int, cells: list[Any], index: int, column: _Column) -> None:
    while column.at < len(column.firsts) and number > column.lasts[column.at]:
        column.at += 1
        column.value = None
    if column.at == len(column.firsts) or number < column.firsts[column.at]:
        return
    cells.extend([None] * (index + 1 - len(cells)))
    if number == column.firsts[column.at]:
        column.value = cells[index]
    elif cells[index] is None:
        cells[index] = column.value


def _columns(sheet: Any) -> dict[int, _Column]:
    stretches = sorted(_stretches(sheet))
    columns: dict[int, _Column] = {}
    for first, last, index in stretches:
        column = columns.setdefault(index, _Column())
        column.firsts.append(first)
        column.lasts.append(last)
    return columns


def _stretches(sheet: Any) -> Iterator[tuple[int, int, int]]:
    """First and last row and column, from 0, of each stretch of more than one row."""
    with sheet._get_source() as source:  # noqa: SLF001 - the library reads merged cells only with the whole sheet
        rest = b""
        while piece := source.read(_PIECE):
            text = rest + piece
            end = 0
            for match in _MERGED.finditer(text):
                end = match.end()
                if int(match[4]) > int(match[2]):
                    yield int(match[2]), int(match[4]), column_index_from_string(match[1].decode()) - 1
            rest = text[max(end, len(text) - _LONGEST) :]
