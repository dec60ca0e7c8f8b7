"""The way of a case to its end, one story for each row of what the law provides for."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import (
    CaseMoved,
    CaseTransferred,
    EvidenceAdded,
    EvidenceKind,
    FilingOrdered,
    GoodsHandedOver,
    HeadApproved,
    HeadRefused,
    OpinionIssued,
    PoliceDeclined,
    PoliceExplained,
    PoliceFiled,
    PoliceReceived,
    PoliceRedirected,
    PoliceReturned,
    PoliceTookLonger,
    PoliceUpheld,
    ReasonsDemanded,
    ReconsiderationRequested,
    ReportSigned,
    ReportSubmitted,
    RequestAccepted,
    RequestRefused,
    SupervisionSuggested,
    TransferMoved,
    TransferRefused,
    TransferSent,
)
from shared.contracts.case_step import CaseStep
from shared.workdays import CHINA
from tests.services.enforcement.desk import NOON, Desk, desk_with_a_case, of_the_lot
from tests.services.enforcement.ways import HEAD, OFFICER, POLICE, PROCURATORATE, SECOND, WHY, filled_in, lead
from tests.undoing import overturned

LATE = timedelta(days=1)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with one open, referred case."""
    async with desk_with_a_case(tmp_path) as desk:
        yield desk


async def taken(desk: Desk, teller: str, kind: type[CaseStep], **said: Any) -> RequestAccepted:
    """Take a step that must be admitted."""
    receipt = await desk.take(teller, kind, **filled_in(desk, kind, said))
    assert isinstance(receipt, RequestAccepted), receipt.explanation
    return receipt


async def refused(desk: Desk, teller: str, kind: type[CaseStep], **said: Any) -> RequestRefused:
    """Take a step that must be refused and change nothing."""
    before = await desk.everything()
    receipt = await desk.take(teller, kind, **filled_in(desk, kind, said))
    assert isinstance(receipt, RequestRefused), receipt.text
    assert before == await desk.everything()
    assert receipt.party == teller
    return receipt


async def running(desk: Desk) -> dict[str, str]:
    """The clocks that run, with the last moment in China at which the duty is done in time."""
    clocks = {kind: row for kind, row in (await desk.clocks()).items() if row.stopped is None}
    return {kind: (row.due.astimezone(CHINA)).isoformat(sep=" ", timespec="minutes") for kind, row in clocks.items()}


async def test_candidate_opens_and_no_period_but_that_of_the_penalty_runs(desk: Desk) -> None:
    """The automatic referral is information: the case is open, and no clock of a transfer runs."""
    assert "open" == (await desk.case()).state
    assert {"ENF-02": "2026-06-03 00:00+08:00"} == await running(desk)


async def test_report_by_one_and_signature_by_another_start_the_head_s_three_days(desk: Desk) -> None:
    """The report alone starts nothing; the second officer's signature starts three days for the head."""
    await taken(desk, OFFICER, ReportSubmitted)
    assert "REF-01" not in await running(desk)
    assert "same_person" == (await refused(desk, OFFICER, ReportSigned)).reason
    await taken(desk, SECOND, ReportSigned)
    assert "2026-03-08 00:00+08:00" == (await running(desk))["REF-01"]
    assert ["reported", "signed"] == [event.state for event in desk.told_of(CaseMoved)]


async def test_head_approves_and_a_day_for_the_transfer_runs(desk: Desk) -> None:
    """Only a third person approves; from then on 24 hours run, to the minute."""
    await lead(desk, "signed")
    assert "same_person" == (await refused(desk, "head.O003", HeadApproved)).reason
    await taken(desk, HEAD, HeadApproved)
    assert "2026-03-05 12:00+08:00" == (await running(desk))["REF-02"]
    assert "REF-01" not in await running(desk)


async def test_head_refuses_with_a_reason_that_is_kept(desk: Desk) -> None:
    """A refusal ends the head's period, is told with its reason, and the case may be reported again."""
    await lead(desk, "signed")
    await taken(desk, HEAD, HeadRefused, why="The origin was not looked into.")
    (told,) = desk.told_of(TransferRefused)
    assert ("The origin was not looked into.", "refused", HEAD) == (told.reason, told.state, told.by)
    assert {"ENF-02"} == set(await running(desk))
    await taken(desk, OFFICER, ReportSubmitted)


