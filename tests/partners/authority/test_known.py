"""A case as it is read from what was told: its state, its marks, and which periods run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import pytest

from partners.authority.known import Ends, KnownCase
from partners.authority.shown import shown
from services.enforcement.steps import steps
from shared.contracts import (
    CaseClockRevised,
    CaseMoved,
    CaseReferred,
    CaseTransferred,
    Event,
    EvidenceItem,
    EvidenceKind,
    Period,
    ReferralWithdrawn,
    TransferMoved,
)
from shared.contracts.examples import EXAMPLES
from shared.envelope import envelope_of
from tests.examples import REGION

E = TypeVar("E", bound=Event)
NOW = datetime(2026, 3, 5, tzinfo=UTC)
CASE = "C-7Q2M4ZK3XAWB"
ENDS: Ends = {step.name: step.stops for step in steps().values()}


def example(kind: type[E], **changes: Any) -> E:
    """The example of an event, so changed."""
    found = next(event for event in EXAMPLES if isinstance(event, kind))
    return found.model_copy(update={"case_no": CASE} | changes)


def known(*events: Event, region: str = REGION) -> KnownCase:
    """The case of which this was told."""
    envelopes = [
        envelope_of(type(event))(
            id=f"e{n}",
            source="urn:shian:enforcement",
            type=event.TYPE,
            subject=CASE,
            time=NOW,
            region=region,
            data=event,
        )
        for n, event in enumerate(events)
    ]
    return KnownCase(CASE, envelopes, ENDS)


def period(kind: str, days: int = 3, actor: str = "police") -> Period:
    """A period that ends so many days from now."""
    return Period(
        clock=f"{kind}:{CASE}:1",
        actor=actor,
        duty="decide",
        started=NOW,
        due=NOW + timedelta(days=days),
        citation="国务院令第310号 (2020) Art 8",
        verified=True,
    )


_VERSIONS = count(6)


def step(name: str, state: str, *periods: Period, kind: type[TransferMoved | CaseMoved] = TransferMoved) -> Event:
    """A step that was told."""
    return example(kind, step=name, state=state, version=next(_VERSIONS), periods=periods)


def kinds(case: KnownCase) -> list[str]:
    """The kinds of the periods that run, by their ends."""
    return [one.clock.partition(":")[0] for one in case.periods()]


def test_period_runs_until_the_step_that_ends_it() -> None:
    """Both clocks of the police run side by side from the receipt, and are over with the decision."""
    received = step("receive", "received", period("REF-04", 3), period("REF-05", 10))
    longer = step("find_complex", "received", period("REF-06", 30))
    declined = step("decline", "declined", period("REF-08", 3, "agency"))
    assert ["REF-04", "REF-05"] == kinds(known(received))
    assert ["REF-04", "REF-06"] == kinds(known(received, longer))
    assert ["REF-08"] == kinds(known(received, longer, declined))


def test_nothing_runs_in_a_case_that_fell() -> None:
    """With its last sample every period is over, whatever duty is not done; that it is withdrawn is said once."""
    referred = next(referrals("R-1"))
    gone = example(ReferralWithdrawn, report_no="R-1", laboratory=referred.laboratory)
    case = known(referred, step("receive", "received", period("REF-04")), step("overturned", "withdrawn"), gone)
    assert ([], "withdrawn") == (kinds(case), case.state)


def test_period_with_another_end_has_the_latest() -> None:
    """What an officer corrected counts, where it was told."""
    due = NOW + timedelta(days=9)
    revised = example(CaseClockRevised, **period("REF-04").model_dump() | {"due": due})
    assert [due] == [one.due for one in known(step("receive", "received", period("REF-04")), revised).periods()]


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, ", police overdue since 2026-03-04 08:00"), (1, ", police until 2026-03-06 08:00")],
)
def test_line_says_what_comes_next_and_what_is_overdue(days: int, words: str) -> None:
    """A period that ended without its duty done is no less to be done."""
    line = known(step("receive", "received", period("REF-04", days))).line(NOW)
    assert line.endswith(words)


def test_supervision_stays_in_the_line() -> None:
    """A case that was flagged and put under joint supervision is so in every later state."""
    case = known(step("flag_major", "transferred"), step("supervise_jointly", "transferred"), step("file", "filed"))
    assert ["major", "under joint supervision"] == case.marks
    assert ", major, under joint supervision" in case.line(NOW)
    assert [] == known(step("file", "filed")).marks


def referrals(*reports: str) -> Iterator[CaseReferred]:
    """A referral of each of these reports."""
    return (example(CaseReferred, report_no=report) for report in reports)


def test_referral_is_withdrawn_with_its_last_sample() -> None:
    """While one referred sample stands the case is referred; a sample that is referred again stands again."""
    first, second = referrals("R-1", "R-2")
    gone = [example(ReferralWithdrawn, report_no=one.report_no, laboratory=one.laboratory) for one in (first, second)]
    assert "referred (information, not a transfer; starts no clock)" == known(first, second, gone[0]).state
    assert "referral withdrawn" == known(first, second, *gone).state
    assert known(first).state == known(first, gone[0], first).state
    assert "received, referral withdrawn" == known(first, step("receive", "received"), gone[0]).state


def test_step_that_was_told_in_two_regions_stands_once() -> None:
    """Who hears both regions of a case that was passed on is told each step twice, and takes it once."""
    moved = step("receive", "received", period("REF-04"))
    assert 1 == len(known(moved, moved).steps)


def test_version_is_the_highest_that_was_told() -> None:
    """Also where a referral came later than a step."""
    assert 7 == known(example(CaseMoved, version=7), example(CaseReferred, version=2)).version
    assert known(example(CaseReferred, version=None)).version is None


def test_everything_is_shown_with_its_article_and_mark() -> None:
    """Grounds, dossier with what was added later, signers, periods that run and how late; no ground without a mark."""
    item = EvidenceItem(
        kind=EvidenceKind.TEST_REPORT,
        reference="TEST-02",
        sha256="a" * 64,
        size=9,
        media_type="application/pdf",
        made_on=NOW.date(),
    )
    moved = example(
        TransferMoved,
        step="add_evidence",
        version=6,
        items=(item,),
        verified=False,
        citation="国务院令第310号 (2020) Art 4",
        periods=(period("REF-04", -1),),
    )
    transferred, referred = example(CaseTransferred), example(CaseReferred)
    lines = list(shown(known(referred, transferred, moved), (), NOW))
    text = "\n".join(lines)
    grounds = [line for line in lines if line.startswith("  R1: ")]
    assert 2 == len(grounds)
    assert all(line.endswith((", verified)", ", unverified)")) for line in grounds)
    assert f"{referred.strength}: information, not a transfer; starts no clock" in text
    assert f"  version 6: test_report TEST-02  {'a' * 64}, 9 bytes" in lines
    assert "(国务院令第310号 (2020) Art 4, unverified)" in text
    assert f"reported by {', '.join(transferred.reported_by)}" in text
    assert f"approved by {transferred.approved_by}" in text
    assert all(one.sha256 in text for one in transferred.items)
    assert "  OVERDUE, until 2026-03-04 08:00: police must decide" in text
