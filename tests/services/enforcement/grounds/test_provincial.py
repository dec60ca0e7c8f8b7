"""The operator's file of thresholds: every fault names its row, and a file with one is not used at all."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.enforcement.grounds.exceedance import Threshold
from services.enforcement.grounds.provincial import COLUMNS, read
from services.enforcement.grounds.rules import load
from shared.contracts import Hazard
from shared.failure import CannotStartError
from tests.services.enforcement.failed import failed, pesticide
from tests.services.enforcement.grounds.assessed import of_sample

HAZARDS = (Hazard.PESTICIDE, Hazard.METAL)
GOOD = "21,pesticide,5,2026-01-01,,辽宁省某办法 Art 3,yes,"


def written(folder: Path, *rows: str, head: str = ",".join(COLUMNS)) -> Path:
    """The file."""
    path = folder / "thresholds.csv"
    path.write_text("\n".join((head, *rows)) + "\n", "utf-8-sig")
    return path


def test_rows_become_thresholds(tmp_path: Path) -> None:
    """A row for one hazard, one for all; empty rows are left out."""
    path = written(tmp_path, GOOD, "", "35,,3,2018-08-01,2025-12-31,福建省某办法,no,not checked")
    assert (
        Threshold("21", Hazard.PESTICIDE, Decimal(5), date(2026, 1, 1), None, "辽宁省某办法 Art 3", verified=True),
        Threshold("35", None, Decimal(3), date(2018, 8, 1), date(2025, 12, 31), "福建省某办法", verified=False),
    ) == read(path, HAZARDS)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2102,pesticide,5,2026-01-01,,X,yes,", "'2102' is no province; write the first two digits"),
        ("21,quality,5,2026-01-01,,X,yes,", "the law names no hazard 'quality' here; write one of metal, pesticide"),
        ("21,pesticide,1,2026-01-01,,X,yes,", "ratio '1' is no number above 1"),
        ("21,pesticide,NaN,2026-01-01,,X,yes,", "ratio 'NaN' is no number above 1"),
        ("21,pesticide,fünf,2026-01-01,,X,yes,", "is no number above 1"),
        ("21,pesticide,5,1.1.2026,,X,yes,", "in_force_from '1.1.2026' is no day"),
        ("21,pesticide,5,2026-01-01,never,X,yes,", "in_force_to 'never' is no day"),
        ("21,pesticide,5,2026-01-01,2025-01-01,X,yes,", "the last day 2025-01-01 lies before the first day"),
        ("21,pesticide,5,2026-01-01,,,yes,", "citation is empty; name the province's rule"),
        ("21,pesticide,5,2026-01-01,,X,maybe,", "verified is 'maybe'; write yes if the number was checked"),
        (GOOD, "row 3: province, hazard and first day are those of row 2; keep one of the two"),
    ],
)
def test_each_fault_is_a_sentence_with_its_row(tmp_path: Path, row: str, fault: str) -> None:
    """What is wrong, where, and what to write."""
    path = written(tmp_path, GOOD, row)
    with pytest.raises(CannotStartError) as caught:
        read(path, HAZARDS)
    assert f"{path}, row 3: " in str(caught.value)
    assert fault in str(caught.value)


def test_file_that_is_none_is_said(tmp_path: Path) -> None:
    """A missing file, another encoding, missing columns."""
    missing, latin = tmp_path / "none.csv", tmp_path / "latin.csv"
    latin.write_bytes("province,限值\n".encode("gb18030"))
    for path, words in (
        (missing, "set SHIAN_SEVERE_EXCEEDANCE_FILE anew"),
        (latin, "it is not in UTF-8"),
        (written(tmp_path, head="province,ratio"), "lacks the columns citation, hazard"),
    ):
        with pytest.raises(CannotStartError, match=words):
            read(path, HAZARDS)


def test_threshold_of_the_operator_counts_from_its_ratio_on(tmp_path: Path) -> None:
    """At five times the limit the leek is severe in that province, just below it is not; elsewhere a person asks."""
    rules = load(written(tmp_path, GOOD))
    severe, below = (failed(pesticide("腐霉利", ratio=Decimal(ratio)), product="韭菜") for ratio in ("5", "4.99"))
    assert ("strong", "none") == tuple(of_sample("R2", sample, rules).strength.value for sample in (severe, below))
    elsewhere = of_sample("R2", severe, rules, "35.01.02")
    assert ("none", True) == (elsewhere.strength.value, elsewhere.asks)
