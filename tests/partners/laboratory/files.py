"""Files as laboratories write them, made for each test: every number and report in them is made."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADS = (
    "报告编号",
    "抽样编号",
    "样品名称",
    "食品大类",
    "生产日期",
    "检验项目",
    "检验结果",
    "标准值",
    "检出限",
    "检验方法",
)
CADMIUM = ("镉(以Cd计)", "0.12mg/kg", "≤0.2mg/kg", "0.002mg/kg", "GB 5009.15-2023")
LEAD = ("铅(以Pb计)", "0.05mg/kg", "≤0.2mg/kg", "0.02mg/kg", "GB 5009.12-2023")


def row(number: int | str, *, item: Sequence[Any] = CADMIUM, made: Any = "2026-01-05") -> list[Any]:
    """The first row of a sample: rice that passes."""
    return [f"R-{number}", f"S-{number}", "大米", "粮食加工品", made, *item]


def continuation(*, item: Sequence[Any] = LEAD) -> list[Any]:
    """A further row of the sample above it."""
    return [None, None, None, None, None, *item]


def rows(count: int) -> Iterator[list[Any]]:
    """So many rows of samples, every other one a continuation."""
    for number in range(count):
        yield continuation() if number % 2 else row(number // 2)


def workbook(path: Path, lines: Iterable[Sequence[Any]], heads: Sequence[str] = HEADS) -> Path:
    """Write a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("结果")
    for line in (heads, *lines) if isinstance(lines, Sequence) else _with(heads, lines):
        sheet.append(list(line))
    book.save(path)
    return path


def table(path: Path, lines: Iterable[Sequence[Any]], heads: Sequence[str] = HEADS, encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(lines)
    return path


def json_lines(path: Path, lines: Iterable[Sequence[Any]], heads: Sequence[str] = HEADS) -> Path:
    """Write JSON lines, one flat record for each row."""
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            record = {head: cell for head, cell in zip(heads, line, strict=True) if cell is not None}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def _with(heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield heads
    yield from lines
