"""The catalogue: subjects that lead back to their events, and nobody named who is not there."""

import re
from itertools import combinations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import (
    CATALOGUE,
    Address,
    Entry,
    Event,
    OperatorListed,
    OperatorRelisted,
    PartnerEvent,
    address_of,
    entry_of,
    heard_by,
    told_by,
)
from shared.contracts.catalogue import BY_TYPE, PARTY_PATTERN, SERVICES, PartnerKind, StreamName
from shared.contracts.examples import EXAMPLES
from shared.partners import PEOPLE
from shared.settings import Settings
from shared.streams import stream_configs

KINDS: tuple[str, ...] = get_args(PartnerKind)
PARTIES = {"": "", "one": "L0142", "kind and one": "lab.L0142"}
EVERY = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.event.__name__)

parties = st.from_regex(f"^{PARTY_PATTERN}$", fullmatch=True)
regions = st.from_regex(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}", fullmatch=True)


def is_covered(pattern: str, subject: str) -> bool:
    """Whether a subject, or each subject of a narrower pattern, matches a NATS pattern."""
    wanted, tokens = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted, tokens = wanted[:-1], tokens[: len(wanted) - 1] if len(tokens) >= len(wanted) else []
    return len(wanted) == len(tokens) and all(want in ("*", token) for want, token in zip(wanted, tokens, strict=True))


def overlap(one: str, other: str) -> bool:
    """Whether some subject matches both patterns."""
    tokens = one.split("."), other.split(".")
    pairs = zip(*tokens, strict=False)
    return len(tokens[0]) == len(tokens[1]) and all(a == b or "*" in (a, b) for a, b in pairs)


@EVERY
@given(party=parties, kind=st.sampled_from(KINDS), region=regions)
def test_subject_leads_back_to_its_event(entry: Entry, party: str, kind: str, region: str) -> None:
    """Whatever the party and the region, a subject taken apart gives the entry, the party and the region again."""
    party = {"": "", "one": party, "kind and one": f"{kind}.{party}"}[entry.party]
    assert Address(entry, party, region) == address_of(entry.subject(region, party))


@EVERY
def test_pattern_covers_its_subjects_and_narrows(entry: Entry) -> None:
    """The wildcard of an event matches each of its subjects; with party and region it is that one subject."""
    party = PARTIES[entry.party]
    subject = entry.subject("21.02.83", party)
    assert is_covered(entry.pattern(), subject)
    assert is_covered(entry.pattern(party), subject)
    assert entry.pattern(party, "21.02.83") == subject
    assert not is_covered(entry.pattern(party, "21.02.02"), subject)


def test_no_two_events_share_a_subject() -> None:
    """No subject belongs to two events."""
    shared = [
        (one.type, other.type) for one, other in combinations(CATALOGUE, 2) if overlap(one.pattern(), other.pattern())
    ]
    assert shared == []


@EVERY
def test_type_carries_its_version(entry: Entry) -> None:
    """The last token of every type is its version, and no token needs escaping in a subject."""
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+\.v[1-9][0-9]*", entry.type)


@EVERY
def test_entry_is_found_by_its_event_and_its_type(entry: Entry) -> None:
    """An event class and its type lead to the same, only entry."""
    assert entry is entry_of(entry.event)
    assert entry is BY_TYPE[entry.type]
    assert len(BY_TYPE) == len(CATALOGUE)


@EVERY
def test_tellers_and_listeners_exist(entry: Entry) -> None:
    """Whoever tells or hears an event is a service or a kind of partner; somebody tells it."""
    known = {*SERVICES, *KINDS}
    assert set(entry.producers) <= known
    assert set(entry.consumers) <= known
    assert entry.producers


@EVERY
def test_partners_alone_speak_on_partners(entry: Entry) -> None:
    """What one kind of partner says stands on PARTNERS, under its own prefix, and takes no strange field."""
    by_partner = [producer for producer in entry.producers if producer in KINDS]
    assert (entry.stream == "PARTNERS") == bool(by_partner) == issubclass(entry.event, PartnerEvent)
    if by_partner:
        assert [entry.type.partition(".")[0]] == by_partner == list(entry.producers)
        assert entry.party == "one"


@EVERY
def test_partner_hears_only_what_is_addressed_to_it_or_its_region(entry: Entry) -> None:
    """A laboratory or an insurer hears nothing that does not carry its id in the subject, but for the public lists."""
    if {"lab", "insurer"} & set(entry.consumers) and entry.event not in (OperatorListed, OperatorRelisted):
        assert entry.party in ("one", "kind and one")


@EVERY
def test_stream_covers_its_events(entry: Entry) -> None:
    """The subjects of an event's stream, and of no other, match every subject of the event."""
    covering = [
        config.name
        for config in stream_configs(Settings())
        if any(is_covered(subject, entry.pattern()) for subject in config.subjects or [])
    ]
    assert covering == [entry.stream]


def test_streams_do_not_overlap() -> None:
    """No subject is stored on two streams, and every named stream is used."""
    subjects = [subject for config in stream_configs(Settings()) for subject in config.subjects or []]
    assert len(subjects) == len(set(subjects))
    assert {entry.stream for entry in CATALOGUE} == set(get_args(StreamName))


