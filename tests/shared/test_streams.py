"""Streams and consumers are made once, and any difference is named."""

import asyncio
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import APIError

from shared.contracts import CATALOGUE
from shared.contracts.catalogue import SERVICES, heard_by
from shared.failure import CannotStartError
from shared.partners import Partner
from shared.permissions import RECORDS, STEWARD, inbox_prefix
from shared.settings import Settings
from shared.streams import (
    LARGEST_PARTNER_MESSAGE,
    REMEDY,
    Consumer,
    compare,
    consumer_config,
    consumers_for,
    consumers_of,
    only_lacks,
    provision,
    stream_configs,
)
from tests.servers.nats import (
    HEAD,
    INSURER,
    LABORATORY,
    OFFICER,
    OTHER_POLICE,
    PARTNERS,
    POLICE,
    PROCURATORATE,
    SAMPLER,
    NatsServer,
)
from tests.shared.conftest import Enter

STREAMS = [*dict.fromkeys(entry.stream for entry in CATALOGUE), "DEAD"]
DURABLES = [
    *(consumer for service in SERVICES for consumer in consumers_of(service)),
    *(consumer for partner in PARTNERS for consumer in consumers_for(partner)),
]

PARTNERS_SAY = ["head.>", "insurer.>", "lab.>", "officer.>", "police.>", "procuratorate.>", "sampler.>"]


@pytest.fixture
async def steward(enter: Enter) -> JetStreamContext:
    """The steward's view of the provisioned bus."""
    return (await enter(STEWARD)).client.jetstream()


async def complaint(jetstream: JetStreamContext, settings: Settings) -> str:
    """What provisioning says when it stops."""
    with pytest.raises(CannotStartError) as stopped:
        await provision(jetstream, PARTNERS, settings)
    return str(stopped.value)


async def everything(jetstream: JetStreamContext) -> list[Any]:
    """Configuration and birth of every stream and consumer."""
    streams = [await jetstream.stream_info(stream) for stream in RECORDS]
    consumers = [await jetstream.consumer_info(consumer.stream, consumer.name) for consumer in DURABLES]
    return [(info.config, info.created) for info in (*streams, *consumers)]


async def test_provisioning_again_is_harmless(steward: JetStreamContext, settings: Settings) -> None:
    """A second provisioning changes nothing and makes nothing anew."""
    before = await everything(steward)
    await provision(steward, PARTNERS, settings)
    assert before == await everything(steward)


async def test_new_partner_is_added_to_a_running_exchange(steward: JetStreamContext, settings: Settings) -> None:
    """Provisioning with one more partner makes its durables and leaves the others alone."""
    before = await everything(steward)
    newcomer = LABORATORY.model_copy(update={"id": "L0400"})
    await provision(steward, (*PARTNERS, newcomer), settings)
    assert before == await everything(steward)
    info = await steward.consumer_info("RECEIPTS", "lab-L0400")
    (expected,) = consumers_for(newcomer)
    assert list(expected.subjects) == info.config.filter_subjects


