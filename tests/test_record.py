"""Whether a sample's path is whole: each failure decided on once, and nothing standing on one that was overturned."""

from typing import Any

import pytest

from demo.record import Path
from shared.contracts import Event, SampleFailed, SampleOverturned
from shared.contracts.examples import EXAMPLES
from tests.examples import failed_sample
from tests.undoing import overturned

ONE: dict[str, Event] = {type(event).__name__: event for event in EXAMPLES}
FAILED, AGAIN = failed_sample("1"), failed_sample("1", report_no="R-1a", supersedes="R-1")


def path(**told: Any) -> Path:
    """A path on which these events were told; examples by name."""
    made: dict[str, Any] = {}
    for place, events in told.items():
        made[place] = [ONE[one] if isinstance(one, str) else one for one in events]
    return Path(**made)


def decided(failures: list[SampleFailed], ends: list[SampleOverturned], times: int = 1) -> dict[str, list[Any]]:
    """What is told of these failures, each decided on, and of these ends."""
    return {
        "outcomes": list(failures),
        "overturned": list(ends),
        "alerts": ["AlertRaised"] * times,
        "cases": ["CaseOpened"] * times,
        "referrals": ["CaseReferred"] * times,
        "notices": ["InsurerNotified"] * times,
    }


UNDONE = {
    "cancelled": ["AlertCancelled"],
    "left": ["CaseWithdrawn"],
    "withdrawn": ["ReferralWithdrawn"],
    "retracted": ["NoticeRetracted"],
}


def test_each_failure_is_decided_on_once() -> None:
    """One decision of each kind is whole; a missing one and a double one are faults with their numbers."""
    assert [] == path(**decided([FAILED], [])).faults()
    assert ["0 notice decisions instead of 1"] == path(**decided([FAILED], []) | {"notices": []}).faults()
    declined_twice = {"referrals": ["ReferralDeclined"] * 2}
    assert ["2 referral decisions instead of 1"] == path(**decided([FAILED], []) | declined_twice).faults()
    assert ["2 outcomes instead of one"] == path(outcomes=["SamplePassed"], rejections=["ResultRejected"]).faults()


def test_what_is_overturned_is_whole_once_it_is_undone() -> None:
    """A path is whole with its decisions taken back, and with none at all where the end was heard of first."""
    end = overturned(FAILED)
    assert [] == path(**decided([FAILED], [end]) | UNDONE).faults()
    assert [] == path(outcomes=[FAILED], overturned=[end]).faults()
    assert [] == path(**decided([FAILED, AGAIN], [end], times=2) | UNDONE).faults()


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("left", "1 standing cases instead of 0"),
        ("withdrawn", "1 standing referrals instead of 0"),
        ("retracted", "1 standing notices instead of 0"),
        ("cancelled", "1 alerts told instead of 0 or 2"),
    ],
)
def test_what_still_stands_on_an_overturned_failure_is_a_fault(kind: str, fault: str) -> None:
    """Each of the four that is not taken back is said."""
    assert [fault] == path(**decided([FAILED], [overturned(FAILED)]) | UNDONE | {kind: []}).faults()


def test_nothing_is_undone_twice() -> None:
    """A second withdrawal is a fault."""
    twice = {kind: events * 2 for kind, events in UNDONE.items()}
    assert [
        "3 alerts told instead of 0 or 2",
        "-1 standing cases instead of 0",
        "-1 standing referrals instead of 0",
        "-1 standing notices instead of 0",
    ] == path(**decided([FAILED], [overturned(FAILED)]) | twice).faults()
