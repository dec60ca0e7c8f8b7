"""Which statutory clocks a report starts and ends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.sampling import duties
from services.sampling.duties import Arrival
from shared.contracts import Hazard, LegalClass, SampleFailed, SamplePassed, SampleUnclear
from shared.workdays import CHINA
from tests.examples import REGION, failed_sample

CONCLUDED = date(2026, 2, 12)
"""A Thursday; the Saturday after it is worked, and then the Spring Festival lasts until the 23rd."""
(DRUG,) = failed_sample("1").findings


def arrives(moment: datetime) -> Arrival:
    """A report that was concluded on the Thursday comes in at a moment."""
    return Arrival(CONCLUDED, moment, REGION)


def china(day: int, hour: int = 0, month: int = 2) -> datetime:
    """A moment of 2026 in China."""
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def clocks(outcome: Any, moment: datetime) -> dict[str, tuple[datetime, bool]]:
    """The clocks that a report starts: when each ends, and whether its duty is done already."""
    return {start.clock: (start.due, start.done is not None) for start in duties.started(outcome, arrives(moment))}


def passed() -> SamplePassed:
    """A sample that passes."""
    return SamplePassed(**failed_sample("1", concluded_on=CONCLUDED).model_dump())


def test_failure_starts_what_the_authority_owes() -> None:
    """From the report's arrival: 5 working days for the notice, 90 days for the disposal; its own period is over."""
    assert clocks(failed_sample("1", concluded_on=CONCLUDED), china(13, 9)) == {
        "SMP-04:L0142:R-1": (china(15), True),
        "SMP-09:L0142:R-1": (china(28), False),
        "DSP-02:L0142:R-1": (china(15, month=5), False),
    }


@pytest.mark.parametrize(
    ("outcome", "last"),
    [
        pytest.param(failed_sample("1", concluded_on=CONCLUDED), china(15), id="failure: 2 working days"),
        pytest.param(passed(), china(2, month=3) - timedelta(days=1), id="pass: 7 working days"),
    ],
)
def test_report_is_on_time_until_the_end_of_its_last_day(outcome: SampleFailed | SamplePassed, last: datetime) -> None:
    """The period from the conclusion runs over the Spring Festival to midnight of its last working day."""
    assert duties.is_on_time(duties.started(outcome, arrives(last)))
    assert not duties.is_on_time(duties.started(outcome, arrives(last + timedelta(microseconds=1))))


def test_serious_risk_is_told_within_24_hours() -> None:
    """A pathogen or a prohibited substance: 24 hours from the end of the day of the conclusion, holidays or not."""
    for changes in ({"hazard": Hazard.PATHOGEN}, {"legal_class": LegalClass.PROHIBITED}):
        serious = failed_sample("1", concluded_on=CONCLUDED, findings=(DRUG.model_copy(update=changes),))
        assert duties.is_serious(serious)
        assert duties.is_on_time(duties.started(serious, arrives(china(14))))
        assert not duties.is_on_time(duties.started(serious, arrives(china(14) + timedelta(microseconds=1))))
        assert "SMP-05:L0142:R-1" in clocks(serious, china(13))


def test_pass_in_time_leaves_nothing_to_keep() -> None:
    """A pass starts no clock, unless it came too late: then it is told as missed."""
    assert {} == clocks(passed(), china(13))
    assert {"SMP-03:L0142:R-1": (china(1, month=3), True)} == clocks(passed(), china(5, month=3))


def test_unclear_outcome_starts_nothing() -> None:
    """What nobody has decided has no period."""
    unclear = SampleUnclear(**failed_sample("1", concluded_on=CONCLUDED).model_dump())
    assert {} == clocks(unclear, china(5, month=3))
    assert duties.is_on_time(duties.started(unclear, arrives(china(5, month=3))))


def test_report_ends_delivery_and_testing() -> None:
    """Whoever reports has had the sample."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert [("SMP-01:S-1", at), ("SMP-02:S-1", at)] == [(stop.clock, stop.done) for stop in duties.ended("S-1", at)]
    assert ["SMP-09:L0142:R-1", "DSP-02:L0142:R-1"] == [stop.clock for stop in duties.dropped("L0142", "R-1", at)]
