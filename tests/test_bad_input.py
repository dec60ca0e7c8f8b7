"""Whatever a partner sends, it gets an answer that says what is wrong, and nobody else's report is held up."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import MaxPayloadError
from nats.js.api import PubAck
from nats.js.errors import APIError

from services.insurance.app import build as build_insurance
from services.sampling.app import build
from shared.contracts import (
    Event,
    PolicyBound,
    PolicyRejected,
    RejectionReason,
    ResultRejected,
    ResultsAccepted,
    SamplePassed,
)
from shared.envelope import Envelope, seal, source_of
from shared.settings import Settings
from tests.county import prepared, today
from tests.examples import REGION, report
from tests.hindering import locked
from tests.listening import handed_out, heard_by, is_idle
from tests.pages import counted
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until

REPORTED = f"lab.L0142.result.reported.v1.{REGION}"
LARGEST = 256 * 1024
R = RejectionReason
CHANGED = (
    "Report R-1 was reported before with other content; give a further report a number of its own, and send it as a "
    "correction where it takes the place of the first."
)
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


@pytest.fixture
async def laboratory(server: NatsServer, operator: Client) -> AsyncIterator[Client]:
    """The connection of laboratory L0142, and the forms of what it reports on."""
    del operator
    await prepared(server, *(report(number) for number in ("1", "2", "3", "opening", "before", "between", "after")))
    client = await server.connect("lab-L0142")
    yield client
    await client.close()


@dataclass(frozen=True, slots=True)
class Bad:
    """A message that must be refused, and what its sender is told."""

    payload: bytes
    reason: RejectionReason
    where: str
    explanation: str
    subject: str = REPORTED
    number: str = ""
    """Its event's id, where it can still be read."""
    is_event: bool = False
    """Whether it keeps the contract, so that its id stands."""

    def cause(self, sequence: int) -> str:
        """What the receipt must name as its cause."""
        return f"{source_of('lab.L0142')} {self.number}" if self.is_event else f"PARTNERS {sequence}"

    def receipt(self) -> ResultRejected:
        """The receipt that the laboratory must get."""
        return ResultRejected(
            laboratory="L0142",
            reason=self.reason,
            where=self.where,
            explanation=self.explanation,
            event_id=self.number,
            report_no=f"R-{self.number}" if self.number else "",
            sample_no=f"S-{self.number}" if self.number else "",
        )


def document(number: str, **changes: Any) -> dict[str, Any]:
    """A good report's document, with some of its data changed."""
    sealed = seal(report(number), source=source_of("lab.L0142"), event_id=number, time=datetime.now(UTC), region=REGION)
    made: dict[str, Any] = json.loads(sealed)
    return made | {"data": made["data"] | changes}


def without(number: str, field: str) -> dict[str, Any]:
    """A good report's document that lacks a field."""
    made = document(number)
    del made["data"][field]
    return made


def determination(**changes: str) -> dict[str, str]:
    """A good determination, with some of it changed."""
    return {"analyte": "镉(以Cd计)", "result": "0.12mg/kg", "limit": "≤0.2mg/kg"} | changes


def unreadable() -> list[Bad]:
    """Messages in which nothing can be read."""
    not_json = "The message is not JSON: Invalid JSON: {} Send one CloudEvents document."
    return [
        Bad(b"", R.NOT_JSON, "message", not_json.format("EOF while parsing a value at line 1 column 0.")),
        Bad(b"report 7", R.NOT_JSON, "message", not_json.format("expected value at line 1 column 1.")),
        Bad(
            b'{"id": "\xff\xfe"}',
            R.NOT_JSON,
            "message",
            not_json.format("invalid unicode code point at line 1 column 9."),
        ),
        Bad(
            b'{"a":' * 50_000, R.NOT_JSON, "message", not_json.format("recursion limit exceeded at line 1 column 1006.")
        ),
        Bad(b"[1]", R.WRONG_SCHEMA, "message", "message: Input should be an object."),
    ]


