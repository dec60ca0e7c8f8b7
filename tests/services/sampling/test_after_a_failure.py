"""What may still happen to a failed sample: its notice, a re-inspection, its settlement, the disposal, the clocks."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from services.sampling.draw import drawn
from shared.contracts import (
    ClockCorrected,
    ClockRevised,
    Determination,
    DisposalClosed,
    Event,
    FailureNotified,
    Hazard,
    NoticeServed,
    ReinspectionAccepted,
    ReinspectionAssigned,
    ReinspectionCalledOff,
    ReinspectionConcluded,
    ReinspectionEnded,
    ReinspectionRecalled,
    ReinspectionRefused,
    ReinspectionReported,
    ReinspectionRequested,
    ReinspectionSettled,
    ResultCorrected,
    ResultReported,
    ResultWithdrawn,
    SampleFailed,
    SampleOverturned,
    SampleReceived,
    ScopeItem,
)
from shared.settings import Settings
from tests.county import collected, prepared, say, today
from tests.examples import accreditation, form, malachite_green_in_carp
from tests.listening import heard_by, is_idle
from tests.running import in_own_task
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.services.sampling.told import refusals, rejections, told
from tests.speaking import until

DAY = timedelta(days=1)
FAILED = malachite_green_in_carp("1")
GERMS = (Determination(analyte="沙门氏菌", result="检出", limit="0/25g"),)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """No clock falls due by itself."""
    return settings.model_copy(update={"clock_poll": timedelta(hours=1)})


@pytest.fixture
async def sampling(settings: Settings, operator: Client) -> AsyncIterator[None]:
    """The service runs."""
    del operator
    async with in_own_task(build(settings).start_lifespan_context()):
        yield


class County:
    """An officer, laboratories and a service that answers them."""

    def __init__(self, server: NatsServer, operator: Client) -> None:
        self.server = server
        self.operator = operator

    async def say(self, teller: str, *events: Event) -> None:
        """Say something and wait for the answer."""
        await say(self.server, teller, *events)
        await until(lambda: is_idle(self.operator, "sampling"))

    async def fails(self, reported: ResultReported = FAILED, **changes: Any) -> None:
        """A sample is taken and fails."""
        await prepared(self.server)
        await collected(self.server, form(reported, **changes))
        await self.say("lab.L0142", reported)

    async def serve(self, to: str = "operator", on: date | None = None) -> None:
        """The notice is served."""
        await self.say(
            "officer.O001", NoticeServed.model_validate({"sample_no": "S-1", "to": to, "served_on": on or today()})
        )

    async def request(self, **changes: Any) -> None:
        """A re-inspection is asked for."""
        facts: dict[str, Any] = {"sample_no": "S-1", "by": "operator", "requested_on": today()}
        await self.say("officer.O001", ReinspectionRequested(**(facts | changes)))

    async def conclude(
        self, result: str, accepted: ReinspectionAccepted | None = None, **changes: Any
    ) -> ReinspectionAccepted:
        """The drawn laboratory takes the reserve portion and reports."""
        if accepted is None:
            (accepted,) = await told(self.operator, ReinspectionAccepted)
        received = SampleReceived(sample_no="S-1", portion="reserve", received_at=datetime.now(UTC), seal_no="F-S-1")
        facts: dict[str, Any] = {
            "reinspection_no": accepted.reinspection_no,
            "sample_no": "S-1",
            "report_no": "RR-1",
            "concluded_on": today(),
            "determinations": (Determination(analyte="孔雀石绿", result=result, limit="不得检出", lod="0.5μg/kg"),),
        }
        await self.say(f"lab.{accepted.laboratory}", received, ReinspectionReported(**(facts | changes)))
        return accepted

    async def call_off(self, number: str, reason: str, why: str = "Said in writing.") -> None:
        """A re-inspection is called off."""
        facts = {"sample_no": "S-1", "reinspection_no": number, "reason": reason, "why": why}
        await self.say("officer.O001", ReinspectionCalledOff.model_validate(facts))

    async def outcomes(self) -> list[str]:
        """What re-inspections came out as."""
        return [one.outcome for one in await told(self.operator, ReinspectionConcluded)]

    async def refused(self) -> list[tuple[str, str, str]]:
        """Who was refused what."""
        return await refusals(self.operator)


@pytest.fixture
async def county(server: NatsServer, operator: Client, sampling: None) -> County:
    """A county at work."""
    del sampling
    return County(server, operator)


async def test_notice_starts_the_periods(county: County, settings: Settings) -> None:
    """Each addressee has a period of its own; the authority's duty ends when the last one is told."""
    await county.fails()
    await county.serve("operator")
    assert (await clocks(settings))["SMP-09:L0142:R-1"].stopped is None
    await county.serve("producer")
    told_of = await told(county.operator, FailureNotified)
    assert [("operator", "V0001"), ("producer", "P0001")] == [(one.to, one.reference) for one in told_of]
    assert {(one.served_on, one.citation, one.verified) for one in told_of} == {
        (today(), "食品安全法 (2021) Art 88; 食品安全抽样检验管理办法 (SAMR Order 15) Art 30", True)
    }
    assert (await clocks(settings))["SMP-09:L0142:R-1"].stopped is not None


