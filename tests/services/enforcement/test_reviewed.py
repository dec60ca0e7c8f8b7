"""The reviewed tables as they are shipped."""

import pytest

from services.enforcement import reviewed

TABLES = [
    "prohibited_substances",
    "substance_aliases",
    "food_origin",
    "severe_exceedance",
    "grounds",
    "amounts",
    "special_foods",
    "aggravation",
]


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_complete_and_unique(table: str) -> None:
    """Each row has every column and no more, and no row stands twice."""
    rows = reviewed.rows(f"{table}.csv")
    assert all(None not in row and None not in row.values() for row in rows)
    assert len(rows) == len({tuple(row.values()) for row in rows})


def test_every_ground_and_list_has_a_source_and_a_mark() -> None:
    """Law is cited, dated and marked."""
    for row in (*reviewed.rows("grounds.csv"), *reviewed.rows("prohibited_substances.csv")):
        assert row["criminal_law"] and row["interpretation"] if "rule" in row else row["citation"]
        assert row["in_force_from"]
        assert row["verified"] in {"yes", "no"}
