"""The published failures, each judged on its raw notation, and what is kept of that in the tree.

``python -m tests.services.sampling.judging.published`` writes the golden file and the list in ``docs/judgement.md``
anew; read the difference before you commit it.
"""

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from services.sampling.judging.offline import judge_csv, text_lines
from shared.contracts.sample import Verdict

HERE = Path(__file__).parent
TABLE = HERE.parents[3] / "demo" / "published_failures.csv"
GOLDEN = HERE / "golden" / "published.csv"
PAGE = HERE.parents[3] / "docs" / "judgement.md"
KEPT = ("row_id", "verdict", "reason", "limit_used", "limit_source", "ratio", "legal_class")
BEGIN, END = "<!-- unclear rows: begin -->\n", "<!-- unclear rows: end -->\n"
_LONGEST = 60


@cache
def source() -> dict[str, dict[str, str]]:
    """The rows of the table, by their number."""
    with TABLE.open(encoding="utf-8-sig", newline="") as lines:
        return {row["row_id"]: row for row in csv.DictReader(lines)}


@cache
def judged() -> dict[str, dict[str, str]]:
    """What each row comes out as, by its number, in the order of the table."""
    out = io.StringIO()
    with TABLE.open("rb") as table:
        judge_csv(text_lines(table), out)
    return {row["row_id"]: row for row in csv.DictReader(io.StringIO(out.getvalue()))}


def golden() -> str:
    """The golden file as it should be."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(KEPT)
    writer.writerows([row[name] for name in KEPT] for row in judged().values())
    return out.getvalue()


def unclear_rows() -> str:
    """The list of unclear rows as the page should have it."""
    return "".join(_lines())


def _lines() -> Iterator[str]:
    yield "| row | product | analyte | result | limit | reason | why a person must look |\n"
    yield "|---|---|---|---|---|---|---|\n"
    for row_id, row in judged().items():
        if row["verdict"] == Verdict.UNCLEAR:
            printed = source()[row_id]
            cells = [printed[name] for name in ("product", "analyte", "result_raw", "limit_raw")]
            shown = " | ".join(_cell(cell) for cell in cells)
            yield f"| {row_id} | {shown} | `{row['reason']}` | {row['explanation']} |\n"


def _cell(text: str) -> str:
    plain = text.replace("|", "/").replace("<", "&lt;").replace("\n", " ")
    return (plain[:_LONGEST] + "…" if len(plain) > _LONGEST else plain) or "-"


def listed() -> str:
    """The list of unclear rows as the page has it."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Write what is kept anew."""
    GOLDEN.write_text(golden(), encoding="utf-8")
    front, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(front + BEGIN + unclear_rows() + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
