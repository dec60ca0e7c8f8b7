"""Traces of OpenTelemetry, taken by a collector that listens: one from a report to all that follows from it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from nats.aio.client import Client
from sqlalchemy import select

from services.alerts import store
from services.system import free_port
from shared.contracts import PolicyBound, ResultReported, SampleFailed, entry_of
from shared.database import Database
from shared.envelope import seal, source_of
from shared.failure import CannotStartError
from shared.heard import Heard, Work
from shared.metrics import Metrics
from shared.permissions import OPERATOR
from shared.record import read_record
from shared.service import Service, make_app
from shared.settings import Settings
from shared.tracing import Tracing, is_on
from tests.collecting import Collector, collecting
from tests.county import collected, prepared, today
from tests.examples import REGION, alert_on, failed_sample, form, malachite_green_in_carp
from tests.listening import is_idle
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.shared.test_decisions import lines
from tests.speaking import publish, until

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
POLICY = PolicyBound(policy_no="POL-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests comes in."""
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_SAMPLER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector, named to the services as an operator would."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        yield collector


async def reported(server: NatsServer, report: ResultReported, headers: dict[str, str]) -> None:
    """The laboratory reports, with headers of its own."""
    laboratory = await server.connect("lab-L0142")
    payload = seal(
        report,
        source=source_of("lab.L0142"),
        event_id=report.report_no,
        time=datetime.now(UTC),
        region=REGION,
    )
    subject = entry_of(ResultReported).subject(REGION, "L0142")
    await laboratory.jetstream().publish(subject, payload, headers={"Nats-Msg-Id": report.report_no, **headers})
    await laboratory.close()


async def failed_path(server: NatsServer, settings: Settings, operator: Client, headers: dict[str, str]) -> None:
    """A failed sample's way through all services, its report having these headers."""
    await prepared(server)
    report = malachite_green_in_carp("1", concluded_on=today())
    await collected(server, form(report, sampled_at=datetime.now(UTC)))
    insurer = await server.connect("insurer-I007")
    async with running_services(settings):
        await publish(insurer, "insurer.I007", POLICY, event_id="p1")
        await until(lambda: is_quiet(operator))
        await reported(server, report, headers)
        await until(lambda: is_quiet(operator))
    await insurer.close()


async def carried(operator: Client, *streams: str) -> dict[str, str]:
    """The traceparent of each event on these streams, by type; empty for one without."""
    found = {}
    for stream in streams:
        async for message in read_record(operator, stream, name=OPERATOR):
            found[json.loads(message.data)["type"]] = (message.headers or {}).get("traceparent", "")
    return found