@pytest.mark.parametrize(("track", "days"), [("market", 7), ("farm", 5)])
async def test_period_depends_on_the_track(county: County, track: str, days: int) -> None:
    """Produce on the farm has another law: five working days and not seven."""
    await county.fails(track=track)
    await county.serve()
    (notified,) = await told(county.operator, FailureNotified)
    assert ("农产品质量安全法" in notified.citation) == (days == 5)
    assert (notified.reinspection_until - today()).days >= days


async def test_notice_that_cannot_be(county: County) -> None:
    """Twice, before the report came, tomorrow, for nobody, for another county's sample, or for none."""
    await county.fails(producer=None)
    await county.serve(on=today() - DAY)
    await county.serve(on=today() + DAY)
    await county.serve("producer")
    await county.serve()
    await county.serve()
    await county.say("officer.O001", NoticeServed(sample_no="S-9", to="operator", served_on=today()))
    assert [
        ("officer.O001", "wrong_dates", "data.served_on"),
        ("officer.O001", "wrong_dates", "data.served_on"),
        ("officer.O001", "wrong_state", "data.to"),
        ("officer.O001", "already_done", "data.to"),
        ("officer.O001", "unknown_sample", "data.sample_no"),
    ] == await county.refused()


async def test_drawn_laboratory_can_be_drawn_again_by_anybody(county: County, settings: Settings) -> None:
    """Never the first one; the seed and the candidates that are told repeat the draw; the hand-over's clock runs."""
    await county.fails()
    await county.serve()
    await county.request()
    (accepted,) = await told(county.operator, ReinspectionAccepted)
    assert accepted.candidates == ("L0200", "L0300")
    assert accepted.laboratory == drawn(accepted.candidates, accepted.seed)
    clock = (await clocks(settings))[f"REI-04:{accepted.reinspection_no}"]
    assert (clock.trace, clock.stopped) == ("S-1", None)


async def test_only_the_accredited_are_drawn(county: County) -> None:
    """A laboratory that is not accredited for what failed is no candidate; without any nobody is drawn."""
    await county.fails()
    await county.serve()
    metals = (ScopeItem(hazard=Hazard.METAL),)
    await county.say("officer.O001", *(accreditation(name, scope=metals) for name in ("L0200", "L0300")))
    await county.request()
    assert [("officer.O001", "no_laboratory", "data.sample_no")] == await county.refused()
    await county.say("officer.O001", accreditation("L0300"))
    await county.request()
    (accepted,) = await told(county.operator, ReinspectionAccepted)
    assert accepted.candidates == ("L0300",)


