"""The envelope: what is sealed is opened again, and whatever else comes is refused with its fault."""

import json
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import Event, PartnerEvent, PolicyBound, RejectionReason, ResultReported, entry_of
from shared.contracts.examples import EXAMPLES, PARTIES
from shared.envelope import MalformedError, open_envelope, seal, source_of
from tests.examples import REGION, malachite_green_in_carp, report

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
SUBJECT = "lab.L0142.result.reported.v1.21.02.83"
LABORATORY = "urn:shian:lab:L0142"
EVERY = pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)


def sealed(event: Event, **changes: Any) -> bytes:
    """An event in the envelope of its teller."""
    producer = entry_of(type(event)).producers[0]
    teller = f"{producer}.{PARTIES[producer]}" if producer in PARTIES else producer
    facts: dict[str, Any] = {"source": source_of(teller), "event_id": "1", "time": NOW, "region": REGION}
    return seal(event, **(facts | changes))


def subject_of(event: Event) -> str:
    """The subject on which its teller says the event."""
    entry = entry_of(type(event))
    one = PARTIES.get(entry.producers[0], "I007")
    return entry.subject(REGION, {"": "", "one": one, "kind and one": "lab.L0142"}[entry.party])


def document(**changes: Any) -> dict[str, Any]:
    """A laboratory's report as a document, changed."""
    whole: dict[str, Any] = json.loads(sealed(report("1")))
    return whole | changes


def with_data(**changes: Any) -> dict[str, Any]:
    """A laboratory's report as a document, its data changed."""
    whole = document()
    return whole | {"data": whole["data"] | changes}