async def test_one_trace_from_the_report_to_the_notice(
    server: NatsServer, settings: Settings, operator: Client, collector: Collector, capfd: pytest.CaptureFixture[str]
) -> None:
    """A laboratory's own trace goes on in every service; each event is the child of the one that it answers."""
    await failed_path(server, settings, operator, {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": "lims=7"})
    spans = collector.of(TRACE)
    failed = spans["food.sample.failed.v1 publish"]
    assert (failed.service, failed.parent, failed.sample) == ("sampling", SPAN, "S-1")
    assert failed.attributes["shian.region"] == REGION
    assert failed.attributes["messaging.destination.name"] == f"food.sample.failed.v1.{REGION}"
    answers = {span.name: span.service for span in spans.values() if span.parent == failed.span_id}
    assert answers == {
        "food.alert.raised.v1 publish": "alerts",
        "case.opened.v1 publish": "enforcement",
        "case.referred.v1 publish": "enforcement",
        "notice.insurer.notified.v1 publish": "insurance",
    }
    assert {"S-1"} == {span.sample for span in spans.values()}
    assert f"00-{TRACE}-{failed.span_id}-01" == (await carried(operator, "FOOD"))["food.sample.failed.v1"]
    batches = {span.span_id: span for span in collector.spans if span.name == "sampling process"}
    (batch,) = failed.links
    assert batches[batch].attributes["messaging.batch.message_count"] == "1"
    assert batches[batch].nanoseconds >= failed.nanoseconds > 0
    logged = {line["event"]: line.get("trace_id") for line in lines(capfd)}
    assert (TRACE, TRACE) == (logged["food.sample.failed.v1"], logged["case.referred.v1"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"traceparent": ""},
        {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736"},
        {"traceparent": f"ff-{TRACE}-{SPAN}-01"},
        {"traceparent": f"00-{'0' * 32}-{SPAN}-01"},
        {"traceparent": f"00-{TRACE.upper()}-{SPAN}-01", "tracestate": "=,=,\x7f"},
        {"traceparent": "x" * 5000, "tracestate": "y" * 5000, "baggage": "z" * 5000},
    ],
    ids=["none", "empty", "short", "version", "zeros", "letters", "long"],
)
async def test_trace_begins_with_a_report_without_a_context(
    server: NatsServer, settings: Settings, operator: Client, collector: Collector, headers: dict[str, str]
) -> None:
    """A report that names no trace, or one that cannot be, is answered all the same, and begins one of its own."""
    await prepared(server)
    report = malachite_green_in_carp("1")
    await collected(server, form(report))
    await reported(server, report, headers)
    async with running_services(settings, "sampling", "alerts"):
        await until(lambda: is_idle(operator, "sampling"))
        await until(lambda: is_idle(operator, "alerts"))
    (began,) = [span for span in collector.spans if span.name == "lab.result.reported.v1 process"]
    spans = collector.of(began.trace_id)
    assert ("sampling", "") == (began.service, began.parent)
    assert TRACE != began.trace_id
    assert began.span_id == spans["food.sample.failed.v1 publish"].parent
    raised = spans["food.alert.raised.v1 publish"]
    assert ("alerts", spans["food.sample.failed.v1 publish"].span_id) == (raised.service, raised.parent)


async def test_repetition_would_carry_the_same_trace(
    server: NatsServer, settings: Settings, operator: Client, collector: Collector
) -> None:
    """What is kept of an event for a repetition holds its place in the trace; what was rolled back leaves no span."""
    tries = 0

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        nonlocal tries
        tries += 1
        for heard in failed:
            work.tell(heard, alert_on(heard.event))
        if tries == 1 or failed[0].event.sample_no == "S-2":
            message = "not this time"
            raise RuntimeError(message)

    sampling = await server.connect("sampling")
    service = Service("alerts", "A toy.", store.tables, {SampleFailed: answer})
    app = make_app(service, settings.model_copy(update={"attempts": 2}), Metrics("alerts"))
    async with app.start_lifespan_context():
        for number in ("1", "2"):
            await publish(sampling, "sampling", failed_sample(number), event_id=number)
            await until(lambda: is_idle(operator, "alerts"))
    await sampling.close()
    database = Database(settings.database_of("alerts"))
    async with database.read() as connection:
        kept = [json.loads(row.headers)["traceparent"] for row in await connection.execute(select(store.tables.told))]
    await database.close()
    (raised,) = [span for span in collector.spans if span.name == "food.alert.raised.v1 publish"]
    (dead,) = [span for span in collector.spans if span.name == "dead publish"]
    assert {f"00-{span.trace_id}-{span.span_id}" for span in (raised, dead)} == {one[:-3] for one in kept}
    assert (await carried(operator, "FOOD"))["food.alert.raised.v1"] in kept
    assert dead.attributes["shian.reason"] == "handler_failed"
    faulty = [span.attributes["error.type"] for span in collector.spans if span.is_error]
    assert faulty == ["RuntimeError"] * 3


async def test_partner_decides_on_no_trace_where_the_sampler_does(
    server: NatsServer, settings: Settings, operator: Client, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the standard sampler turned off nothing is sent, and the context is carried on as not sampled."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    await failed_path(server, settings, operator, {"traceparent": f"00-{TRACE}-{SPAN}-01"})
    assert collector.spans == []
    parent = (await carried(operator, "FOOD"))["food.sample.failed.v1"]
    assert (parent[:36], parent[-2:]) == (f"00-{TRACE}-", "00")


async def test_traces_are_off_without_a_collector(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Without a setting no event carries a context, also where the report had one."""
    await failed_path(server, settings, operator, {"traceparent": f"00-{TRACE}-{SPAN}-01"})
    events = await carried(operator, "FOOD", "CASES", "NOTICES")
    assert "case.referred.v1" in events
    assert {""} == set(events.values())


def test_nothing_of_the_library_is_loaded_without_a_collector() -> None:
    """A service without a collector pays nothing for traces, not even the reading of the library."""
    look = (
        "import sys\nfrom services.sampling import app\nfrom shared.tracing import Tracing\n"
        "tracing = Tracing('sampling')\ntracing.start()\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.trace'))])"
    )
    assert b"[]\n" == subprocess.run([sys.executable, "-c", look], check=True, stdout=subprocess.PIPE).stdout


@pytest.mark.parametrize("off", [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}])
def test_standard_variables_turn_traces_off(monkeypatch: pytest.MonkeyPatch, off: dict[str, str]) -> None:
    """A named collector turns them on, and the standard's own switches off again."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4318/v1/traces")
    assert is_on()
    for name, value in off.items():
        monkeypatch.setenv(name, value)
    assert not is_on()


def test_setting_that_the_library_refuses_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad variable of the standard is a sentence at the start, as one of our own would be."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "-1")
    with pytest.raises(CannotStartError, match=r"OpenTelemetry refuses its settings .*max_queue_size.*OTEL_"):
        Tracing("sampling").start()


async def test_collector_that_is_away_keeps_nobody(
    server: NatsServer, settings: Settings, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody takes the spans, events are answered, and a service stops within a few seconds."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    sampling = await server.connect("sampling")
    service = Service("alerts", "A toy.", store.tables, {SampleFailed: _answer})
    async with make_app(service, settings, Metrics("alerts")).start_lifespan_context():
        await publish(sampling, "sampling", failed_sample("1"), event_id="1")
        await until(lambda: is_idle(operator, "alerts"))
        stopping = time.monotonic()
    assert timedelta(seconds=time.monotonic() - stopping) < timedelta(seconds=4)
    assert (await carried(operator, "FOOD"))["food.alert.raised.v1"]
    await sampling.close()


async def _answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
    for heard in failed:
        work.tell(heard, alert_on(heard.event))
