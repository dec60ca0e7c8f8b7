"""A sample's way from sampler to laboratory: handed over, received or refused, each with its clocks and receipts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import CustodyRecorded, ReplacementRequired, SampleHandedOver, SampleReceived, SampleRefused
from shared.settings import Settings
from tests.county import collected, prepared, say
from tests.examples import REGION, form, report
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.kept import clocks
from tests.services.sampling.told import acceptances, refusals, rejections, told, verdicts
from tests.speaking import publish, until

TAKEN = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)
TOMORROW = TAKEN + timedelta(days=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """No clock falls due by itself."""
    return settings.model_copy(update={"clock_poll": timedelta(hours=1)})


def handed_over(**changes: Any) -> SampleHandedOver:
    """S-1 goes to the laboratory."""
    facts = {"sample_no": "S-1", "handed_at": TOMORROW, "to": "lab.L0142", "seal_no": "F-S-1", "seal_intact": True}
    return SampleHandedOver(**(facts | changes))


def received(**changes: Any) -> SampleReceived:
    """A laboratory takes S-1."""
    return SampleReceived(**({"sample_no": "S-1", "received_at": TOMORROW, "seal_no": "F-S-1"} | changes))


def refused(**changes: Any) -> SampleRefused:
    """A laboratory does not take S-1."""
    facts = {"sample_no": "S-1", "refused_at": TOMORROW, "ground": "seal_broken", "why": "The seal was torn."}
    return SampleRefused(**(facts | changes))


async def test_way_to_the_laboratory(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Each step is told with seal and holder; the receipt ends the delivery's clock and starts the report's."""
    await collected(server, form(report("1")))
    await say(server, "sampler.S01", handed_over(temperature="3.5"))
    await say(server, "lab.L0142", received(temperature="4"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    steps = [(one.step, one.by, one.to, one.seal_no) for one in await told(operator, CustodyRecorded)]
    assert [
        ("handed_over", "sampler.S01", "lab.L0142", "F-S-1"),
        ("received", "lab.L0142", "lab.L0142", "F-S-1"),
    ] == steps
    kept = await clocks(settings)
    assert kept["SMP-01:S-1"].stopped == TOMORROW
    assert (kept["SMP-02:S-1"].started, kept["SMP-02:S-1"].stopped) == (TOMORROW, None)
    assert kept["SMP-02:S-1"].due == datetime(2026, 3, 24, 16, tzinfo=UTC)
    assert [("S-1", []), ("S-1", []), ("S-1", [])] == await acceptances(operator)


async def test_report_ends_the_period_for_testing(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The laboratory's report stops SMP-02, whatever its verdict; an agreed period takes the place of the usual."""
    await prepared(server, report("1"))
    await say(server, "lab.L0142", received(agreed_days=3))
    await say(server, "lab.L0142", report("1"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    clock = (await clocks(settings))["SMP-02:S-1"]
    assert clock.due == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert clock.stopped > clock.due
    assert clock.next == "missed"


async def test_seals_that_differ_warn(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Another seal than the form's, and a broken one, are kept with a warning."""
    await collected(server, form(report("1")))
    await say(server, "sampler.S01", handed_over(seal_no="X", seal_intact=False))
    await say(server, "lab.L0142", received(seal_no="X"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("S-1", []), ("S-1", ["seal_differs", "seal_broken"]), ("S-1", ["seal_differs"])] == await acceptances(
        operator
    )


async def test_steps_that_cannot_be_are_declined(server: NatsServer, settings: Settings, operator: Client) -> None:
    """An unknown sample, a time before it was taken, a second receipt and a refusal by a third are declined."""
    await collected(server, form(report("1")))
    await say(server, "sampler.S01", handed_over(sample_no="S-9"))
    laboratories = {name: await server.connect(f"lab-{name}") for name in ("L0142", "L0200")}
    for number, (name, step) in enumerate(
        (
            ("L0142", received(received_at=TAKEN - timedelta(minutes=1))),
            ("L0142", received()),
            ("L0142", received(note="again")),
            ("L0200", received()),
            ("L0200", refused()),
        )
    ):
        await publish(laboratories[name], f"lab.{name}", step, event_id=str(number))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    for client in laboratories.values():
        await client.close()
    assert sorted(await refusals(operator)) == [
        ("lab.L0142", "already_done", "data.sample_no"),
        ("lab.L0142", "wrong_dates", "data.received_at"),
        ("lab.L0200", "not_yours", "data.sample_no"),
        ("lab.L0200", "not_yours", "data.sample_no"),
        ("sampler.S01", "unknown_sample", "data.sample_no"),
    ]


async def test_refused_sample_is_not_tested(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A refusal in writing ends the clocks; a report on the sample, and a further step of it, are refused."""
    await prepared(server, report("1"))
    await say(server, "lab.L0142", refused(), report("1"))
    await say(server, "sampler.S01", handed_over())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (step,) = await told(operator, CustodyRecorded)
    assert ("refused", "seal_broken: The seal was torn.") == (step.step, step.text)
    assert (await clocks(settings))["SMP-01:S-1"].stopped == TOMORROW
    (replacement,) = await told(operator, ReplacementRequired)
    assert ("S-1", "seal_broken", "大米") == (replacement.sample_no, replacement.ground.value, replacement.product)
    assert [("R-1", "differs_from_form", "data.sample_no")] == await rejections(operator)
    assert [("sampler.S01", "wrong_state", "data.sample_no")] == await refusals(operator)


async def test_only_the_laboratory_that_has_the_sample_reports(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A report from a laboratory that did not receive the sample is refused with who has it."""
    await prepared(server, report("1"))
    await say(server, "lab.L0200", received())
    await say(server, "lab.L0142", report("1"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("R-1", "differs_from_form", "data.sample_no")] == await rejections(operator)


async def test_sample_meant_for_another_is_neither_taken_nor_refused(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A laboratory that mistypes a number does not take a sample away from the one that the form names."""
    await prepared(server)
    await collected(server, form(report("1"), laboratory="L0142"))
    await say(server, "lab.L0200", received())
    await say(server, "lab.L0200", refused())
    await say(server, "lab.L0142", report("1"))
    await say(server, "lab.L0142", refused())
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("lab.L0200", "not_yours", "data.sample_no"),
        ("lab.L0200", "not_yours", "data.sample_no"),
        ("lab.L0142", "wrong_state", "data.sample_no"),
    ] == await refusals(operator)
    assert [("R-1", "pass")] == await verdicts(operator)


async def test_clocks_end_in_whatever_order_things_are_told(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A report before its form, or before the receipt of the sample, leaves neither delivery nor testing running."""
    await prepared(server)
    await say(server, "lab.L0142", report("1"))
    await collected(server, form(report("1")), form(report("2")))
    await say(server, "lab.L0142", report("2"), received(sample_no="S-2", seal_no="F-S-2"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    kept = await clocks(settings)
    assert {"SMP-01:S-1", "SMP-01:S-2", "SMP-02:S-2"} == set(kept)
    assert all(clock.stopped for clock in kept.values())


async def test_testing_clock_belongs_to_the_samples_county(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Whatever region a laboratory publishes for, the clock is the sample's own county's."""
    await collected(server, form(report("1")))
    client = await server.connect("lab-L0142")
    await publish(client, "lab.L0142", received(), event_id="e1", region="11.01.01")
    await client.close()
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert (await clocks(settings))["SMP-02:S-1"].region == REGION