def fault_of(payload: bytes | dict[str, Any], subject: str = SUBJECT) -> MalformedError:
    """Why a message is refused."""
    with pytest.raises(MalformedError) as refused:
        open_envelope(subject, payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    return refused.value


# sealing and opening


@EVERY
@pytest.mark.parametrize("cause", [None, "urn:shian:lab:L0142 1"], ids=["first", "answer"])
def test_what_is_sealed_is_opened_again(event: Event, cause: str | None) -> None:
    """Every event of the catalogue comes out of its envelope as it went in, with every attribute."""
    entry, envelope = open_envelope(subject_of(event), sealed(event, cause=cause))
    assert entry is entry_of(type(event))
    assert envelope.data == event
    assert type(envelope.data) is type(event)
    assert (envelope.id, envelope.time, envelope.region, envelope.cause) == ("1", NOW, REGION, cause)
    assert envelope.key == f"{envelope.source} 1"


@EVERY
def test_document_is_a_cloud_event(event: Event) -> None:
    """The document carries CloudEvents' attributes and the three of the exchange, and says all of them itself."""
    found = json.loads(sealed(event, cause="urn:shian:lab:L0142 1"))
    entry = entry_of(type(event))
    teller = entry.producers[0]
    expected = {
        "specversion": "1.0",
        "id": "1",
        "source": f"urn:shian:{teller}:{PARTIES[teller]}" if teller in PARTIES else f"urn:shian:{teller}",
        "type": entry.type,
        "subject": event.about,
        "time": "2026-03-02T09:30:00.123456Z",
        "datacontenttype": "application/json",
        "dataschema": f"urn:shian:schema:{entry.type}",
        "trace": event.trace,
        "cause": "urn:shian:lab:L0142 1",
        "region": "21.02.83",
    }
    assert expected == {name: value for name, value in found.items() if name != "data"}


@EVERY
def test_attribute_names_are_those_that_cloudevents_allows(event: Event) -> None:
    """Attribute names are lower-case letters and digits, at most twenty."""
    names = [name for name in json.loads(sealed(event)) if not (name.isascii() and name.isalnum() and name.islower())]
    assert names == []


@pytest.mark.parametrize(
    "event",
    [event for event in EXAMPLES if isinstance(event, PartnerEvent)],
    ids=lambda event: type(event).__name__,
)
def test_partners_document_holds_no_null(event: Event) -> None:
    """A partner's event, which answers nothing, has no null anywhere: what is not known is left out."""
    assert b"null" not in sealed(event)


def test_document_is_utf_8_without_escapes() -> None:
    """Chinese stands in the document as itself, so that a person can read the evidence."""
    assert "草鱼".encode() in sealed(malachite_green_in_carp("1"))


def test_times_of_another_zone_are_the_same_moment() -> None:
    """A time given in China comes out as the same moment."""
    china = NOW.astimezone(timezone(timedelta(hours=8)))
    _, envelope = open_envelope(SUBJECT, sealed(report("1"), time=china))
    assert envelope.time == NOW


def test_sealing_twice_gives_the_same_bytes() -> None:
    """The same event sealed again is the same byte for byte, so that a repetition can be told from a change."""
    assert [sealed(event) for event in EXAMPLES] == [sealed(event) for event in EXAMPLES]


@pytest.mark.parametrize(
    ("teller", "source"),
    [
        ("alerts", "urn:shian:alerts"),
        ("lab.L0142", "urn:shian:lab:L0142"),
        ("police.21.02.83", "urn:shian:police:21:02:83"),
    ],
)
def test_source_follows_from_the_teller(teller: str, source: str) -> None:
    """A teller's subject prefix becomes its source."""
    assert source == source_of(teller)


def test_two_laboratories_may_use_the_same_id() -> None:
    """The identity of an event is its source and id together."""
    _, one = open_envelope(SUBJECT, sealed(report("1")))
    other_subject = SUBJECT.replace("L0142", "L0200")
    _, other = open_envelope(other_subject, sealed(report("1"), source="urn:shian:lab:L0200"))
    assert one.id == other.id
    assert one.key != other.key


# what is refused


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"\xff" + json.dumps(document()).encode(),
        json.dumps(document()).encode("utf-16"),
        json.dumps(document(id="长"), ensure_ascii=False).encode("gb18030"),
        json.dumps(document()).encode()[:-1],
        json.dumps(document()).encode() + b"}",
        b"'" + json.dumps(document()).encode() + b"'",
        json.dumps(document()).encode().replace(b'"1"', b'"\\ud800"', 1),
        json.dumps(document(id="x\x00y")).encode().replace(b"\\u0000", b"\x00"),
        b"[" * 100_000,
        b'{"data":' * 50_000 + b"1" + b"}" * 50_000,
        b"1" * 200_000,
    ],
    ids=[
        "nothing",
        "bytes",
        "invalid UTF-8",
        "UTF-16",
        "GB 18030",
        "cut off",
        "too long",
        "quoted",
        "half a surrogate pair",
        "a raw NUL",
        "deep and cut off",
        "deep",
        "a number of 200,000 digits",
    ],
)
def test_what_is_not_json_is_refused(payload: bytes) -> None:
    """Bytes that are no JSON document are refused as such, and nothing is read from them."""
    fault = fault_of(payload)
    assert (fault.reason, fault.where, fault.event_id) == (RejectionReason.NOT_JSON, "message", "")
    assert fault.explanation.startswith("The message is not JSON: ")