@pytest.mark.parametrize(
    ("stream", "changes", "sentence"),
    [
        ("FOOD", {"duplicate_window": 60}, "stream FOOD has duplicate_window 60.0 instead of 604800.0"),
        ("PARTNERS", {"max_msg_size": 1000}, "stream PARTNERS has max_msg_size 1000 instead of 262144"),
        ("CASES", {"max_msg_size": 1000}, "stream CASES has max_msg_size 1000 instead of -1"),
        (
            "PARTNERS",
            {"subjects": ["lab.>", "shop.>"]},
            f"stream PARTNERS has subjects ['lab.>', 'shop.>'] instead of {PARTNERS_SAY}",
        ),
        (
            "PARTNERS",
            {"subjects": ["lab.>"], "max_msg_size": 1000},
            f"stream PARTNERS has subjects ['lab.>'] instead of {PARTNERS_SAY}; ",
        ),
        ("FOOD", {"subjects": ["food.>", "feed.>"]}, "stream FOOD has subjects ['feed.>', 'food.>'] instead of"),
        ("RECEIPTS", {"allow_atomic": False}, "stream RECEIPTS has allow_atomic None instead of True"),
        ("CASES", {"max_age": 3600, "duplicate_window": 60}, "stream CASES has max_age 3600.0 instead of 0"),
        ("NOTICES", {"max_msgs": 10}, "stream NOTICES has max_msgs 10 instead of -1"),
        ("DEAD", {"max_bytes": 1_000_000}, "stream DEAD has max_bytes 1000000 instead of -1"),
        ("DEAD", {"no_ack": True}, "stream DEAD has no_ack True instead of False"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
async def test_stream_that_differs_stops_the_start(
    steward: JetStreamContext, settings: Settings, stream: str, changes: dict[str, Any], sentence: str
) -> None:
    """A stream that was changed is named with the field, what it has and what it needs; it is not overwritten."""
    config = (await steward.stream_info(stream)).config
    await steward.update_stream(config.evolve(**changes))
    changed = await everything(steward)
    assert sentence in await complaint(steward, settings)
    assert changed == await everything(steward)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"filter_subjects": ["food.sample.passed.v1.*.*.*"]},
            "consumer alerts of FOOD has filter_subjects ['food.sample.passed.v1.*.*.*'] instead of ['food.sample.",
        ),
        (
            {"filter_subjects": ["food.>"]},
            "consumer alerts of FOOD has filter_subjects ['food.>'] instead of ['food.sample.",
        ),
        (
            {"filter_subjects": ["food.*.failed.v1.21.02.83"]},
            "consumer alerts of FOOD has filter_subjects ['food.*.failed.v1.21.02.83'] instead of ['food.sample.",
        ),
        (
            {"filter_subjects": ["food.sample.failed.v1.*.*.*"], "ack_wait": 7},
            "consumer alerts of FOOD has filter_subjects ['food.sample.failed.v1.*.*.*'] instead of ['food.sample.",
        ),
        ({"filter_subjects": None}, "consumer alerts of FOOD has filter_subjects None instead of ['food.sample."),
        ({"ack_wait": 7}, "consumer alerts of FOOD has ack_wait 7.0 instead of 2.0"),
        ({"max_ack_pending": 10}, "consumer alerts of FOOD has max_ack_pending 10 instead of 5000"),
        ({"max_deliver": 3}, "consumer alerts of FOOD has max_deliver 3 instead of -1"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
async def test_consumer_that_differs_stops_the_start(
    steward: JetStreamContext, settings: Settings, changes: dict[str, Any], sentence: str
) -> None:
    """A durable that was changed is named with the field, what it has and what it needs; it is not overwritten."""
    config: ConsumerConfig = (await steward.consumer_info("FOOD", "alerts")).config
    await steward.add_consumer("FOOD", config.evolve(**changes))
    changed = await everything(steward)
    assert sentence in await complaint(steward, settings)
    assert changed == await everything(steward)


# a bus of an earlier version is widened

REPORTED = "lab.L0142.result.reported.v1.21.02.83"
COLLECTED = "sampler.S01.sample.collected.v1.21.02.83"
FAILED = "food.sample.failed.v1.21.02.83"
OVERTURNED = "food.sample.overturned.v1.21.02.83"


async def heard_less(steward: JetStreamContext, stream: str, consumer: str, subjects: list[str]) -> None:
    """Give a durable the subjects that it had in an earlier version."""
    config = (await steward.consumer_info(stream, consumer)).config
    await steward.delete_consumer(stream, consumer)
    await steward.add_consumer(stream, config.evolve(filter_subjects=subjects))


async def reading(client: Client, stream: str, name: str) -> JetStreamContext.PullSubscription:
    """A user's subscription to its own durable."""
    prefix = f"{inbox_prefix(name)}.".encode()
    return await client.jetstream().pull_subscribe_bind(name, stream, inbox_prefix=prefix)


async def say(client: Client, subject: str, *texts: str) -> None:
    """Publish messages one after another."""
    for text in texts:
        await client.jetstream().publish(subject, text.encode())


def texts_of(messages: list[Msg]) -> list[str]:
    """What messages say."""
    return [message.data.decode() for message in messages]


async def test_what_lacks_subjects_is_widened(steward: JetStreamContext, settings: Settings) -> None:
    """A bus of an earlier version, on which nothing but subjects is missing, becomes as this version needs it."""
    before = await everything(steward)
    for stream, consumer, subjects in (
        ("PARTNERS", "sampling", ["lab.>"]),
        ("FOOD", "alerts", ["food.sample.failed.v1.*.*.*"]),
        ("RECEIPTS", "lab-L0142", ["receipt.lab.L0142.result.accepted.v1.*.*.*"]),
        ("CASES", "police-210283", ["case.referred.v1.21.02.83"]),
    ):
        await heard_less(steward, stream, consumer, subjects)
    config = (await steward.stream_info("PARTNERS")).config
    await steward.update_stream(config.evolve(subjects=["insurer.>", "lab.>"]))
    await provision(steward, PARTNERS, settings)
    assert [config for config, _ in before] == [config for config, _ in await everything(steward)]


@pytest.mark.parametrize(
    ("old", "new", "widened"),
    [
        (["food.a.v1.21.02.83"], ["food.a.v1.21.02.*"], True),
        (["food.a.v1.21.02.*"], ["food.a.v1.21.*.*", "food.b.v1.21.*.*"], True),
        (["food.a.v1.21.02.*"], ["food.>"], True),
        (["food.a.v1.21.02.83", "food.b.v1.21.02.83"], ["food.a.v1.21.02.83"], False),
        (["food.a.v1.21.02.*"], ["food.a.v1.21.02.83"], False),
        (["food.a.v1.21.02.83"], ["food.a.v1.21.02.02"], False),
        (["food.>"], ["food.a.v1.21.02.83"], False),
        (["food.>"], ["food.*.*.*.*.*"], False),
        (["food.a"], ["food.a.>"], False),
        (["food.a.>"], ["food.a.>", "case.>"], True),
        ([], ["food.a.>"], False),
    ],
)
def test_only_more_subjects_are_a_widening(old: list[str], new: list[str], widened: bool) -> None:  # noqa: FBT001
    """A configuration is only widened where each subject that it has is still heard afterwards."""
    wanted = ConsumerConfig(filter_subjects=new, max_deliver=-1)
    found = ConsumerConfig(filter_subjects=old, max_deliver=-1, max_waiting=512)
    assert widened is only_lacks("filter_subjects", wanted, found)
    assert not only_lacks("filter_subjects", wanted, found.evolve(max_deliver=3))
    assert not only_lacks("filter_subjects", wanted, wanted)


async def test_durable_keeps_its_place_when_it_is_widened(
    enter: Enter, steward: JetStreamContext, settings: Settings
) -> None:
    """Said before, between and after, each message comes once more or less as before, in order, to a wider durable.

    Of four messages said before the widening two were acknowledged, one is held and one was not handed out.
    """
    sampling, alerts = (await enter("sampling")).client, (await enter("alerts")).client
    await heard_less(steward, "FOOD", "alerts", ["food.sample.failed.v1.*.*.*"])
    subscription = await reading(alerts, "FOOD", "alerts")
    await say(sampling, FAILED, "failed 1", "failed 2", "failed 3", "failed 4")
    first, second, held = await subscription.fetch(3, timeout=5)
    await first.ack_sync()
    await second.ack_sync()
    await provision(steward, PARTNERS, settings)
    info = await steward.consumer_info("FOOD", "alerts")
    assert (info.num_ack_pending, info.num_pending, info.delivered.stream_seq, info.ack_floor.stream_seq) == (
        1,
        1,
        3,
        2,
    )
    await say(sampling, OVERTURNED, "overturned 1")
    await say(sampling, FAILED, "failed 5")
    after = await subscription.fetch(3, timeout=5)
    assert ["failed 4", "overturned 1", "failed 5"] == texts_of(after)
    await held.nak()
    (again,) = await subscription.fetch(1, timeout=5)
    assert ("failed 3", 2) == (again.data.decode(), again.metadata.num_delivered)
    for message in (*after, again):
        await message.ack_sync()
    info = await steward.consumer_info("FOOD", "alerts")
    assert (info.num_ack_pending, info.num_pending, info.ack_floor.stream_seq) == (0, 0, 6)


async def test_what_was_said_before_under_added_subjects_is_not_handed_out(
    enter: Enter, steward: JetStreamContext, settings: Settings
) -> None:
    """A durable does not go back for what it did not hear: a new version's events come after the bus was widened."""
    sampling, alerts = (await enter("sampling")).client, (await enter("alerts")).client
    await heard_less(steward, "FOOD", "alerts", ["food.sample.failed.v1.*.*.*"])
    subscription = await reading(alerts, "FOOD", "alerts")
    await say(sampling, OVERTURNED, "unheard")
    await say(sampling, FAILED, "failed 1")
    (first,) = await subscription.fetch(1, timeout=5)
    await first.ack_sync()
    await provision(steward, PARTNERS, settings)
    await say(sampling, FAILED, "failed 2")
    assert texts_of(await subscription.fetch(1, timeout=5)) == ["failed 2"]
    assert (await steward.consumer_info("FOOD", "alerts")).num_pending == 0


async def test_nothing_is_lost_or_repeated_while_a_durable_is_widened(
    enter: Enter, steward: JetStreamContext, settings: Settings
) -> None:
    """Messages said and fetched all the while the bus is widened, stream and durable, come once each and in order."""
    sampler, sampling = (await enter(SAMPLER.user)).client, (await enter("sampling")).client
    laboratory = (await enter("lab-L0142")).client
    await heard_less(steward, "PARTNERS", "sampling", ["lab.>"])
    config = (await steward.stream_info("PARTNERS")).config
    await steward.update_stream(config.evolve(subjects=["insurer.>", "lab.>"]))
    subscription = await reading(sampling, "PARTNERS", "sampling")
    asked_before = asyncio.create_task(subscription.fetch(1, timeout=10))
    reports = [str(n) for n in range(300)]
    heard: list[str] = []

    async def read_on() -> None:
        fetched = await asked_before
        while fetched:
            for message in fetched:
                heard.append(message.data.decode())
                await message.ack()
            more = len(heard) < len(reports) + 2
            fetched = await subscription.fetch(7, timeout=10) if more else []

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(say(laboratory, REPORTED, *reports))
        tasks.create_task(read_on())
        await provision(steward, PARTNERS, settings)
        await say(sampler, COLLECTED, "form 1", "form 2")
    assert reports == [text for text in heard if not text.startswith("form")]
    assert ["form 1", "form 2"] == [text for text in heard if text.startswith("form")]
    info = await steward.consumer_info("PARTNERS", "sampling")
    assert (info.num_pending, info.delivered.consumer_seq) == (0, len(reports) + 2)


async def test_durable_stays_widened_when_the_server_dies(
    server: NatsServer, enter: Enter, steward: JetStreamContext, settings: Settings
) -> None:
    """Its added subjects and its place outlive a kill of the server."""
    sampling = (await enter("sampling")).client
    await heard_less(steward, "FOOD", "alerts", ["food.sample.failed.v1.*.*.*"])
    await say(sampling, FAILED, "failed 1")
    await provision(steward, PARTNERS, settings)
    await say(sampling, OVERTURNED, "overturned 1")
    server.kill()
    server.start()
    alerts = await server.connect("alerts")
    subscription = await reading(alerts, "FOOD", "alerts")
    assert texts_of(await subscription.fetch(2, timeout=5)) == ["failed 1", "overturned 1"]
    await alerts.close()


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"replicas": 3}, [f"stream {stream} has num_replicas 1 instead of 3" for stream in STREAMS]),
        ({"ack_wait": 9}, [f"consumer {one.name} of {one.stream} has ack_wait 2.0 instead of 9.0" for one in DURABLES]),
    ],
    ids=["replicas", "ack_wait"],
)
async def test_setting_that_differs_stops_the_start(
    steward: JetStreamContext, settings: Settings, changes: dict[str, Any], sentences: list[str]
) -> None:
    """A setting other than the one that the bus was made with names every stream or consumer, and the remedy."""
    changed = Settings.model_validate(settings.model_dump() | changes)
    said = await complaint(steward, changed)
    assert said == f"The bus is not as this version needs it: {'; '.join(sentences)}. {REMEDY}"