async def test_upheld_failure_stands(county: County, settings: Settings) -> None:
    """A re-inspection that finds it too changes nothing, is final, and its clocks stop in time."""
    await county.fails()
    await county.serve()
    await county.request()
    accepted = await county.conclude("3.90μg/kg")
    assert ["upheld"] == await county.outcomes()
    assert [] == await told(county.operator, SampleOverturned)
    kept = await clocks(settings)
    for kind in ("REI-04", "REI-06"):
        clock = kept[f"{kind}:{accepted.reinspection_no}"]
        assert clock.stopped is not None
        assert clock.next is None
    await county.request()
    (refused,) = await told(county.operator, ReinspectionRefused)
    assert refused.bar.value == "already_reinspected"
    assert [("officer.O001", "barred", "data.sample_no")] == await county.refused()


async def test_overturned_failure_leaves_nothing_to_do(county: County, settings: Settings) -> None:
    """A re-inspection that passes overturns the sample: nothing is owed for it any more."""
    await county.fails()
    await county.serve()
    await county.request()
    accepted = await county.conclude("未检出")
    (overturned,) = await told(county.operator, SampleOverturned)
    assert (overturned.report_no, overturned.by) == ("R-1", f"lab.{accepted.laboratory}")
    kept = await clocks(settings)
    assert all(kept[f"{kind}:L0142:R-1"].stopped for kind in ("SMP-09", "DSP-02"))
    await county.serve("producer")
    assert [("officer.O001", "wrong_state", "data.sample_no")] == await county.refused()


async def test_unclear_reinspection_waits_for_a_person(county: County) -> None:
    """A result below 5 where the method sees 0.5 decides nothing; an officer does, once, with name and reason."""
    await county.fails()
    await county.serve()
    await county.request()
    await county.conclude("＜5μg/kg")
    assert ["unclear"] == await county.outcomes()
    settled = ReinspectionSettled(sample_no="S-1", outcome="overturned", why="The laboratory saw no peak at all.")
    await county.say("officer.O001", settled)
    await county.say("officer.O001", settled)
    assert ["unclear", "overturned"] == await county.outcomes()
    (overturned,) = await told(county.operator, SampleOverturned)
    assert (overturned.by, overturned.explanation) == ("officer.O001", settled.why)
    assert [("officer.O001", "wrong_state", "data.sample_no")] == await county.refused()


async def test_conclusion_that_cannot_be(county: County) -> None:
    """Before the portion came, by another laboratory, without what failed, on a wrong day, for no re-inspection."""
    await county.fails()
    await county.serve()
    await county.request()
    (accepted,) = await told(county.operator, ReinspectionAccepted)
    found = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg"),)
    right: dict[str, Any] = {
        "reinspection_no": accepted.reinspection_no,
        "sample_no": "S-1",
        "report_no": "RR-1",
        "concluded_on": today(),
        "determinations": found,
    }
    drawn_one = f"lab.{accepted.laboratory}"
    await county.say(drawn_one, ReinspectionReported(**right))
    received = SampleReceived(sample_no="S-1", portion="reserve", received_at=datetime.now(UTC), seal_no="F-S-1")
    await county.say("lab.L0142", received)
    await county.say(drawn_one, received)
    await county.say(drawn_one, received)
    await county.say("lab.L0142", ReinspectionReported(**right))
    await county.say(drawn_one, ReinspectionReported(**(right | {"reinspection_no": "R-NONE"})))
    await county.say(drawn_one, ReinspectionReported(**(right | {"concluded_on": today() - DAY})))
    other = (Determination(analyte="镉", result="0.1mg/kg", limit="≤0.2mg/kg"),)
    await county.say(drawn_one, ReinspectionReported(**(right | {"determinations": other})))
    assert [] == await county.outcomes()
    await county.say(drawn_one, ReinspectionReported(**right))
    await county.say(drawn_one, ReinspectionReported(**right))
    assert ["overturned"] == await county.outcomes()
    assert [
        (drawn_one, "wrong_state", "data.sample_no"),
        ("lab.L0142", "not_yours", "data.sample_no"),
        (drawn_one, "already_done", "data.sample_no"),
        ("lab.L0142", "not_yours", "data.reinspection_no"),
        (drawn_one, "unknown_reinspection", "data.reinspection_no"),
        (drawn_one, "wrong_dates", "data.concluded_on"),
        (drawn_one, "wrong_amounts", "data.determinations"),
        (drawn_one, "already_done", "data.reinspection_no"),
    ] == await county.refused()


