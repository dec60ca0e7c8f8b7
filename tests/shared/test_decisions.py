"""One line for each decision: what stands in it, and that it is written once, after the commit."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from nats.aio.client import Client

from services.alerts import store
from shared import logs
from shared.contracts import AlertRaised, SampleFailed
from shared.decisions import DecisionLog
from shared.heard import Decision, Heard, Work
from shared.identifiers import derived_id
from shared.logs import Form
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings
from tests import examples
from tests.county import collected, prepared
from tests.examples import alert_on, failed_sample, hostile_report, report
from tests.listening import is_idle
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until

NOWHERE: Any = None
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
FIELDS = ["time", "level", "service", "message", "event", "trace", "about", "region", "id", "cause"]


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The decisions on standard error since the last look."""
    entries = (json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{"))
    return [entry for entry in entries if "event" in entry]


async def test_each_decision_is_one_line_once_it_is_committed(
    server: NatsServer, settings: Settings, operator: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """An answer that is rolled back is not logged, its second try is, a repetition is not, and a dead letter is."""
    tries = 0

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        nonlocal tries
        for heard in failed:
            work.tell(heard, alert_on(heard.event))
            tries += 1
            if tries == 1 or heard.event.sample_no == "S-2":
                message = "not this time"
                raise RuntimeError(message)

    service = Service("alerts", "A toy.", store.tables, {SampleFailed: answer})
    sampling = await server.connect("sampling")
    app = make_app(service, settings.model_copy(update={"attempts": 2}), Metrics("alerts"))
    async with app.start_lifespan_context():
        for message_id in ("a", "b"):
            await publish(sampling, "sampling", failed_sample("1"), event_id="1", message_id=message_id, at=AT)
            await until(lambda: is_idle(operator, "alerts"))
        await publish(sampling, "sampling", failed_sample("2"), event_id="2")
        await until(lambda: is_idle(operator, "alerts"))
    await sampling.close()
    raised, dead = lines(capfd)
    (told,) = [one for one in await record(operator, "FOOD") if isinstance(one.data, AlertRaised)]
    assert FIELDS == list(raised)
    assert raised["time"].endswith("Z")
    del raised["time"]
    assert raised == {
        "level": "info",
        "service": "alerts",
        "message": told.data.sentence(),
        "event": "food.alert.raised.v1",
        "trace": "S-1",
        "about": "A-S-1",
        "region": "21.02.83",
        "id": told.id,
        "cause": "urn:shian:sampling 1",
    }
    assert (dead["level"], dead["event"], dead["trace"]) == ("error", "dead", "S-2")
    assert dead["id"] == derived_id("alerts", "urn:shian:sampling 2", "dead", "0")
    assert dead["subject"] == "food.sample.failed.v1.21.02.83"
    assert dead["message"] == (
        "A message cannot be answered and is kept as a dead letter (handler_failed): RuntimeError('not this time')"
    )


async def test_refusal_is_a_decision(
    server: NatsServer, settings: Settings, operator: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """A report that is not taken, and a message that is no event, are lines too; the sample is named where one was."""
    laboratory = await server.connect("lab-L0142")
    async with running_services(settings, "sampling"):
        await publish(laboratory, "lab.L0142", report("1"), event_id="1")
        await laboratory.jetstream().publish("lab.L0142.result.reported.v1.21.02.83", b"no event")
        await until(lambda: is_idle(operator, "sampling"))
        await until(lambda: is_quiet(operator))
    await laboratory.close()
    refused = [line for line in lines(capfd) if line["event"] == "receipt.result.rejected.v1"]
    assert ["urn:shian:lab:L0142 1", "PARTNERS 2"] == [line["cause"] for line in refused]
    assert "not_accredited" in refused[0]["message"]
    assert "not_json" in refused[1]["message"]


def test_level_above_info_leaves_decisions_out(capfd: pytest.CaptureFixture[str]) -> None:
    """At level warning no decision is written; at level info the text is one line, whatever somebody wrote into it."""
    work = Work("alerts", NOWHERE, NOWHERE)
    event = alert_on(failed_sample("1")).model_copy(update={"product": "fish\n2026 [info] forged\x1b[2J"})
    work.decisions = [Decision(event, "21.02.83", "id-1", "urn:shian:sampling 1")] * 2
    DecisionLog("alerts", Settings(logs="text", log_level="warning")).write(work)
    assert capfd.readouterr().err == ""
    DecisionLog("alerts", Settings(logs="text")).write(work)
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 2
    assert "fish\\n2026 [info] forged\\x1b[2J" in said[0]
    assert said[0].endswith(
        'event=food.alert.raised.v1 trace=S-1 about=A-S-1 region=21.02.83 id=id-1 cause="urn:shian:sampling 1"'
    )


@pytest.mark.parametrize("form", ["json", "text"])
async def test_what_a_laboratory_wrote_is_one_printable_line(
    server: NatsServer, settings: Settings, operator: Client, capfd: pytest.CaptureFixture[str], form: Form
) -> None:
    """A report that would name the terminal, end lines and turn the writing is a line a decision, in both forms."""
    logs.prepare("tests", form, "info")
    reported = hostile_report("1")
    await prepared(server)
    await collected(server, examples.form(reported))
    laboratory = await server.connect("lab-L0142")
    async with running_services(settings.model_copy(update={"logs": form}), "sampling"):
        await publish(laboratory, "lab.L0142", reported, event_id="1")
        await until(lambda: is_quiet(operator))
    await laboratory.close()
    said = capfd.readouterr().err
    assert said.count("\n") == len(said.splitlines())
    assert "" == "".join(one for one in said if not one.isprintable() and one != "\n")
    (line,) = [line for line in said.splitlines() if "food.sample.unclear.v1" in line]
    if form == "json":
        assert f"Sample S-1 ({reported.product}) unclear" in json.loads(line)["message"]
    else:
        assert r"\x1b]0;yours\x07\u2028\u2029\x85 ;forged\u202e" in line
