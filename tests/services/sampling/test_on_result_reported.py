"""What sampling answers to reports: an outcome for each, one receipt per laboratory and batch, a clock for failures."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import (
    Receipt,
    ResultsAccepted,
    SampleFailed,
    SamplePassed,
    SampleUnclear,
    Verdict,
)
from shared.envelope import source_of
from shared.settings import Settings
from shared.workdays import CHINA, end_of_period
from tests.county import collected, prepared, today
from tests.examples import REGION, form, malachite_green_in_carp, procymidone_in_leek, report, without_values
from tests.hindering import locked
from tests.listening import handed_out, heard_by, is_idle
from tests.pages import counted
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.speaking import publish, record, until


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


@pytest.fixture
async def laboratory(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection of laboratory L0142."""
    del operator
    await prepared(server)
    client = await server.connect("lab-L0142")
    yield client
    await client.close()


async def test_one_receipt_covers_a_laboratorys_batch(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """Reports of two laboratories in one batch make one receipt for each, with every report's verdict in order."""
    other = await server.connect("lab-L0200")
    forms = report("0"), report("1"), procymidone_in_leek("11"), malachite_green_in_carp("2"), report("22")
    await prepared(server, *forms, without_values("3"), laboratories=())
    # a clock that falls due would be a batch of its own
    app = build(settings.model_copy(update={"clock_poll": timedelta(hours=1)}))
    async with app.start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        before = await counted(app, "shian_batch_messages_count", consumer="sampling")
        async with locked(settings.database_of("sampling")):
            await publish(laboratory, "lab.L0142", report("0"), event_id="e0")
            await until(lambda: handed_out(operator, 1))
            await publish(laboratory, "lab.L0142", report("1"), event_id="e1")
            await publish(other, "lab.L0200", procymidone_in_leek("11"), event_id="e1")
            await publish(laboratory, "lab.L0142", malachite_green_in_carp("2"), event_id="e2")
            await publish(other, "lab.L0200", report("22"), event_id="e2")
            await publish(laboratory, "lab.L0142", without_values("3"), event_id="e3")
            await until(lambda: handed_out(operator, 6))
        await until(lambda: is_idle(operator, "sampling"))
        assert before + 2 == await counted(app, "shian_batch_messages_count", consumer="sampling")
        for event, count in ((SamplePassed, 3), (SampleFailed, 2), (SampleUnclear, 1)):
            assert count == await counted(app, "shian_told_total", event=event.TYPE)
    await other.close()

    def receipt(number: str, verdict: str) -> Receipt:
        return Receipt(event_id=f"e{number[0]}", report_no=f"R-{number}", sample_no=f"S-{number}", verdict=verdict)

    three = (receipt("1", "pass"), receipt("2", "fail"), receipt("3", "unclear"))
    assert [envelope.data for envelope in await heard_by(server, "lab-L0142", "RECEIPTS")] == [
        ResultsAccepted(laboratory="L0142", receipts=(receipt("0", "pass"),)),
        ResultsAccepted(laboratory="L0142", receipts=three),
    ]
    assert [envelope.data for envelope in await heard_by(server, "lab-L0200", "RECEIPTS")] == [
        ResultsAccepted(laboratory="L0200", receipts=(receipt("11", "fail"), receipt("22", "pass"))),
    ]


async def test_outcome_says_what_the_report_said(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A failed sample carries the report's facts, who reported them, why it failed, and the event that it answers."""
    reported = malachite_green_in_carp(
        "1",
        subcategory="鱼",
        production_date=date(2026, 2, 20),
        concluded_on=date(2026, 3, 2),
        producer_region="33.01.06",
    )
    await prepared(server, reported, laboratories=())
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", reported, event_id="e1")
        await until(lambda: is_idle(operator, "sampling"))
    (told,) = [envelope for envelope in await record(operator, "FOOD") if isinstance(envelope.data, SampleFailed)]
    failed = told.data
    assert isinstance(failed, SampleFailed)
    (finding,) = failed.findings
    assert failed == SampleFailed(
        laboratory="L0142",
        findings=(finding,),
        place_kind="wet_market",
        track="market",
        reserve_until=date(2026, 9, 2),
        **reported.model_dump(exclude={"determinations", "conclusion"}),
    )
    assert (finding.analyte, finding.result, finding.limit) == ("孔雀石绿", "4.10μg/kg", "不得检出")
    assert (finding.verdict, finding.reason) == (Verdict.FAIL, "detected")
    assert (told.source, told.subject, told.trace) == ("urn:shian:sampling", "S-1", "S-1")
    assert (told.cause, told.region) == (f"{source_of('lab.L0142')} e1", REGION)
    assert (told.type, told.dataschema) == (SampleFailed.TYPE, f"urn:shian:schema:{SampleFailed.TYPE}")
    assert (
        await operator.jetstream().get_last_msg("FOOD", f"{SampleFailed.TYPE}.>")
    ).subject == f"{SampleFailed.TYPE}.{REGION}"


async def test_each_verdict_has_its_event(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A report is told as passed, failed or unclear, in the order in which the reports came."""
    reports = [without_values("1"), report("2"), procymidone_in_leek("3")]
    await prepared(server, *reports, laboratories=())
    async with build(settings).start_lifespan_context():
        for number, one in enumerate(reports):
            await publish(laboratory, "lab.L0142", one, event_id=str(number))
        await until(lambda: is_idle(operator, "sampling"))
    outcomes = [(type(envelope.data), envelope.subject) for envelope in await record(operator, "FOOD")]
    judged = [outcome for outcome in outcomes if outcome[0] in (SamplePassed, SampleFailed, SampleUnclear)]
    assert judged == [(SampleUnclear, "S-1"), (SamplePassed, "S-2"), (SampleFailed, "S-3")]


async def test_conclusion_is_the_day_of_telling_where_none_is_named(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A report without a day of conclusion counts as concluded on the day, in China, on which it was told."""
    told_on = today()
    await prepared(server, report("1"), laboratories=())
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", report("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
    (passed,) = [
        envelope.data for envelope in await record(operator, "FOOD") if isinstance(envelope.data, SamplePassed)
    ]
    assert passed.concluded_on in (told_on, today())


PERIODS = {
    "within a week": (date(2026, 3, 2), datetime(2026, 3, 5, tzinfo=CHINA)),
    "over a weekend": (date(2026, 3, 5), datetime(2026, 3, 10, tzinfo=CHINA)),
    "over a holiday with a swapped Saturday": (date(2026, 2, 13), datetime(2026, 2, 25, tzinfo=CHINA)),
    "over the national holiday": (date(2025, 9, 30), datetime(2025, 10, 11, tzinfo=CHINA)),
    "from within a holiday": (date(2026, 2, 17), datetime(2026, 2, 26, tzinfo=CHINA)),
}


KINDS = (("F", procymidone_in_leek), ("P", report), ("U", without_values))


async def test_clock_runs_for_failed_samples_alone(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """Only a failed sample starts SMP-04, which ends with the second working day in China after the conclusion."""
    quiet = settings.model_copy(update={"clock_poll": timedelta(hours=1)})
    made = [make(f"{verdict}{n}") for n in range(len(PERIODS)) for verdict, make in KINDS]
    await collected(server, *(form(one, sampled_at=datetime(2025, 9, 1, tzinfo=UTC)) for one in made))
    async with build(quiet).start_lifespan_context():
        for n, (concluded, _) in enumerate(PERIODS.values()):
            for verdict, make in KINDS:
                reported = make(f"{verdict}{n}", concluded_on=concluded)
                await publish(laboratory, "lab.L0142", reported, event_id=reported.report_no)
        await until(lambda: is_idle(operator, "sampling"))
    kept = {name: clock for name, clock in (await clocks(settings)).items() if name.startswith("SMP-04:")}
    assert {f"SMP-04:L0142:R-F{n}" for n in range(len(PERIODS))} == set(kept)
    for n, (concluded, due) in enumerate(PERIODS.values()):
        clock = kept[f"SMP-04:L0142:R-F{n}"]
        assert (clock.started, clock.due) == (datetime.combine(concluded, datetime.min.time(), CHINA), due)
        assert (clock.revision, clock.trace, clock.region) == (1, f"S-F{n}", REGION)
        late = clock.stopped > due
        assert (clock.next, clock.next_at) == (("missed", due) if late else (None, None))


async def test_clock_runs_from_arrival_where_no_conclusion_is_named(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A failed report without a day of conclusion starts its clock on the day on which it came in, and stops it."""
    before = today()
    await prepared(server, procymidone_in_leek("1"), laboratories=())
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", procymidone_in_leek("1"), event_id="1")
        await until(lambda: is_idle(operator, "sampling"))
    clock = (await clocks(settings))["SMP-04:L0142:R-1"]
    assert clock.due in (end_of_period(before, 2), end_of_period(today(), 2))
    assert clock.stopped < clock.due
    assert (clock.next, clock.next_at) == (None, None)