async def test_missing_stream_and_consumer_are_named(
    enter: Enter, steward: JetStreamContext, settings: Settings
) -> None:
    """A service whose stream or durable is gone is told which, all in one sentence."""
    await steward.delete_stream("NOTICES")
    await steward.delete_consumer("FOOD", "alerts")
    jetstream = (await enter("alerts")).client.jetstream()
    with pytest.raises(CannotStartError) as stopped:
        await compare(jetstream, consumers_of("alerts"), settings)
    faults = "stream NOTICES does not exist; consumer alerts of FOOD does not exist"
    assert str(stopped.value) == f"The bus is not as this version needs it: {faults}. {REMEDY}"


async def test_consumer_of_a_missing_stream_is_named(steward: JetStreamContext, settings: Settings) -> None:
    """A durable whose whole stream is gone is named beside the stream."""
    await steward.delete_stream("FOOD")
    with pytest.raises(CannotStartError) as stopped:
        await compare(steward, consumers_of("alerts"), settings)
    faults = "stream FOOD does not exist; consumer alerts of FOOD does not exist"
    assert faults in str(stopped.value)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_can_compare(enter: Enter, settings: Settings, service: str) -> None:
    """A service's own permissions are enough to compare what it needs, and a provisioned bus is as it needs it."""
    speaker = await enter(service)
    await compare(speaker.client.jetstream(), consumers_of(service), settings)
    assert speaker.refusals == []