def off_schema() -> list[Bad]:
    """Documents that are not as the contract says."""

    def bad(made: dict[str, Any], where: str, fault: str) -> Bad:
        return Bad(json.dumps(made).encode(), R.WRONG_SCHEMA, where, f"{where}: {fault}.", number=made["id"])

    return [
        bad(without("missing-field", "product"), "data.product", "Field required"),
        bad(document("extra-field", colour="red"), "data.colour", "Extra inputs are not permitted"),
        bad(document("wrong-type", product=7), "data.product", "Input should be a valid string"),
        bad(
            document("many", determinations=[determination()] * 201),
            "data.determinations",
            "Tuple should have at most 200 items after validation, not 201",
        ),
        bad(
            document("none", determinations=[]),
            "data.determinations",
            "Tuple should have at least 1 item after validation, not 0",
        ),
        bad(
            document("long", determinations=[determination(), determination(result="1" * 2001)]),
            "data.determinations.1.result",
            "String should have at most 2000 characters",
        ),
    ]


def out_of_place() -> list[Bad]:
    """Documents that do not agree with the subject that the server let them have."""

    def bad(made: dict[str, Any], reason: RejectionReason, where: str, text: str, subject: str = REPORTED) -> Bad:
        return Bad(json.dumps(made).encode(), reason, where, text, subject, made["id"])

    elsewhere, nowhere = f"lab.L0142.something.else.v1.{REGION}", "lab.L0142.something.else"
    unknown = "No event of the exchange has the subject {}; see the reference of events."
    return [
        bad(document("elsewhere"), R.UNKNOWN_TYPE, "subject", unknown.format(elsewhere), elsewhere),
        bad(document("nowhere"), R.UNKNOWN_TYPE, "subject", unknown.format(nowhere), nowhere),
        bad(
            document("type") | {"type": "lab.result.reported.v2"},
            R.UNKNOWN_TYPE,
            "type",
            "The document says type lab.result.reported.v2, its subject says lab.result.reported.v1; make them agree.",
        ),
        bad(
            document("source") | {"source": "urn:shian:lab:L0200"},
            R.SPEAKS_FOR_ANOTHER,
            "source",
            "The document's source is urn:shian:lab:L0200; lab.L0142 may only speak as urn:shian:lab:L0142.",
        ),
        bad(
            document("region") | {"region": "21.02.02"},
            R.WRONG_REGION,
            "region",
            f"The document says region 21.02.02, its subject says {REGION}; make them agree.",
        ),
    ]


def untrue(today: date) -> list[Bad]:
    """Reports that keep the contract and say what cannot be."""

    def bad(made: dict[str, Any], reason: RejectionReason, where: str, text: str) -> Bad:
        return Bad(json.dumps(made).encode(), reason, where, text, number=made["id"], is_event=True)

    return [
        bad(
            document("future", production_date="2099-01-01"),
            R.FUTURE_DATE,
            "data.production_date",
            f"2099-01-01 is after {today}, the day on which the report came in; correct the date.",
        ),
        bad(
            document("order", production_date="2026-03-02", concluded_on="2026-03-01"),
            R.DATES_OUT_OF_ORDER,
            "data.concluded_on",
            "The conclusion of 2026-03-01 is before the production on 2026-03-02; correct one of the dates.",
        ),
        bad(
            document("negative", determinations=[determination(result="-0.1mg/kg")]),
            R.NEGATIVE_RESULT,
            "data.determinations.0.result",
            "-0.1 mg/kg is below zero; report what was not found as not detected (未检出) with its LOD.",
        ),
        bad(
            document("lod", determinations=[determination(), determination(lod="0.1mg/kg", loq="10μg/kg")]),
            R.LOD_ABOVE_LOQ,
            "data.determinations.1.lod",
            "The limit of detection 0.1mg/kg is above the limit of quantification 10μg/kg. Correct one of the two.",
        ),
    ]


async def send(client: Client, payload: bytes, subject: str = REPORTED, message_id: str | None = None) -> PubAck:
    """Publish bytes as they are."""
    headers = {"Nats-Msg-Id": message_id} if message_id else None
    return await client.jetstream().publish(subject, payload, headers=headers)


async def say(client: Client, number: str, event_id: str | None = None, **changes: Any) -> None:
    """Report well as laboratory L0142."""
    await publish(client, "lab.L0142", report(number, **changes), event_id=event_id or number)


async def receipts(server: NatsServer, user: str = "lab-L0142") -> list[Envelope[Event]]:
    """The receipts that wait for a partner."""
    return await heard_by(server, user, "RECEIPTS")


def rejections(envelopes: list[Envelope[Event]]) -> list[tuple[RejectionReason, str, str]]:
    """Reason, event id and place of each refusal among the receipts."""
    return [(e.data.reason, e.data.event_id, e.data.where) for e in envelopes if isinstance(e.data, ResultRejected)]


