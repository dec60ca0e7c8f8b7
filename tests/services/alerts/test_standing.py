"""An alert's level and number of samples follow from what stands, whatever joined and left before."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.alerts.standing import StandingAlert
from shared.contracts import Level

REPORTS = st.dictionaries(
    st.tuples(st.sampled_from(("L1", "L2")), st.sampled_from("ABCDE")),
    st.tuples(st.sampled_from(("S-1", "S-2")), st.sampled_from(Level)),
    min_size=1,
)


def alert() -> StandingAlert:
    """An alert on which nothing stands yet."""
    return StandingAlert("A-1", "镉", "P0001")


@given(REPORTS, st.data())
def test_what_left_leaves_no_trace(reports: dict[tuple[str, str], Any], data: st.DataObject) -> None:
    """Reports that joined and left, in any order, count for nothing."""
    staying = data.draw(st.sets(st.sampled_from(sorted(reports)), min_size=1))
    changing, only = alert(), alert()
    for report in data.draw(st.permutations(sorted(reports))):
        changing.join(report, *reports[report])
    for report in data.draw(st.permutations(sorted(set(reports) - staying))):
        changing.leave(report)
        assert not changing.stands_on(report)
    for report in data.draw(st.permutations(sorted(staying))):
        only.join(report, *reports[report])
    assert (only.level, only.samples) == (changing.level, changing.samples)


@given(REPORTS, st.data())
def test_leaving_never_makes_an_alert_graver(reports: dict[tuple[str, str], Any], data: st.DataObject) -> None:
    """With one report less, an alert is as grave as before or milder, and stands on no more samples."""
    one = alert()
    for report, found in reports.items():
        one.join(report, *found)
    before = one.level, one.samples
    one.leave(data.draw(st.sampled_from(sorted(reports))))
    if one.samples:
        assert list(Level).index(one.level) >= list(Level).index(before[0])
    assert one.samples <= before[1]


def test_a_sample_counts_once_with_its_gravest_report() -> None:
    """Two reports of one laboratory on one sample are one sample; the same number of another laboratory is another."""
    one = alert()
    one.join(("L1", "A"), "S-1", Level.BLUE)
    one.join(("L1", "B"), "S-1", Level.YELLOW)
    assert (1, Level.YELLOW) == (one.samples, one.level)
    one.join(("L2", "A"), "S-1", Level.BLUE)
    assert (2, Level.ORANGE) == (one.samples, one.level)