async def test_largest_message_of_a_partner_is_taken_and_a_larger_one_refused(enter: Enter, operator: Client) -> None:
    """A partner's message of 256 KiB is stored; one byte more is refused with an answer, not with silence."""
    jetstream = (await enter("lab-L0142")).client.jetstream()
    await jetstream.publish("lab.L0142.result.reported.v1.21.02.83", b" " * LARGEST_PARTNER_MESSAGE)
    with pytest.raises(APIError) as refused:
        await jetstream.publish("lab.L0142.result.reported.v1.21.02.83", b" " * (LARGEST_PARTNER_MESSAGE + 1))
    assert refused.value.description == "message size exceeds maximum allowed"
    assert (await operator.jetstream().stream_info("PARTNERS")).state.messages == 1


async def test_what_is_stored_is_still_there_after_the_server_was_killed(
    server: NatsServer, operator: Client, enter: Enter
) -> None:
    """An acknowledged message, the streams and the durables outlive a kill of the server."""
    await (await enter("lab-L0142")).client.jetstream().publish("lab.L0142.anything", b"evidence")
    before = await everything(operator.jetstream())
    server.kill()
    server.start()
    again = await server.connect("operator")
    assert before == await everything(again.jetstream())
    assert (await again.jetstream().get_msg("PARTNERS", 1)).data == b"evidence"
    await again.close()