async def test_laboratory_that_cannot_is_replaced(county: County, settings: Settings) -> None:
    """Another one is drawn, never the same; both hear it, the first clock stops, and only the second one concludes."""
    await county.fails()
    await county.serve()
    await county.request()
    (first,) = await told(county.operator, ReinspectionAccepted)
    await county.call_off(first.reinspection_no, "laboratory_unable")
    (ended,) = await told(county.operator, ReinspectionEnded)
    _, second = await told(county.operator, ReinspectionAccepted)
    assert {first.laboratory, second.laboratory} == {"L0200", "L0300"}
    assert (second.candidates, ended.followed_by) == ((second.laboratory,), second.reinspection_no)
    recalled = await told(county.operator, ReinspectionRecalled, "RECEIPTS")
    assert [(first.laboratory, second.laboratory)] * 2 == [(one.laboratory, one.next_laboratory) for one in recalled]
    kept = await clocks(settings)
    assert kept[f"REI-04:{first.reinspection_no}"].stopped is not None
    assert kept[f"REI-04:{second.reinspection_no}"].stopped is None
    await county.conclude("未检出", accepted=first)
    assert [] == await county.outcomes()
    await county.call_off(second.reinspection_no, "laboratory_unable")
    await county.conclude("未检出", accepted=second)
    assert ["overturned"] == await county.outcomes()
    assert [
        (f"lab.{first.laboratory}", "not_yours", "data.sample_no"),
        (f"lab.{first.laboratory}", "wrong_state", "data.reinspection_no"),
        ("officer.O001", "no_laboratory", "data.reinspection_no"),
    ] == await county.refused()


@pytest.mark.parametrize(("reason", "verified"), [("fee_unpaid", True), ("applicant_withdrew", False)])
async def test_what_nobody_wants_is_not_tested(
    county: County, settings: Settings, reason: str, *, verified: bool
) -> None:
    """The failure stands, no clock runs on, nothing more is taken, and the applicant may ask again in time."""
    await county.fails()
    await county.serve()
    await county.request()
    (first,) = await told(county.operator, ReinspectionAccepted)
    await county.call_off("R-NONE", reason)
    await county.call_off(first.reinspection_no, reason)
    await county.call_off(first.reinspection_no, reason, why="Said once more.")
    await county.conclude("未检出", accepted=first)
    (ended,) = await told(county.operator, ReinspectionEnded)
    assert (ended.followed_by, bool(ended.citation), ended.verified) == ("", verified, verified)
    assert (await clocks(settings))[f"REI-04:{first.reinspection_no}"].stopped is not None
    assert [] == await told(county.operator, SampleOverturned)
    assert [
        ("officer.O001", "unknown_reinspection", "data.reinspection_no"),
        ("officer.O001", "wrong_state", "data.reinspection_no"),
        (f"lab.{first.laboratory}", "wrong_state", "data.sample_no"),
        (f"lab.{first.laboratory}", "wrong_state", "data.reinspection_no"),
    ] == await county.refused()
    await county.request(reserve_usable=True, by="operator", requested_on=today())
    assert 2 == len(await told(county.operator, ReinspectionAccepted))


async def test_germs_are_barred(county: County) -> None:
    """A request after a finding of Salmonella is refused with the law's ground, and nobody is drawn."""
    await county.fails(malachite_green_in_carp("1").model_copy(update={"determinations": GERMS}))
    await county.serve()
    await county.request()
    (refused,) = await told(county.operator, ReinspectionRefused)
    assert (refused.bar.value, refused.verified) == ("microbiology", True)
    assert [] == await told(county.operator, ReinspectionAccepted)


