"""Judging a table without the exchange."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sampling.judging.offline import COLUMNS, WRITTEN, Summary, UnreadableTableError, judge_csv, text_lines

PUBLISHED = Path(__file__).parents[4] / "demo" / "published_failures.csv"
HEADER = ",".join(COLUMNS)
KEPT = "made1,草鱼,食用农产品,2019-1-25,氟苯尼考,80μg/kg,≤100μg/kg"


def judged(table: bytes) -> tuple[list[dict[str, str]], Summary]:
    """The rows that come out of a table in bytes."""
    out = io.StringIO()
    summary = judge_csv(text_lines(io.BytesIO(table)), out)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), summary


@pytest.mark.parametrize(
    "table",
    [
        f"{HEADER}\n{KEPT}\n".encode(),
        f"\ufeff{HEADER}\r\n{KEPT}\r\n".encode(),
        f"{HEADER}\n{KEPT}".replace("μ", "u").encode("gb18030"),
        f"{HEADER},subcategory\n{KEPT},鲜蛋\n".encode(),
        f"{HEADER}\n{KEPT.replace('2019-1-25', '2019/1/25')}\n\n".encode(),
        f"{HEADER}\n{KEPT.replace('2019-1-25', '2019-01-25')}\n".encode(),
        f"{HEADER}\n{KEPT.replace('2019-1-25', '/')}\n".encode(),
    ],
)
def test_a_table_of_any_spreadsheet_is_judged(table: bytes) -> None:
    """Byte order marks, GB18030, other columns, other dates and line ends change nothing."""
    rows, summary = judged(table)
    expected = dict(zip(WRITTEN, ("made1", "pass", "within_maximum", "≤100 µg/kg", "laboratory", "0.8"), strict=False))
    assert [expected] == [{name: row[name] for name in expected} for row in rows]
    assert summary == Summary(passed=1)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (KEPT.replace("2019-1-25", "2019-2-30"), "date_unreadable"),
        (KEPT.replace("2019-1-25", "去年"), "date_unreadable"),
        (KEPT.replace("2019-1-25", "43490"), "date_unreadable"),
        (KEPT.replace("80μg/kg", "8" * 2001), "result_unreadable"),
        (KEPT.replace("≤100μg/kg", "≤" * 2001), "limit_unreadable"),
        (KEPT.replace("氟苯尼考", ""), "result_unreadable"),
        (KEPT.replace("80μg/kg", "8" * 200_000), "result_unreadable"),
        ("made1,草鱼", "result_unreadable"),
        ("made1,草鱼,,,铅", "no_result"),
    ],
)
def test_a_bad_row_never_stops_the_others(cells: str, reason: str) -> None:
    """A row that cannot be judged is unclear with its reason, and the next is judged."""
    rows, summary = judged(f"{HEADER}\n{cells}\n{KEPT}\n".encode())
    assert [("unclear", reason), ("pass", "within_maximum")] == [(row["verdict"], row["reason"]) for row in rows]
    assert summary == Summary(passed=1, unclear=1)


def test_a_wrong_byte_spoils_its_row_only() -> None:
    """A table in UTF-8 with one broken line stays in UTF-8."""
    broken = KEPT.encode().replace("80μg/kg".encode(), b"80\xff\xfeg/kg")
    rows, _ = judged(b"\n".join((HEADER.encode(), KEPT.encode(), broken, KEPT.encode())))
    assert [row["verdict"] for row in rows] == ["pass", "unclear", "pass"]


@pytest.mark.parametrize("table", [b"", b"row_id,product\n1,2\n", b"\x00\x01", "产品,结果\n".encode("gb18030")])
def test_missing_columns_are_named(table: bytes) -> None:
    """Without its columns a table is refused with a sentence that says what to do."""
    with pytest.raises(UnreadableTableError, match=r"lacks the columns .*limit_raw: name the columns row_id"):
        judged(table)


def test_a_cell_of_several_lines_is_one_cell() -> None:
    """Counts that a spreadsheet keeps on lines of their own are a list."""
    row = 'made1,雪糕,冷冻饮品,,大肠菌群,"55\n70\n110\n50\n10CFU/g","n=5,c=2,m=10,M=10²"'
    rows, _ = judged(f"{HEADER}\n{row}\n".encode())
    assert [(row["verdict"], row["reason"], row["ratio"]) for row in rows] == [("fail", "unit_above_M", "1.1")]


def test_columns_that_only_some_tables_have_are_read() -> None:
    """Limit of detection, method, kind, basis, label, subcategory and the day of the conclusion all count (made)."""
    header = f"{HEADER},lod,method,kind,basis,declared,subcategory,concluded_on"
    lines = [
        header,
        "lod,草鱼,食用农产品,,孔雀石绿,未检出,不得检出,0.5μg/kg,,,,,,2024-05-01",
        "method,草鱼,食用农产品,,孔雀石绿,4.1μg/kg,不得检出,,胶体金法,,,,,2024-05-01",
        "kind,草鱼,食用农产品,,孔雀石绿,4.1μg/kg,不得检出,,,screening,,,,someday",
        "basis,粉丝,淀粉及淀粉制品,,铝的残留量,90mg/kg,≤100mg/kg（以干基计）,,,,湿基,,,",
        "declared,雪糕,冷冻饮品,,蛋白质,5g/100g,,,,,,6g/100g,,",
        "wrong,雪糕,冷冻饮品,,蛋白质,5g/100g,,,,perhaps,,,,",
    ]
    rows, _ = judged("\n".join(lines).encode())
    assert [(row["row_id"], row["reason"], row["legal_class"]) for row in rows] == [
        ("lod", "not_detected", "prohibited"),
        ("method", "not_confirmed", "prohibited"),
        ("kind", "not_confirmed", ""),
        ("basis", "basis_unknown", "limited"),
        ("declared", "within_declared", ""),
        ("wrong", "result_unreadable", ""),
    ]


def test_rows_of_one_sample_are_judged_together() -> None:
    """Parts of a sum on rows that follow each other with one sample number count together, others do not (made)."""
    header = f"sample_no,{HEADER}"
    one, other = "草鱼,食用农产品,,恩诺沙星,60μg/kg,≤100μg/kg", "草鱼,食用农产品,,环丙沙星,50μg/kg,"
    rows, _ = judged("\n".join((header, f"S1,1,{one}", f"S1,2,{other}", f"S2,3,{one}", f",4,{one}")).encode())
    assert ["fail", "fail", "unclear", "unclear"] == [row["verdict"] for row in rows]
    assert "110 µg/kg" in rows[0]["explanation"]
    assert {row["reason"] for row in rows[2:]} == {"parts_missing"}


def test_a_sample_without_end_costs_no_memory() -> None:
    """Rows of one number are judged at the latest when there are as many as a report may hold (made)."""
    table = "\n".join((f"sample_no,{HEADER}", *(f"S1,{number},{KEPT.partition(',')[2]}" for number in range(401))))
    rows, summary = judged(table.encode())
    assert [str(number) for number in range(401)] == [row["row_id"] for row in rows]
    assert summary.passed == 401


def test_the_rows_are_read_one_at_a_time() -> None:
    """Rows are written while later ones are still unread: a long table costs no memory."""
    out = io.StringIO()
    written: list[int] = []

    def lines() -> Iterator[str]:
        yield f"{HEADER}\n"
        for _ in range(50):
            written.append(out.getvalue().count("\n"))
            yield f"{KEPT}\n"

    judge_csv(lines(), out)
    assert list(range(1, 51)) == written


def test_the_published_table_is_judged_whole() -> None:
    """The table of published failures comes out with one pass and 47 rows for a person."""
    with PUBLISHED.open("rb") as table:
        out = io.StringIO()
        summary = judge_csv(text_lines(table), out)
    assert summary == Summary(passed=1, failed=146, unclear=47)
    assert summary.sentence() == "194 rows judged: 1 pass, 146 fail, 47 are unclear."