# what is made, from the catalogue


def test_partners_are_heard_whatever_they_say() -> None:
    """A service that hears laboratories hears all that they may say, so that it can refuse what it does not know."""
    assert consumers_of("sampling") == (
        Consumer("PARTNERS", "sampling", ("lab.>", "sampler.>", "officer.>")),
        Consumer("WORK", "sampling", ("clock.sampling.due.v1.*.*.*",)),
    )
    partners, _, _ = sorted(consumers_of("enforcement"), key=lambda consumer: consumer.stream != "PARTNERS")
    assert {"head.>", "police.>", "procuratorate.>"} <= set(partners.subjects)
    assert "officer.*.case.signed.v1.*.*.*" in partners.subjects
    assert "officer.>" not in partners.subjects


def test_service_has_one_durable_for_each_stream() -> None:
    """No service has two durables on a stream, which would have no common order."""
    places = [(consumer.stream, consumer.name) for service in SERVICES for consumer in consumers_of(service)]
    assert len(places) == len(set(places))


def test_authority_hears_its_own_region_only() -> None:
    """The durable of a county's authority is filtered to the county, that of a city's to all its counties."""
    for authority, region in (
        (POLICE, "21.02.83"),
        (OTHER_POLICE, "21.02.02"),
        (Partner(kind="procuratorate", region="21.02.00"), "21.02.*"),
    ):
        receipts, cases = consumers_for(authority)
        assert (receipts.stream, cases.stream) == ("RECEIPTS", "CASES")
        assert {receipts.name, cases.name} == {authority.user}
        assert tuple(entry.pattern("", region) for entry in heard_by(authority.kind, "CASES")) == cases.subjects
        prefix = f"receipt.{authority.kind}.{authority.token}.request."
        assert all(subject.startswith(prefix) for subject in receipts.subjects)


TRANSFERS = ("case.transferred.v1.21.02.83", "case.transfer.moved.v1.21.02.83")
BEFORE_A_TRANSFER = tuple(
    f"case.{told}.v1.21.02.83" for told in ("sample.left", "withdrawn", "moved", "transfer.refused")
)
CLOCKS = tuple(f"case.clock.{told}.v1.21.02.83" for told in ("approaching", "missed", "revised"))