async def test_request_of_tomorrow_is_refused(county: County) -> None:
    """A day that has not come is a slip."""
    await county.fails()
    await county.serve()
    await county.request(requested_on=today() + DAY)
    assert [("officer.O001", "wrong_dates", "data.requested_on")] == await county.refused()


async def test_conclusion_on_a_withdrawn_report_overturns_nothing_more(county: County) -> None:
    """The first laboratory withdraws while the second tests: the conclusion is kept, and nothing is undone twice."""
    await county.fails()
    await county.serve()
    await county.request()
    await county.say("lab.L0142", ResultWithdrawn(report_no="R-1", sample_no="S-1", why="Mixed up."))
    await county.conclude("未检出")
    assert ["overturned"] == await county.outcomes()
    assert ["report_withdrawn"] == [one.reason.value for one in await told(county.operator, SampleOverturned)]


async def test_disposal_is_closed_once(county: County, settings: Settings) -> None:
    """The period of 90 days ends with the officer's word, given once and not in advance."""
    await county.fails()
    now = datetime.now(UTC)
    closed = DisposalClosed(sample_no="S-1", closed_at=now, why="Destroyed; penalty decided.")
    await county.say("officer.O001", closed.model_copy(update={"closed_at": now + timedelta(days=2)}))
    await county.say("officer.O001", closed, closed)
    assert (await clocks(settings))["DSP-02:L0142:R-1"].stopped == now
    assert [
        ("officer.O001", "wrong_dates", "data.closed_at"),
        ("officer.O001", "already_done", "data.sample_no"),
    ] == await county.refused()


async def test_clock_is_corrected_on_the_record(county: County, settings: Settings) -> None:
    """An extension has a name, a time and a reason; a clock that is unknown, stopped or unchanged is not corrected."""
    await county.fails()
    before = (await clocks(settings))["DSP-02:L0142:R-1"]
    longer = before.due + timedelta(days=30)
    corrected = ClockCorrected(clock="DSP-02:L0142:R-1", due=longer, why="The head of the agency extended it.")
    await county.say("officer.O001", corrected, corrected)
    await county.say("officer.O001", corrected.model_copy(update={"clock": "DSP-02:L0142:R-9"}))
    await county.say("officer.O001", corrected.model_copy(update={"clock": "SMP-01:S-1"}))
    await county.say("officer.O001", corrected.model_copy(update={"due": before.started}))
    (revised,) = await told(county.operator, ClockRevised)
    assert (revised.before, revised.due, revised.by, revised.why) == (
        before.due,
        longer,
        "officer.O001",
        "The head of the agency extended it.",
    )
    after = (await clocks(settings))["DSP-02:L0142:R-1"]
    assert (after.due, after.revision, after.next) == (longer, before.revision + 1, "approaching")
    assert [
        ("officer.O001", "already_done", "data.due"),
        ("officer.O001", "unknown_clock", "data.clock"),
        ("officer.O001", "wrong_state", "data.clock"),
        ("officer.O001", "wrong_dates", "data.due"),
    ] == await county.refused()


LENIENT = (Determination(analyte="孔雀石绿", result="3.9μg/kg", limit="≤100μg/kg", method="GB/T 19857-2005"),)


async def test_limit_of_the_first_report_stays(county: County) -> None:
    """A drawn laboratory that prints a kinder limit does not change what the result is held against."""
    await county.fails()
    await county.serve()
    await county.request()
    await county.conclude("3.9μg/kg", determinations=LENIENT)
    assert ["upheld"] == await county.outcomes()


async def test_screening_method_concludes_nothing(county: County) -> None:
    """A re-inspection by a rapid method, or outside the accreditation, is refused and may be reported again."""
    await county.fails()
    await county.serve()
    await county.request()
    rapid = (Determination(analyte="孔雀石绿", result="未检出", limit="不得检出", lod="0.5μg/kg", kind="screening"),)
    accepted = await county.conclude("未检出", determinations=rapid)
    await county.say("officer.O001", accreditation(accepted.laboratory, valid_to=today() - DAY))
    await county.conclude("未检出")
    assert [] == await county.outcomes()
    drawn_one = f"lab.{accepted.laboratory}"
    assert [
        (drawn_one, "wrong_amounts", "data.determinations.0.method"),
        (drawn_one, "already_done", "data.sample_no"),
        (drawn_one, "not_accredited", "data.concluded_on"),
    ] == await county.refused()


