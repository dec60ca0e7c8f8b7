"""Which threshold of severe exceedance counts; every row here is made."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.enforcement.grounds.exceedance import Threshold, exceedance, load, threshold
from shared.contracts import Hazard, JudgementReason
from tests.services.enforcement.failed import finding, pesticide

GENERAL = Threshold("21", None, Decimal(5), date(2026, 1, 1), date(2026, 12, 31), "a made rule", verified=False)
FOR_METALS = replace(GENERAL, hazard=Hazard.METAL, ratio=Decimal(2))


def chosen(rows: tuple[Threshold, ...], hazard: Hazard, day: date) -> Threshold | None:
    """The threshold in Zhuanghe."""
    return threshold(rows, "21.02.83", hazard, day)


def test_the_table_is_shipped_without_a_row() -> None:
    """No province's number is claimed."""
    assert load() == ()


def test_both_ends_of_the_period_are_included() -> None:
    """A threshold counts on its first and its last day, and not on the days around."""
    days = {date(2025, 12, 31): None, date(2026, 1, 1): GENERAL, date(2026, 12, 31): GENERAL, date(2027, 1, 1): None}
    assert days == {day: chosen((GENERAL,), Hazard.PESTICIDE, day) for day in days}


def test_a_row_for_the_hazard_goes_first_in_any_order() -> None:
    """The special row goes before the general one, whatever the order of the table."""
    day = date(2026, 6, 1)
    for rows in ((GENERAL, FOR_METALS), (FOR_METALS, GENERAL)):
        assert chosen(rows, Hazard.METAL, day) == FOR_METALS
        assert chosen(rows, Hazard.PESTICIDE, day) == GENERAL


def test_the_later_of_two_general_rows_counts() -> None:
    """A newer rule replaces an older one that nobody closed."""
    newer = replace(GENERAL, in_force_from=date(2026, 5, 1), ratio=Decimal(4))
    assert chosen((newer, GENERAL), Hazard.PESTICIDE, date(2026, 6, 1)) == newer
    assert chosen((newer, GENERAL), Hazard.PESTICIDE, date(2026, 4, 30)) == GENERAL


def test_only_an_exceeded_number_has_a_ratio() -> None:
    """A detection and a shortage exceed no number, even where a ratio is told."""
    assert exceedance(pesticide("腐霉利")) == Decimal(3)
    assert exceedance(finding("氯霉素", ratio=Decimal(1))) is None
    assert exceedance(pesticide("蛋白质", reason=JudgementReason.BELOW_MINIMUM)) is None