async def test_transfer_tells_police_and_procuratorate_what_was_signed(desk: Desk) -> None:
    """The transfer carries the dossier item by item, who signed, who approved, and the grounds; the day is over."""
    await lead(desk, "transferred")
    (told,) = desk.told_of(CaseTransferred)
    assert (("officer.O001", "officer.O003"), "head.H001") == (told.reported_by, told.approved_by)
    assert (desk.digest, desk.dossier(), "144") == (told.dossier, told.items, told.offence)
    assert (("S-1",), "R1", NOON) == (told.samples, told.reasons[0].rule, told.approved_at)
    assert {"ENF-02"} == set(await running(desk))


async def test_receipt_starts_both_periods_of_the_police(desk: Desk) -> None:
    """Three days by Order 310 and ten by 271号 run beside each other; the police are told until when."""
    await lead(desk, "received")
    assert {"REF-04": "2026-03-08 00:00+08:00", "REF-05": "2026-03-15 00:00+08:00"}.items() <= (
        await running(desk)
    ).items()
    told = desk.told_of(TransferMoved)[-1]
    assert ["REF-04", "REF-05"] == [period.clock.partition(":")[0] for period in told.periods]


async def test_complex_case_has_thirty_days(desk: Desk) -> None:
    """The longer period counts from the receipt, and takes the place of the ten days."""
    await lead(desk, "received")
    desk.pass_time(days=2)
    await taken(desk, POLICE, PoliceTookLonger, **WHY)
    clocks = await running(desk)
    assert "2026-04-04 00:00+08:00" == clocks["REF-06"]
    assert {"REF-04"} <= clocks.keys()
    assert "REF-05" not in clocks


async def test_wrong_place_is_passed_on_within_a_day(desk: Desk) -> None:
    """The other police get the case in their own subjects; the first may act no longer; a late hand-over is missed."""
    await lead(desk, "received")
    desk.pass_time(hours=25)
    await taken(desk, POLICE, PoliceRedirected, to="21.02.02", **WHY)
    clock = (await desk.clocks())["REF-03"]
    assert (NOON, NOON + timedelta(hours=24), desk.now, "missed") == (
        clock.started,
        clock.due,
        clock.stopped,
        clock.next,
    )
    assert [("21.02.83", "21.02.83"), ("21.02.83", "21.02.02"), ("21.02.02", "21.02.02")] == [
        (region, event.to) for region, event in desk.told if isinstance(event, CaseTransferred)
    ]
    assert "not_yours" == (await refused(desk, POLICE, PoliceReceived)).reason
    assert isinstance(await desk.take("police.210202", PoliceReceived, region="21.02.02"), RequestAccepted)
    assert {"21.02.83", "21.02.02"} == {region for region, event in desk.told[-3:] if isinstance(event, TransferMoved)}


async def test_filing_starts_the_agency_s_three_days_for_the_goods(desk: Desk) -> None:
    """The police's periods end; goods are due within three days of the notice; handing them over ends it."""
    await lead(desk, "received")
    desk.pass_time(days=1)
    await taken(desk, POLICE, PoliceFiled)
    assert {"ENF-02", "REF-11"} == set(await running(desk))
    assert "2026-03-09 00:00+08:00" == (await running(desk))["REF-11"]
    await taken(desk, OFFICER, GoodsHandedOver, receipt=desk.item(EvidenceKind.OTHER, "LIST-1").sha256)
    assert {"ENF-02"} == set(await running(desk))
    assert "filed" == (await desk.case()).state


@pytest.mark.parametrize(("days", "is_missed"), [(3.4, False), (3.6, True)])
async def test_notice_of_the_decision_is_due_in_three_days(desk: Desk, days: float, *, is_missed: bool) -> None:
    """The decision was taken on a day, its notice came later: after the third day's end it counts as missed."""
    await lead(desk, "received")
    decided = desk.now
    desk.pass_time(days=days)
    await taken(desk, POLICE, PoliceFiled, at=decided)
    clock = (await desk.clocks())["REF-07"]
    assert is_missed == (clock.next == "missed")