def acceptances(envelopes: list[Envelope[Event]]) -> list[tuple[str, str]]:
    """Report number and verdict of each acceptance among the receipts."""
    return [
        (receipt.report_no, receipt.verdict)
        for envelope in envelopes
        if isinstance(envelope.data, ResultsAccepted)
        for receipt in envelope.data.receipts
    ]


async def passed(operator: Client) -> list[str]:
    """The samples that passed, in order, repetitions included."""
    return [e.data.sample_no for e in await record(operator, "FOOD") if isinstance(e.data, SamplePassed)]


async def dead_letters(operator: Client) -> int:
    """How many dead letters there are."""
    return (await operator.jetstream().stream_info("DEAD")).state.messages


async def wire(client: Client, subject: bytes, headers: bytes, payload: bytes) -> None:
    """Publish as a program would that keeps to no client library."""
    size, total = len(headers), len(headers) + len(payload)
    assert client._transport is not None  # noqa: SLF001 - past what the library checks
    client._transport.write(b"HPUB %s %d %d\r\n%s%s\r\n" % (subject, size, total, headers, payload))  # noqa: SLF001
    await client.flush()


async def test_each_bad_message_has_its_answer_and_good_ones_are_judged(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """Bad messages of every kind among good reports, in one batch: each is answered for itself, none comes back."""
    # a clock that falls due would be a batch of its own
    app = build(settings.model_copy(update={"clock_poll": timedelta(hours=1)}))
    bad = [*unreadable(), *off_schema(), *out_of_place(), *untrue(today())]
    expected: dict[str, ResultRejected] = {}
    async with app.start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        batches = await counted(app, "shian_batch_messages_count", consumer="sampling")
        async with locked(settings.database_of("sampling")):
            await say(laboratory, "opening")
            await until(lambda: handed_out(operator, 1))
            await say(laboratory, "before")
            for position, one in enumerate(bad):
                stored = await send(laboratory, one.payload, one.subject)
                expected[one.cause(stored.seq)] = one.receipt()
                if position == len(bad) // 2:
                    await say(laboratory, "between")
            await say(laboratory, "after")
            await until(lambda: handed_out(operator, len(bad) + 4))
        await until(lambda: is_idle(operator, "sampling"))
        assert batches + 2 == await counted(app, "shian_batch_messages_count", consumer="sampling")
        for reason, count in Counter(one.reason for one in bad).items():
            assert count == await counted(app, "shian_refused_total", consumer="sampling", reason=reason.value)
        assert 4 == await counted(app, "shian_told_total", event="food.sample.passed.v1")
    told = await receipts(server)
    assert expected == {envelope.cause: envelope.data for envelope in told if isinstance(envelope.data, ResultRejected)}
    assert acceptances(told) == [(f"R-{n}", "pass") for n in ("opening", "before", "between", "after")]
    assert await passed(operator) == ["S-opening", "S-before", "S-between", "S-after"]
    assert 0 == (await operator.jetstream().consumer_info("PARTNERS", "sampling")).num_redelivered
    assert 0 == await dead_letters(operator)


async def test_repeated_report_is_refused_and_not_judged_again(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """The same report under a new event id, in one batch and in a later one, is answered as repeated."""
    await say(laboratory, "1", "a")
    await say(laboratory, "1", "b")
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await say(laboratory, "1", "c")
        await until(lambda: is_idle(operator, "sampling"))
    told = await receipts(server)
    assert acceptances(told) == [("R-1", "pass")]
    assert rejections(told) == [(R.REPEATED, "b", "data.report_no"), (R.REPEATED, "c", "data.report_no")]
    assert {e.data.explanation for e in told if isinstance(e.data, ResultRejected)} == {
        "Report R-1 was reported before with the same content; nothing needs to be done."
    }
    assert await passed(operator) == ["S-1"]


async def test_changed_report_is_refused(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """The same report number with other content, in one batch and in a later one, changes nothing."""
    await say(laboratory, "1", "a")
    await say(laboratory, "1", "b", product="小米")
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await say(laboratory, "1", "c", sample_no="S-2")
        await until(lambda: is_idle(operator, "sampling"))
    told = await receipts(server)
    assert acceptances(told) == [("R-1", "pass")]
    assert rejections(told) == [(R.CHANGED, "b", "data.report_no"), (R.CHANGED, "c", "data.report_no")]
    assert {e.data.explanation for e in told if isinstance(e.data, ResultRejected)} == {CHANGED}
    assert await passed(operator) == ["S-1"]


async def test_event_sent_again_is_absorbed(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """The same bytes again: the bus says duplicate to the same message id, and the service absorbs another one."""
    payload = json.dumps(document("1")).encode()
    app = build(settings)
    async with app.start_lifespan_context():
        first = await send(laboratory, payload, message_id="m1")
        again = await send(laboratory, payload, message_id="m1")
        other = await send(laboratory, payload, message_id="m2")
        await until(lambda: is_idle(operator, "sampling"))
        late = await send(laboratory, payload, message_id="m3")
        await until(lambda: is_idle(operator, "sampling"))
        assert 2 == await counted(app, "shian_repeated_total", consumer="sampling")
    assert [first.duplicate, again.duplicate, other.duplicate, late.duplicate] == [None, True, None, None]
    assert acceptances(await receipts(server)) == [("R-1", "pass")]
    assert await passed(operator) == ["S-1"]


async def test_event_id_used_for_other_content_is_refused(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """An event that has an earlier one's id and says something else, in one batch and later, is refused aloud."""
    await send(laboratory, json.dumps(document("1")).encode())
    await send(laboratory, json.dumps(document("2") | {"id": "1"}).encode())
    app = build(settings)
    async with app.start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
        await send(laboratory, json.dumps(document("3") | {"id": "1"}).encode())
        await until(lambda: is_idle(operator, "sampling"))
        assert 2 == await counted(app, "shian_refused_total", reason="event_id_reused")
    told = await receipts(server)
    assert acceptances(told) == [("R-1", "pass")]
    assert [e.data for e in told if isinstance(e.data, ResultRejected)] == [
        ResultRejected(
            laboratory="L0142",
            reason=R.EVENT_ID_REUSED,
            where="id",
            explanation="Event id 1 was used before for another content; give every event an id of its own.",
            event_id="1",
            report_no=f"R-{number}",
            sample_no=f"S-{number}",
        )
        for number in ("2", "3")
    ]
    assert await passed(operator) == ["S-1"]


async def test_refused_report_can_be_corrected(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A report that was refused leaves its number free: corrected under a new event id, it is judged."""
    async with build(settings).start_lifespan_context():
        await send(laboratory, b"not JSON")
        await say(laboratory, "1", "a", production_date=date(2099, 1, 1))
        await say(laboratory, "1", "b")
        await until(lambda: is_idle(operator, "sampling"))
    told = await receipts(server)
    assert rejections(told) == [(R.NOT_JSON, "", "message"), (R.FUTURE_DATE, "a", "data.production_date")]
    assert acceptances(told) == [("R-1", "pass")]


async def test_message_too_large_is_refused_to_its_sender(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """The bus refuses more than 256 KiB, the client what no bus would take; nothing is stored, the sender goes on."""
    stored = (await operator.jetstream().stream_info("PARTNERS")).state.messages
    async with build(settings).start_lifespan_context():
        with pytest.raises(APIError, match="message size exceeds maximum allowed") as refused:
            await send(laboratory, json.dumps(document("large", product="x" * LARGEST)).encode())
        with pytest.raises(MaxPayloadError):
            await send(laboratory, json.dumps(document("huge", product="x" * 1024 * 1024)).encode())
        assert 10054 == refused.value.err_code
        assert stored == (await operator.jetstream().stream_info("PARTNERS")).state.messages
        await say(laboratory, "1")
        await until(lambda: is_idle(operator, "sampling"))
    assert [envelope.data.about for envelope in await receipts(server)] == ["R-1"]


async def test_largest_report_is_answered(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """A report as large as the bus takes, of text that nobody can read, is judged, and its outcome finds its way."""
    made = document("1", determinations=[determination(result="x" * 600, limit="y" * 600)] * 200)
    payload = json.dumps(made, ensure_ascii=False).encode()
    assert 0.95 * LARGEST < len(payload) < LARGEST
    async with build(settings).start_lifespan_context():
        await send(laboratory, payload)
        await until(lambda: is_idle(operator, "sampling"))
    assert acceptances(await receipts(server)) == [("R-1", "unclear")]
    assert 0 == await dead_letters(operator)


async def test_laboratories_may_use_the_same_numbers(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client
) -> None:
    """Two laboratories with the same event id and the same report number are both answered, each on its own durable."""
    other = await server.connect("lab-L0200")
    async with build(settings).start_lifespan_context():
        await publish(laboratory, "lab.L0142", report("1"), event_id="1", message_id="a")
        await publish(other, "lab.L0200", report("1"), event_id="1", message_id="b")
        await until(lambda: is_idle(operator, "sampling"))
    await other.close()
    for number in ("L0142", "L0200"):
        told = await receipts(server, f"lab-{number}")
        assert [(e.data.laboratory, e.data.about) for e in told if isinstance(e.data, ResultsAccepted)] == [
            (number, "R-1")
        ]
    judged = [e.data for e in await record(operator, "FOOD")]
    assert ["L0142", "L0200"] == sorted(event.laboratory for event in judged if isinstance(event, SamplePassed))


async def test_bad_policy_is_refused_and_good_ones_stand(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """What an insurer says wrongly is answered with a receipt of its own; the policies around it are taken."""
    policy = PolicyBound(policy_no="P-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    sealed = seal(policy, source=source_of("insurer.I007"), event_id="1", time=datetime.now(UTC), region=REGION)
    good = json.loads(sealed)
    backwards = good | {"id": "backwards", "data": good["data"] | {"valid_to": "2025-12-31"}}
    another = good | {"id": "another", "source": "urn:shian:insurer:I012"}
    insurer = await server.connect("insurer-I007")
    bound = f"insurer.I007.policy.bound.v1.{REGION}"
    app = build_insurance(settings)
    async with app.start_lifespan_context():
        for subject, made in ((bound, good), (bound, backwards), (bound, another), ("insurer.I007.what", good)):
            await send(insurer, json.dumps(made).encode(), subject)
        await send(insurer, b"\x00", bound)
        await send(insurer, json.dumps(good | {"id": "2"}).encode(), bound)
        await until(lambda: is_idle(operator, "insurance"))
        assert 1 == await counted(app, "shian_refused_total", consumer="insurance", reason="wrong_schema")
    await insurer.close()
    told = [e.data for e in await receipts(server, "insurer-I007") if isinstance(e.data, PolicyRejected)]
    assert [(event.reason, event.where, event.event_id, event.policy_no) for event in told] == [
        (R.WRONG_SCHEMA, "data", "backwards", "P-1"),
        (R.SPEAKS_FOR_ANOTHER, "source", "another", "P-1"),
        (R.UNKNOWN_TYPE, "subject", "1", "P-1"),
        (R.NOT_JSON, "message", "", ""),
    ]
    assert 0 == await dead_letters(operator)


@SQLITE_ONLY
@pytest.mark.parametrize("headers", [b"NATS/1.0\r\nStatus: 503\r\n\r\n", b"NATS/1.0 408 Request Timeout\r\n\r\n"])
async def test_headers_of_the_bus_itself_are_ignored(
    server: NatsServer, settings: Settings, operator: Client, laboratory: Client, headers: bytes
) -> None:
    """A report with headers by which the bus speaks to its clients is judged like any other."""
    async with build(settings).start_lifespan_context():
        await wire(laboratory, REPORTED.encode(), headers, json.dumps(document("1")).encode())
        await say(laboratory, "2")
        await until(lambda: is_idle(operator, "sampling"), seconds=3)
    assert acceptances(await receipts(server)) == [("R-1", "pass"), ("R-2", "pass")]


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("subject", "headers", "reason", "where"),
    [
        (b"lab.L0142.\xff", b"NATS/1.0\r\n\r\n", R.UNKNOWN_TYPE, "subject"),
        (REPORTED.encode(), b"?", R.NOT_JSON, "message"),
        (REPORTED.encode(), b"NATS/1.0 \xff\xff\xff\r\n\r\n", R.NOT_JSON, "message"),
    ],
    ids=["subject is no text", "headers are none", "status is no text"],
)
async def test_message_that_is_no_text_deafens_nobody(
    server: NatsServer,
    settings: Settings,
    operator: Client,
    laboratory: Client,
    subject: bytes,
    headers: bytes,
    reason: RejectionReason,
    where: str,
) -> None:
    """Bytes that no client library would send are refused, and the next report is judged."""
    async with build(settings).start_lifespan_context():
        await wire(laboratory, subject, headers, b"\xff")
        await say(laboratory, "2")
        await until(lambda: is_idle(operator, "sampling"), seconds=3)
    told = await receipts(server)
    assert rejections(told) == [(reason, "", where)]
    assert acceptances(told) == [("R-2", "pass")]