async def test_overturned_failure_does_not_come_back(county: County) -> None:
    """The first laboratory reports the same again under another number: it is refused, the conclusion is final."""
    await county.fails()
    await county.serve()
    await county.request()
    await county.conclude("未检出")
    await county.say("lab.L0142", FAILED.model_copy(update={"report_no": "R-9"}))
    assert [("R-9", "changed", "data.determinations")] == await rejections(county.operator)
    assert 1 == len(await told(county.operator, SampleFailed))


async def test_upheld_failure_is_not_taken_back(county: County) -> None:
    """What another laboratory confirmed, the first one can neither withdraw nor correct."""
    await county.fails()
    await county.serve()
    await county.request()
    await county.conclude("3.90μg/kg")
    await county.say("lab.L0142", ResultWithdrawn(report_no="R-1", sample_no="S-1", why="Mixed up."))
    facts = FAILED.model_dump() | {"report_no": "R-2", "corrects": "R-1", "why": "Misread."}
    await county.say("lab.L0142", ResultCorrected.model_validate(facts))
    assert [
        ("R-1", "changed", "data.report_no"),
        ("R-2", "changed", "data.corrects"),
    ] == await rejections(county.operator)
    assert [] == await told(county.operator, SampleOverturned)


async def test_two_failed_reports_fall_together(county: County, settings: Settings) -> None:
    """A second failed report of the same sample is tested again with the first, and both are overturned."""
    await county.fails()
    await county.say("lab.L0142", FAILED.model_copy(update={"report_no": "R-2"}))
    await county.serve()
    await county.serve()
    await county.request()
    await county.conclude("未检出")
    assert ["R-1", "R-2"] == [one.report_no for one in await told(county.operator, SampleOverturned)]
    kept = await clocks(settings)
    assert all(kept[f"{kind}:L0142:{number}"].stopped for kind in ("SMP-09", "DSP-02") for number in ("R-1", "R-2"))


async def test_request_while_one_is_open(county: County) -> None:
    """The producer who asks while the operator's request is under way is told its number, not that it is barred."""
    await county.fails()
    await county.serve()
    await county.serve("producer")
    await county.request()
    await county.request(by="producer")
    assert [("officer.O001", "already_done", "data.sample_no")] == await county.refused()
    assert [] == await told(county.operator, ReinspectionRefused)


async def test_request_before_the_notice_is_refused(county: County) -> None:
    """A day before the notice was served cannot be, so that nobody chooses who is accredited on it."""
    await county.fails()
    await county.serve()
    await county.request(requested_on=date(2020, 1, 1))
    assert [("officer.O001", "wrong_dates", "data.requested_on")] == await county.refused()


async def test_withdrawal_ends_the_clocks_of_an_open_reinspection(county: County, settings: Settings) -> None:
    """Where nothing is left to be tested again, nobody is late."""
    await county.fails()
    await county.serve()
    await county.request()
    await county.say("lab.L0142", ResultWithdrawn(report_no="R-1", sample_no="S-1", why="Mixed up."))
    assert all(clock.stopped for name, clock in (await clocks(settings)).items() if name.startswith("REI-"))


async def test_both_laboratories_are_told_of_the_draw(county: County) -> None:
    """The drawn one is assigned the test, and the first one hears that it hands the reserve portion over."""
    await county.fails()
    await county.serve()
    await county.request()
    (accepted,) = await told(county.operator, ReinspectionAccepted)
    for laboratory in (accepted.laboratory, "L0142"):
        heard = [type(envelope.data) for envelope in await heard_by(county.server, f"lab-{laboratory}", "RECEIPTS")]
        assert ReinspectionAssigned in heard