def test_every_event_class_is_in_the_catalogue() -> None:
    """Each event class that has a type is an entry."""

    def below(kind: Any) -> set[Any]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    with_type = {kind for kind in below(Event) if "TYPE" in vars(kind)}
    ours = {kind for kind in with_type if kind.__module__.startswith("shared.")}
    assert {entry.event for entry in CATALOGUE} == ours


def test_hearing_and_telling_are_the_entries_the_other_way_round() -> None:
    """What each party hears and tells is what the entries name it for, in their order."""
    for party in (*SERVICES, *KINDS):
        assert heard_by(party) == tuple(entry for entry in CATALOGUE if party in entry.consumers)
        assert told_by(party) == tuple(entry for entry in CATALOGUE if party in entry.producers)
    assert [entry.type for entry in heard_by("police", "CASES")] == [
        "case.referred.v1",
        "case.referral.withdrawn.v1",
        "case.transferred.v1",
        "case.transfer.moved.v1",
    ]


def test_each_request_is_answered_by_one_service() -> None:
    """Samplers speak to sampling, the head to enforcement, officers to both, each event to one; all get receipts."""
    heard = {kind: {entry.consumers for entry in told_by(kind)} for kind in PEOPLE}
    sampling, enforcement = ("sampling",), ("enforcement",)
    assert {"sampler": {sampling}, "officer": {sampling, enforcement}, "head": {enforcement}} == heard
    for kind in (*PEOPLE, "police", "procuratorate"):
        assert [entry.type for entry in heard_by(kind, "RECEIPTS")] == [
            "receipt.request.accepted.v1",
            "receipt.request.refused.v1",
        ]


def test_police_do_not_hear_what_the_agency_does_before_a_transfer() -> None:
    """The procuratorate does, and the clocks of both sides; whoever acts for the agency hears the same."""
    before = {"case.moved.v1", "case.transfer.refused.v1", "case.clock.missed.v1"}
    assert set() == before & {entry.type for entry in heard_by("police")}
    for kind in ("procuratorate", "officer", "head"):
        assert before <= {entry.type for entry in heard_by(kind)}


def test_officers_hear_food_and_samplers_do_not() -> None:
    """Officers hear what waits for them on the records of food and cases; a sampler hears receipts alone."""
    assert {entry.stream for entry in heard_by("officer")} == {"FOOD", "CASES", "RECEIPTS"}
    assert {entry.stream for entry in heard_by("head")} == {"CASES", "RECEIPTS"}
    assert {entry.stream for entry in heard_by("sampler")} == {"RECEIPTS"}
    assert {entry.party for entry in heard_by("officer", "FOOD")} == {""}


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_event_says_itself_in_one_sentence(event: Event) -> None:
    """The sentence of an event is one line that ends, and what it is about has a number."""
    sentence = event.sentence()
    assert sentence == sentence.strip()
    assert sentence.splitlines() == [sentence]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert event.about
    assert event.trace


def test_every_event_has_an_example() -> None:
    """The examples are one for each entry."""
    assert sorted(event.TYPE for event in EXAMPLES) == sorted(entry.type for entry in CATALOGUE)


@EVERY
def test_event_class_says_when_it_is_told(entry: Entry) -> None:
    """The docstring of an event class is one sentence of its own."""
    text = entry.event.__dict__.get("__doc__") or ""
    assert text.endswith(".")
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("subject", "address"),
    [
        ("", Address(None, "", "")),
        ("lab", Address(None, "", "")),
        ("lab.L0142", Address(None, "L0142", "")),
        ("lab.L0142.anything.else", Address(None, "L0142", "")),
        ("lab.L0142.result.reported.v2.21.02.83", Address(None, "L0142", "21.02.83")),
        ("insurer.I007.result.reported.v1.21.02.83", Address(None, "I007", "21.02.83")),
        ("food.L0142.sample.failed.v1.21.02.83", Address(None, "", "21.02.83")),
        ("food.sample.failed.v1.21.02", Address(None, "", "")),
        ("food.sample.failed.v1.21.02.831", Address(None, "", "")),
        ("lab.L0142.result.reported.v1.21.02.83.21.02.83", Address(None, "L0142", "")),
        ("receipt.lab.result.rejected.v1.21.02.83", Address(None, "", "21.02.83")),
    ],
)
def test_strange_subject_has_no_event(subject: str, address: Address) -> None:
    """A subject that is no event's has no entry; the speaker and the region are kept where they can be read."""
    assert address == address_of(subject)


def test_subject_without_a_region_keeps_its_event() -> None:
    """A subject that lacks only the region is known, so that its sender is told about the region."""
    address = address_of("lab.L0142.result.reported.v1")
    assert (address.entry and address.entry.type, address.party, address.region) == (
        "lab.result.reported.v1",
        "L0142",
        "",
    )


@given(st.text())
def test_taking_apart_never_fails(subject: str) -> None:
    """Any text at all can be taken apart, and a region is only ever given in its form."""
    address = address_of(subject)
    assert address.region == "" or re.fullmatch(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}", address.region)