DETERMINATION = {"analyte": "镉(以Cd计)", "result": "0.12mg/kg", "limit": "≤0.2mg/kg"}


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ([], "message"),
        ("text", "message"),
        (None, "message"),
        (7, "message"),
        ({}, "id"),
        (document(id=7), "id"),
        (document(id=""), "id"),
        (document(id="x" * 201), "id"),
        (document(id="x\x00y"), "id"),
        (document(source="x\x00y"), "source"),
        (document(subject="x\x00y"), "subject"),
        (document(trace="x\x00y"), "trace"),
        (document(cause="x\x00y"), "cause"),
        (document(dataschema="x\x00y"), "dataschema"),
        (document(specversion="0.3"), "specversion"),
        (document(datacontenttype="text/xml"), "datacontenttype"),
        (document(time="yesterday"), "time"),
        (document(time="2026-03-02T09:30:00"), "time"),
        (document(time=10**400), "time"),
        (document(region="210283"), "region"),
        (document(region="21.02.83\n"), "region"),
        (document(region="２１.02.83"), "region"),
        (document(data=None), "data"),
        (document(data="{}"), "data"),
        (document(data_base64="e30="), "data_base64"),
        (document(**{"surprise\x00": 1}), "surprise\x00"),
        (with_data(report_no=""), "data.report_no"),
        (with_data(report_no="R-1\n"), "data.report_no"),
        (with_data(report_no="R 1"), "data.report_no"),
        (with_data(sample_no="样品一"), "data.sample_no"),
        (with_data(product="x\x00y"), "data.product"),
        (with_data(product="x" * 201), "data.product"),
        (with_data(inspector="张三"), "data.inspector"),
        (with_data(production_date="2026-02-30"), "data.production_date"),
        (with_data(production_date=10**300), "data.production_date"),
        (with_data(determinations=[]), "data.determinations"),
        (with_data(determinations=[DETERMINATION] * 201), "data.determinations"),
        (with_data(determinations=[DETERMINATION, DETERMINATION | {"result": 0.12}]), "data.determinations.1.result"),
        (with_data(determinations=[DETERMINATION | {"lod": "x\x00y"}]), "data.determinations.0.lod"),
    ],
    ids=str,
)
def test_what_is_not_the_contract_is_refused_with_its_place(payload: Any, where: str) -> None:
    """JSON that breaks the contract is refused with the path of its first fault."""
    fault = fault_of(json.dumps(payload).encode())
    assert (fault.reason, fault.where) == (RejectionReason.WRONG_SCHEMA, where)
    assert fault.explanation.startswith(f"{where}: ")


@pytest.mark.parametrize(
    "subject",
    [
        "lab.L0142.result.reported.v2.21.02.83",
        "lab.L0142.result.withdrawn.v2.21.02.83",
        "lab.L0142.policy.bound.v1.21.02.83",
        "lab.L0142",
        "",
    ],
)
def test_unknown_event_is_refused(subject: str) -> None:
    """A subject that the catalogue does not know is refused whatever the document says."""
    fault = fault_of(document(), subject)
    assert (fault.reason, fault.where) == (RejectionReason.UNKNOWN_TYPE, "subject")
    assert fault.explanation == f"No event of the exchange has the subject {subject}; see the reference of events."


def test_type_must_be_the_subjects() -> None:
    """A document that says another type than its subject is refused with both."""
    fault = fault_of(document(type=PolicyBound.TYPE))
    assert (fault.reason, fault.where) == (RejectionReason.UNKNOWN_TYPE, "type")
    assert PolicyBound.TYPE in fault.explanation
    assert ResultReported.TYPE in fault.explanation


@pytest.mark.parametrize("source", ["urn:shian:lab:L0200", "urn:shian:insurer:L0142", "urn:shian:sampling", "L0142"])
def test_partner_may_not_speak_as_another(source: str) -> None:
    """A laboratory whose document names another source is refused with the source that it may use."""
    fault = fault_of(document(source=source))
    assert (fault.reason, fault.where) == (RejectionReason.SPEAKS_FOR_ANOTHER, "source")
    assert LABORATORY in fault.explanation


@pytest.mark.parametrize("subject", ["lab.L0142.result.reported.v1.21.02.02", "lab.L0142.result.reported.v1"])
def test_region_must_be_the_subjects(subject: str) -> None:
    """A document that names another region than its subject is refused, and so is a subject without one."""
    fault = fault_of(document(), subject)
    assert (fault.reason, fault.where) == (RejectionReason.WRONG_REGION, "region")


def test_refusal_keeps_what_helps_to_find_the_message() -> None:
    """From a document with a fault its id and numbers are still read."""
    fault = fault_of(with_data(sample_no="S-9", inspector="张三") | {"id": "7"})
    assert fault.event_id == "7"
    assert fault.about == {"report_no": "R-1", "sample_no": "S-9", "policy_no": "", "case_no": ""}


