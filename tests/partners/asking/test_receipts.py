"""What became of a report is said with the row and column of the file that it came from."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from partners.asking import receipts
from partners.asking.memory import Known
from partners.asking.spool import Fate
from shared.failure import CannotStartError


def place(number: int, name: str) -> str:
    """Where a field stands."""
    return f"row {number}, {name}"


def fate(state: str, where: str = "", *, was_sent: bool = True, numbers: tuple[int, ...] = (3, 5)) -> Fate:
    """What became of report R-1, whose items stand in rows 3 and 5."""
    known = Known("R-1", "S-1", state, "negative_result", where, "Below zero.")
    return Fate(numbers, "row 3", known, datetime(2026, 3, 1, tzinfo=UTC) if was_sent else None)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("data.determinations.1.result", "row 5, result"),
        ("data.determinations.1", "row 5, analyte"),
        ("data.determinations.7.lod", "row 5, lod"),
        ("data.product", "row 3, product"),
        ("subject", "subject"),
    ],
)
def test_place_of_a_refusal(where: str, expected: str) -> None:
    """A path of the contract becomes the row of its item, or the first row of its sample."""
    assert expected == receipts.where(fate("refused", where), place)


def test_sentences() -> None:
    """Each state has its words; what was not sent is told apart from what is not answered."""
    assert [
        "rows 3-5, report R-1 on sample S-1: accepted: passes",
        "rows 3-5, report R-1 on sample S-1: refused (negative_result), row 5, result: Below zero.",
        "rows 3-5, report R-1 on sample S-1: no answer yet",
        "rows 3-5, report R-1 on sample S-1: not sent",
        "report R-1 on sample S-1: withdrawn",
    ] == [
        receipts.sentence(one, place)
        for one in (
            fate("pass"),
            fate("refused", "data.determinations.1.result"),
            fate(""),
            fate("", was_sent=False),
            fate("withdrawn", numbers=()),
        )
    ]
    assert "3 accepted: passes; 1 no answer yet" == receipts.summary({"": 1, "pass": 3})
    assert "nothing" == receipts.summary({})


def test_table_that_cannot_be_written(tmp_path: Path) -> None:
    """A place where nothing can be written is named."""
    with pytest.raises(CannotStartError, match=r"cannot be written to .+ \(No such file or directory\); name another"):
        receipts.write(tmp_path / "missing" / "r.csv", [fate("pass")], place)