async def test_declined_case_is_reconsidered(desk: Desk) -> None:
    """Three days to ask from the notice, three to decide from the request; the police may file after all."""
    await lead(desk, "declined")
    assert "2026-03-08 00:00+08:00" == (await running(desk))["REF-08"]
    desk.pass_time(days=2)
    await taken(desk, OFFICER, ReconsiderationRequested, **WHY)
    assert {"ENF-02": "2026-06-03 00:00+08:00", "REF-09": "2026-03-10 00:00+08:00"} == await running(desk)
    await taken(desk, POLICE, PoliceFiled)
    assert "filed" == (await desk.case()).state
    assert "REF-09" not in await running(desk)


async def test_upheld_decline_goes_to_the_procuratorate(desk: Desk) -> None:
    """After the reconsideration three days run for the suggestion; directly after the decline it is possible too."""
    await lead(desk, "upheld")
    assert "2026-03-08 00:00+08:00" == (await running(desk))["REF-10"]
    await taken(desk, OFFICER, SupervisionSuggested, **WHY)
    assert {"ENF-02"} == set(await running(desk))


async def test_supervision_may_be_suggested_without_reconsideration(desk: Desk) -> None:
    """A declined case goes to the procuratorate directly, which ends the period for asking the police again."""
    await lead(desk, "declined")
    await taken(desk, OFFICER, SupervisionSuggested, **WHY)
    assert {"ENF-02"} == set(await running(desk))


async def test_reasons_are_due_in_seven_days(desk: Desk) -> None:
    """The demand starts seven days, the explanation ends them."""
    await lead(desk, "supervising")
    await taken(desk, PROCURATORATE, ReasonsDemanded, **WHY)
    assert "2026-03-12 00:00+08:00" == (await running(desk))["PRO-01"]
    await taken(desk, POLICE, PoliceExplained, **WHY)
    assert {"ENF-02"} == set(await running(desk))


async def test_ordered_filing_is_due_in_fifteen_days(desk: Desk) -> None:
    """The order starts fifteen days, and the filing ends them."""
    await lead(desk, "filing_ordered")
    assert "2026-03-20 00:00+08:00" == (await running(desk))["PRO-02"]
    assert "barred" == (await refused(desk, POLICE, PoliceDeclined, **WHY)).reason
    await taken(desk, POLICE, PoliceFiled)
    assert {"ENF-02", "REF-11"} == set(await running(desk))


async def test_filing_is_ordered_before_the_reasons_only_when_they_are_overdue(desk: Desk) -> None:
    """While the police may still explain, the order is refused; a moment after their period it is admitted."""
    await lead(desk, "reasons_demanded")
    due = (await desk.clocks())["PRO-01"].due
    desk.now = due - timedelta(seconds=1)
    refusal = await refused(desk, PROCURATORATE, FilingOrdered, **WHY)
    assert ("barred", "data.at") == (refusal.reason, refusal.where)
    desk.now = due
    await taken(desk, PROCURATORATE, FilingOrdered, **WHY)


async def test_procuratorate_gives_its_opinion_where_the_agency_keeps_a_case(desk: Desk) -> None:
    """The opinion is told and changes no state; of a case that is with the police it makes no sense."""
    await taken(desk, PROCURATORATE, OpinionIssued, concerns="not_transferred", **WHY)
    assert ("open", 2) == ((await desk.case()).state, (await desk.case()).version)
    (told,) = desk.told_of(CaseMoved)
    assert not told.verified
    await lead(desk, "received")
    assert "barred" == (await refused(desk, PROCURATORATE, OpinionIssued, concerns="fined_instead", **WHY)).reason


async def test_police_return_what_is_no_crime(desk: Desk) -> None:
    """A filed case comes back to the agency for a penalty, with the article; it can be reported no more."""
    await lead(desk, "filed")
    await taken(desk, POLICE, PoliceReturned, **WHY)
    told = desk.told_of(TransferMoved)[-1]
    assert ("returned", "国务院令第310号 (2020) Art 13") == (told.state, told.citation)
    assert {"ENF-02"} == set(await running(desk))
    refusal = await refused(desk, OFFICER, ReportSubmitted)
    assert ("barred", "data.case_no") == (refusal.reason, refusal.where)
    assert "Art 5" in refusal.explanation