@pytest.mark.parametrize(
    ("partner", "cases"),
    [
        (POLICE, ("case.referred.v1.21.02.83", "case.referral.withdrawn.v1.21.02.83", *TRANSFERS)),
        (
            PROCURATORATE,
            (
                "case.opened.v1.21.02.83",
                "case.joined.v1.21.02.83",
                "case.referred.v1.21.02.83",
                "case.referral.declined.v1.21.02.83",
                "case.referral.withdrawn.v1.21.02.83",
                *BEFORE_A_TRANSFER,
                *TRANSFERS,
                *CLOCKS,
            ),
        ),
        (
            HEAD,
            (
                "case.opened.v1.21.02.83",
                "case.joined.v1.21.02.83",
                "case.referral.declined.v1.21.02.83",
                *BEFORE_A_TRANSFER,
                *TRANSFERS,
                *CLOCKS,
            ),
        ),
    ],
    ids=lambda value: value.user if isinstance(value, Partner) else "",
)
def test_durables_of_who_has_a_part_in_cases(partner: Partner, cases: tuple[str, ...]) -> None:
    """Police hear of transfers; the procuratorate and the head also what comes before one, and the clocks."""
    party = f"{partner.kind}.{partner.token}"
    assert consumers_for(partner) == (
        Consumer(
            "RECEIPTS",
            partner.user,
            (f"receipt.{party}.request.accepted.v1.*.*.*", f"receipt.{party}.request.refused.v1.*.*.*"),
        ),
        Consumer("CASES", partner.user, cases),
    )


def test_clock_that_falls_due_is_heard_by_its_own_service() -> None:
    """Of the two services that keep clocks neither hears the other's."""
    heard = {service: [one.subjects for one in consumers_of(service) if one.stream == "WORK"] for service in SERVICES}
    assert heard == {
        "sampling": [("clock.sampling.due.v1.*.*.*",)],
        "alerts": [],
        "enforcement": [("clock.enforcement.due.v1.*.*.*",)],
        "insurance": [],
    }


def test_insurer_hears_what_is_addressed_to_it_from_every_region() -> None:
    """The durables of an insurer carry its id in every subject, but for the public lists of operators."""
    assert consumers_for(INSURER) == (
        Consumer("RECEIPTS", "insurer-I007", ("receipt.insurer.I007.policy.rejected.v1.*.*.*",)),
        Consumer("FOOD", "insurer-I007", ("food.operator.listed.v1.*.*.*", "food.operator.relisted.v1.*.*.*")),
        Consumer(
            "NOTICES",
            "insurer-I007",
            ("notice.I007.insurer.notified.v1.*.*.*", "notice.I007.retracted.v1.*.*.*"),
        ),
    )


def test_sampler_hears_its_own_receipts_alone() -> None:
    """A sampler has one durable, whose subjects carry its kind and id, wherever the sample was taken."""
    assert consumers_for(SAMPLER) == (
        Consumer(
            "RECEIPTS",
            "sampler-S01",
            ("receipt.sampler.S01.request.accepted.v1.*.*.*", "receipt.sampler.S01.request.refused.v1.*.*.*"),
        ),
    )


def test_officer_hears_its_receipts_and_the_food_of_its_region() -> None:
    """An officer has a durable of receipts, and of food and cases, whose subjects end in the officer's own region."""
    of_the_city = Partner(kind="officer", id="O100", region="21.02.00")
    for officer, region in ((OFFICER, "21.02.83"), (of_the_city, "21.02.*")):
        cases, food, receipts = sorted(consumers_for(officer), key=lambda consumer: consumer.stream)
        assert ("CASES", "FOOD", "RECEIPTS") == (cases.stream, food.stream, receipts.stream)
        assert {cases.name, food.name, receipts.name} == {officer.user}
        assert tuple(entry.pattern("", region) for entry in heard_by("officer", "CASES")) == cases.subjects
        assert tuple(entry.pattern("", region) for entry in heard_by("officer", "FOOD")) == food.subjects
        assert all(subject.startswith(f"receipt.officer.{officer.id}.request.") for subject in receipts.subjects)


def test_every_stream_is_a_record() -> None:
    """Every stream keeps all that it was given: no deletion, no purge, no age, no size, on disk, with its answers."""
    for config in stream_configs(Settings()):
        kept = (config.deny_delete, config.deny_purge, config.max_age, config.max_msgs, config.max_bytes)
        assert kept == (True, True, 0, -1, -1), config.name
        assert str(config.storage) == "StorageType.FILE"
        assert not config.no_ack


def test_streams_are_those_of_the_catalogue_and_the_dead_letters() -> None:
    """There is a stream for each that the catalogue names, and one for dead letters."""
    assert [config.name for config in stream_configs(Settings())] == STREAMS


def test_messages_are_handed_out_until_they_are_acknowledged() -> None:
    """No durable gives a message up, however often it was handed out."""
    assert [consumer_config(consumer, Settings()).max_deliver for consumer in DURABLES] == [-1] * len(DURABLES)
