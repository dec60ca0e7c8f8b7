"""``make demo`` as its user runs it: every result accounted for, twice the same, deaf to columns it may not read."""

import asyncio
import csv
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.reports import PUBLISHED, published_reports, published_rows

FIRST_RUN = datetime(2026, 3, 2, tzinfo=UTC)
ROOT = Path(__file__).parent.parent
KEPT = {
    "row_id", "product", "category", "production_date", "analyte", "result_raw", "limit_raw",
    "producer_ref", "vendor_ref", "publish_date",
}  # fmt: skip


async def demo(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the program; its exit code and lines."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "demo", "--folder", str(folder), *arguments,
        cwd=ROOT, env=os.environ | {"COLUMNS": "200"}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(90):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode().strip().splitlines()


def steady(lines: list[str]) -> str:
    """The last line without the count of new events."""
    return lines[-1].rpartition(" new=")[0]


async def test_demo_accounts_for_every_result_and_can_be_run_again(tmp_path: Path) -> None:
    """The first run takes every result, the second has the same totals and nothing new, a fresh one starts over."""
    code, first = await demo(tmp_path)
    assert (code, first[-1].startswith("demo: received=768 ")) == (0, True), first[-3:]
    assert first[-1].endswith(" dead=0 new=768")
    assert sum(line.startswith("DEMO-") for line in first) == 141
    code, second = await demo(tmp_path)
    assert (code, steady(second)) == (0, steady(first))
    assert second[-1].endswith(" new=0")
    assert [line for line in first if line.startswith("DEMO-")] == [line for line in second if line.startswith("DEMO-")]
    code, third = await demo(tmp_path, "--fresh")
    assert (code, third[-1]) == (0, first[-1])


def test_demo_reads_only_what_a_laboratory_prints(tmp_path: Path) -> None:
    """Permuting every parsed and verdict column of the published rows changes no event."""
    rows = published_rows()
    chance = random.Random(7)  # noqa: S311 - a repeatable permutation
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    for name in columns.keys() - KEPT:
        chance.shuffle(columns[name])
    permuted = tmp_path / "permuted.csv"
    with permuted.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows({name: values[n] for name, values in columns.items()} for n in range(len(rows)))
    assert permuted.read_bytes() != PUBLISHED.read_bytes()
    assert published_reports(published_rows(permuted), FIRST_RUN) == published_reports(rows, FIRST_RUN)


@pytest.mark.parametrize("shuffle", range(3))
def test_order_of_rows_does_not_matter(shuffle: int) -> None:
    """Rows in another order make the same reports."""
    rows = published_rows()
    random.Random(shuffle).shuffle(rows)  # noqa: S311
    assert published_reports(rows, FIRST_RUN) == published_reports(published_rows(), FIRST_RUN)