def test_refusal_is_short_whatever_was_sent() -> None:
    """Long names, numbers and faults are cut, and a NUL is left out: a receipt always fits into a message."""
    fault = fault_of(with_data(report_no="R" * 10_000, sample_no="S\x00S") | {"id": "i" * 10_000, "k" * 100_000: 1})
    assert len(fault.event_id) == 100
    assert len(fault.where) <= 200
    assert len(fault.explanation) <= 1000
    assert fault.about == {"report_no": "R" * 100, "sample_no": "SS", "policy_no": "", "case_no": ""}


def test_refusal_counts_the_further_faults() -> None:
    """A document with three faults names the first and counts two more."""
    assert "(2 more faults)" in fault_of(document(id=7, time="yesterday", surprise=1)).explanation


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps(with_data(determinations=[0] * 85_000)).encode(),
        json.dumps(document(**{f"k{n}": n for n in range(16_000)})).encode(),
        json.dumps(document(surprise="x" * 250_000)).encode(),
        json.dumps(document(surprise=[[[]] * 10] * 4_000)).encode(),
    ],
    ids=["many determinations", "many attributes", "a long text", "many lists"],
)
def test_message_full_of_faults_is_refused_quickly(payload: bytes) -> None:
    """The largest message that a partner can send, all of it wrong, is refused within a second."""
    assert len(payload) <= 256 * 1024
    started = time.process_time()
    assert fault_of(payload).reason is RejectionReason.WRONG_SCHEMA
    assert time.process_time() - started < 1


# whatever comes

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
subjects = st.sampled_from([subject_of(event) for event in EXAMPLES]) | st.text()


def opens_or_refuses(subject: str, payload: bytes) -> None:
    """Open a message; only a refusal may be raised, and one that fits into a receipt."""
    try:
        entry, envelope = open_envelope(subject, payload)
    except MalformedError as fault:
        sizes = len(fault.where), len(fault.explanation), len(fault.event_id)
    else:
        sizes = 0, 0, 0
        assert type(envelope.data) is entry.event
    assert all(size <= most for size, most in zip(sizes, (200, 1000, 100), strict=True))


@given(subjects, st.binary(max_size=2000))
def test_any_bytes_are_opened_or_refused(subject: str, payload: bytes) -> None:
    """Arbitrary bytes raise nothing but a refusal."""
    opens_or_refuses(subject, payload)


@given(subjects, anything)
def test_any_json_is_opened_or_refused(subject: str, value: Any) -> None:
    """Arbitrary JSON raises nothing but a refusal."""
    opens_or_refuses(subject, json.dumps(value).encode())


@given(st.sampled_from(EXAMPLES), st.data())
def test_any_change_to_an_event_is_opened_or_refused(event: Event, data: st.DataObject) -> None:
    """An event with one attribute or field replaced by anything raises nothing but a refusal."""
    whole = json.loads(sealed(event, cause="urn:shian:lab:L0142 1"))
    part = whole if data.draw(st.booleans()) else whole["data"]
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(anything)
    opens_or_refuses(subject_of(event), json.dumps(whole).encode())


@given(st.sampled_from(EXAMPLES), st.data())
def test_any_broken_byte_is_opened_or_refused(event: Event, data: st.DataObject) -> None:
    """An event with one byte changed raises nothing but a refusal."""
    payload = bytearray(sealed(event))
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    opens_or_refuses(subject_of(event), bytes(payload))


ONE_LINE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)


@given(ONE_LINE, ONE_LINE)
def test_id_and_product_come_through_unchanged(event_id: str, product: str) -> None:
    """Any text on one line comes out as it went in."""
    changed = report("1").model_copy(update={"product": product})
    _, envelope = open_envelope(SUBJECT, sealed(changed, event_id=event_id))
    assert (envelope.id, envelope.data.product) == (event_id, product)


def test_every_event_has_its_stream() -> None:
    """What is opened knows the stream that it belongs on."""
    streams = [open_envelope(subject_of(event), sealed(event))[0].stream for event in EXAMPLES]
    assert streams == [entry_of(type(event)).stream for event in EXAMPLES]