async def test_second_word_of_the_same_is_said_to_be_done_before(desk: Desk) -> None:
    """Who takes a step twice is told that it was done; who acts on an old version is told the present one."""
    await lead(desk, "received")
    assert "already_done" == (await refused(desk, POLICE, PoliceReceived)).reason
    assert "already_done" == (await refused(desk, POLICE, PoliceReceived, version=5)).reason
    stale = await refused(desk, POLICE, PoliceFiled, version=5)
    assert ("stale", "data.version") == (stale.reason, stale.where)
    assert "version 6" in stale.explanation


@pytest.mark.parametrize(
    ("teller", "kind", "said", "reason"),
    [
        (OFFICER, TransferSent, {}, "barred"),
        (POLICE, PoliceReceived, {}, "not_yours"),
        ("procuratorate.210202", OpinionIssued, {"concerns": "not_transferred", **WHY}, "not_yours"),
        ("officer.O002", ReportSubmitted, {"region": "21.02.02"}, "not_yours"),
        (OFFICER, ReportSubmitted, {"case_no": "C-AAAAAAAAAAAA"}, "unknown_case"),
        (OFFICER, ReportSubmitted, {"at": NOON + timedelta(minutes=11)}, "wrong_dates"),
        (OFFICER, ReportSubmitted, {"at": NOON - timedelta(minutes=11)}, "wrong_dates"),
        (POLICE, PoliceUpheld, WHY, "not_yours"),
    ],
)
async def test_step_that_cannot_be_taken_changes_nothing(
    desk: Desk, teller: str, kind: type[CaseStep], said: dict[str, Any], reason: str
) -> None:
    """An unknown case, a wrong authority, a wrong time, a state that does not allow it: refused with its reason."""
    assert reason == (await refused(desk, teller, kind, **said)).reason


async def test_decision_of_an_earlier_day_is_taken_after_other_steps(desk: Desk) -> None:
    """The police decided on Thursday, evidence and a sample came on Friday, the notice on Saturday: it counts."""
    await lead(desk, "received")
    desk.pass_time(days=1)
    decided = desk.now
    desk.pass_time(days=1)
    await taken(desk, OFFICER, EvidenceAdded, items=(desk.item(EvidenceKind.PHOTOGRAPH, "PH-1"),))
    await desk.hear("sampling", of_the_lot(2))
    desk.pass_time(days=1)
    await taken(desk, POLICE, PoliceFiled, at=decided)
    refusal = await refused(desk, OFFICER, GoodsHandedOver, at=decided - timedelta(hours=1), receipt="0" * 64)
    assert ("wrong_dates", "data.at") == (refusal.reason, refusal.where)


async def test_evidence_of_a_transferred_case_is_told_to_the_police(desk: Desk) -> None:
    """They get its kind, number and hash, and how to recognise the file that is handed over."""
    await lead(desk, "received")
    item = desk.item(EvidenceKind.EXPERT_OPINION, "EXP-1")
    await taken(desk, OFFICER, EvidenceAdded, items=(item,))
    assert (item,) == desk.told_of(TransferMoved)[-1].items


async def test_case_that_fell_opens_again_as_a_new_one(desk: Desk) -> None:
    """Nobody signed it, and it is before no police, whatever was before; the police hear that it opened."""
    await lead(desk, "transferred")
    await desk.hear("sampling", overturned(of_the_lot(1)))
    assert "withdrawn" == desk.told_of(TransferMoved)[-1].state
    await desk.hear("sampling", of_the_lot(2))
    assert "open" == desk.told_of(TransferMoved)[-1].state
    case = await desk.case()
    assert ("open", "", "", "", None) == (case.state, case.police, case.reported_by, case.approved_by, case.approved_at)
    assert "not_yours" == (await refused(desk, POLICE, PoliceReceived)).reason
    await lead(desk, "transferred")


async def test_further_evidence_on_an_old_version_is_stale_and_not_done(desk: Desk) -> None:
    """What may be said many times is not taken for a repetition: the second photograph was not added."""
    await taken(desk, OFFICER, EvidenceAdded, items=(desk.item(EvidenceKind.PHOTOGRAPH, "PH-1"),))
    second = await refused(desk, OFFICER, EvidenceAdded, items=(desk.item(EvidenceKind.PHOTOGRAPH, "PH-2"),), version=1)
    assert "stale" == second.reason
