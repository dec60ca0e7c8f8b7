"""Checking a row that somebody wants to import, field by field."""

import pytest

from services.sampling.judging.limit_check import checked, near_food, near_substance
from services.sampling.judging.limit_rows import package_rows, row_of
from services.sampling.reviewed import rows

GOOD = {
    "row_id": "X1",
    "analyte": "镉 Cd",
    "food": "虾蛄",
    "comparator": "max",
    "value": "3.0",
    "unit": "mg/kg",
    "standard": "GB 2762-2025",
    "effective_from": "2026-09-02",
    "evidence": "unverified-high",
}
PLAN = {"comparator": "ncmM", "value": "", "unit": "CFU/g", "n": "5", "c": "2", "m": "100", "M": "1000"}


@pytest.mark.parametrize(
    ("changes", "column", "text"),
    [
        ({"row_id": ""}, "row_id", "is empty"),
        ({"standard": " "}, "standard", "is empty"),
        ({"comparator": "<="}, "comparator", "none of max, min"),
        ({"value": ""}, "value", "needs a number"),
        ({"value": "3,0"}, "value", "3,0 is no number"),
        ({"value": "-1"}, "value", "from zero up"),
        ({"value": "NaN"}, "value", "from zero up"),
        ({"unit": ""}, "unit", "needs its unit"),
        ({"unit": "mg/Kig"}, "unit", "no known unit"),
        ({"food": "皮皮瞎"}, "foods", "Do you mean 皮皮虾"),
        ({"foods": "虾蛄|没有"}, "foods", "没有 is not a reviewed food"),
        ({"except": "没有"}, "except", "没有 is not a reviewed food"),
        ({"effective_from": "2026-02-30"}, "effective_from", "is no day"),
        ({"effective_to": "2026-09-01"}, "effective_to", "before the edition's first day"),
        ({"evidence": "yes"}, "evidence", "say verified"),
        ({"evidence": "verified-db"}, "source", "needs its source"),
        ({"n": "5"}, "n", "takes no number"),
        ({"comparator": "not_detected"}, "value", "takes no number"),
        (PLAN | {"n": ""}, "n", "needs a number"),
        (PLAN | {"c": "5"}, "c", "no plan has c=5 of n=5"),
        (PLAN | {"n": "5.5"}, "n", "whole number"),
        (PLAN | {"M": "100"}, "M", "exponent may be lost"),
        (PLAN | {"M": "10"}, "M", "exponent may be lost"),
        ({"note": "x" * 501}, "note", "shorten it"),
    ],
)
def test_each_field_is_checked(changes: dict[str, str], column: str, text: str) -> None:
    """A wrong field is named with its row and column, and with what to do."""
    faults = checked(7, GOOD | changes).faults
    assert [(7, column)] == [(fault.row, fault.column) for fault in faults]
    assert text in faults[0].text
    assert str(faults[0]).startswith(f"row 7, {column}: ")


@pytest.mark.parametrize(
    "changes", [{}, PLAN, PLAN | {"M": ""}, {"comparator": "not_permitted", "value": "", "unit": ""}]
)
def test_a_right_row_is_a_limit(changes: dict[str, str]) -> None:
    """What passes the check can be read as a row of the catalogue."""
    check = checked(2, GOOD | changes)
    assert check.faults == []
    assert row_of(check.kept).substance == "镉"
    assert row_of(check.kept).terms == {"虾蛄"}


def test_what_is_kept_does_not_depend_on_the_spreadsheet() -> None:
    """The same row printed otherwise is kept as the same text."""
    other = GOOD | {"value": "3", "unit": "MG/KG", "effective_from": "2026/9/2", "foods": "虾蛄"}
    assert checked(2, other).kept == checked(2, GOOD | {"foods": "虾蛄"}).kept


def test_what_may_surprise_is_noted() -> None:
    """A row without dates only informs, and an analyte that nobody reviewed is found as printed."""
    undated = checked(3, GOOD | {"effective_from": ""})
    assert undated.faults == []
    assert undated.notices == [
        "row 3: the first day of the edition is not stated, so the row only informs and never decides."
    ]
    strange = checked(3, GOOD | {"analyte": "氟氯虫双酰胺"})
    assert strange.kept["substance"] == "氟氯虫双酰胺"
    assert "not a reviewed substance" in strange.notices[0]


def test_every_shipped_row_passes_the_check() -> None:
    """What the package ships could be imported, and would stay as it is."""
    checks = [checked(number, row) for number, row in enumerate(rows("limits.csv"), 2) if row["foods"]]
    assert [] == [fault for check in checks for fault in check.faults]
    shipped = {row.row_id: row for row in package_rows()}
    assert all(row_of(check.kept) == shipped[check.kept["row_id"]] for check in checks)


def test_close_words_are_offered() -> None:
    """A slip is answered with what comes near, a strange word with nothing."""
    assert "孔雀石绿" in near_substance("孔雀石缘")
    assert "皮皮虾" in near_food("皮皮瞎")
    assert near_food("zzzzzz") == ""
