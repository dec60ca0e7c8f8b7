"""The server lets each user do what the catalogue says, and refuses the rest."""

import asyncio
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import ConsumerInfo
from nats.js.errors import APIError

from services.provision import write_server_config
from shared.contracts import CATALOGUE, Entry, told_by
from shared.contracts.catalogue import SERVICES, PartnerKind
from shared.keys import new_seed, public_key_of
from shared.partners import PEOPLE, Partner
from shared.permissions import (
    INSIDERS,
    OPERATOR,
    RECORDS,
    STEWARD,
    WATCH,
    WATCH_OF_SERVERS,
    grants,
    inbox_prefix,
    server_config,
)
from shared.record import read_record
from shared.settings import Settings
from shared.streams import Consumer, consumers_for, consumers_of
from tests.servers.nats import (
    HEAD,
    INSURER,
    LABORATORY,
    OFFICER,
    OTHER_SAMPLER,
    PARTNERS,
    POLICE,
    PROCURATORATE,
    SAMPLER,
    NatsServer,
)
from tests.shared.conftest import Enter, Speaker
from tests.shared.test_catalogue import is_covered
from tests.speaking import until

REGION = "21.02.83"
FAILED = "food.sample.failed.v1.21.02.83"
REFERRED = "case.referred.v1.21.02.83"
PUBLISHING = {
    "lab-L0142": {
        "speak as another laboratory": "lab.L0200.result.reported.v1.21.02.83",
        "speak as an insurer": "insurer.I007.policy.bound.v1.21.02.83",
        "speak as an authority": "police.21.02.83.case.answered.v1",
        "tell a failed sample": FAILED,
        "tell a case": REFERRED,
        "write itself a receipt": "receipt.lab.L0142.result.accepted.v1.21.02.83",
        "let a clock fall due": "clock.sampling.due.v1.21.02.83",
        "write a dead letter": "dead.sampling",
        "answer into another's inbox": "_INBOX_lab-L0200.anything",
        "ask what streams there are": "$JS.API.STREAM.NAMES",
        "ask about the account": "$JS.API.INFO",
        "ask about a stream": "$JS.API.STREAM.INFO.PARTNERS",
        "read one message of a stream": "$JS.API.STREAM.MSG.GET.PARTNERS",
        "read one message directly": "$JS.API.DIRECT.GET.PARTNERS",
        "make a consumer": "$JS.API.CONSUMER.CREATE.PARTNERS.spy",
        "make a consumer the old way": "$JS.API.CONSUMER.DURABLE.CREATE.PARTNERS.spy",
        "make a stream": "$JS.API.STREAM.CREATE.SPY",
        "change a stream": "$JS.API.STREAM.UPDATE.PARTNERS",
        "delete a stream": "$JS.API.STREAM.DELETE.PARTNERS",
        "purge a stream": "$JS.API.STREAM.PURGE.PARTNERS",
        "delete a message": "$JS.API.STREAM.MSG.DELETE.PARTNERS",
        "fetch another laboratory's receipts": "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.lab-L0200",
        "look at its own durable": "$JS.API.CONSUMER.INFO.RECEIPTS.lab-L0142",
        "fetch what sampling hears": "$JS.API.CONSUMER.MSG.NEXT.PARTNERS.sampling",
        "ask the system account": "$SYS.REQ.SERVER.PING",
    },
    "police-210283": {
        "fetch another authority's cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.police-210202",
        "look at another authority's durable": "$JS.API.CONSUMER.INFO.CASES.police-210202",
        "acknowledge for another authority": "$JS.ACK.CASES.police-210202.1.1.1.1.0",
        "fetch the procuratorate's cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.procuratorate-210283",
        "change its own durable": "$JS.API.CONSUMER.CREATE.CASES.police-210283",
        "change its own durable's filter": f"$JS.API.CONSUMER.CREATE.CASES.police-210283.{REFERRED}",
        "change its own durable the old way": "$JS.API.CONSUMER.DURABLE.CREATE.CASES.police-210283",
        "change another's durable": "$JS.API.CONSUMER.CREATE.CASES.police-210202",
        "delete its own durable": "$JS.API.CONSUMER.DELETE.CASES.police-210283",
        "pause its own durable": "$JS.API.CONSUMER.PAUSE.CASES.police-210283",
        "reset its own durable": "$JS.API.CONSUMER.RESET.CASES.police-210283",
        "read the notices": "$JS.API.CONSUMER.MSG.NEXT.NOTICES.insurer-I007",
        "read one notice": "$JS.API.STREAM.MSG.GET.NOTICES",
        "answer as other police": "police.210202.case.received.v1.21.02.83",
        "answer as the procuratorate": "procuratorate.210283.case.reasons_demanded.v1.21.02.83",
        "approve a transfer": "head.H001.case.approved.v1.21.02.83",
        "tell a transfer": "case.transferred.v1.21.02.83",
        "write itself a receipt": "receipt.police.210283.request.accepted.v1.21.02.83",
        "speak as an officer": "officer.O001.case.reported.v1.21.02.83",
        "tell of a case": "case.moved.v1.21.02.83",
        "let a clock of a case fall due": "clock.enforcement.due.v1.21.02.83",
        "write the procuratorate a receipt": "receipt.procuratorate.210283.request.accepted.v1.21.02.83",
        "fetch what the agency does before a transfer": "$JS.API.CONSUMER.MSG.NEXT.CASES.head-H001",
        "fetch the procuratorate's receipts": "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.procuratorate-210283",
        "fetch what enforcement hears": "$JS.API.CONSUMER.MSG.NEXT.PARTNERS.enforcement",
    },
    "procuratorate-210283": {
        "file a case as the police": "police.210283.case.filed.v1.21.02.83",
        "answer as another procuratorate": "procuratorate.210202.case.filing_ordered.v1.21.02.83",
        "approve a transfer": "head.H001.case.approved.v1.21.02.83",
        "tell of a case": "case.moved.v1.21.02.83",
        "miss a clock of a case": "case.clock.missed.v1.21.02.83",
        "write itself a receipt": "receipt.procuratorate.210283.request.accepted.v1.21.02.83",
        "fetch the police's cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.police-210283",
    },
    "head-H001": {
        "approve in another county": "head.H001.case.approved.v1.21.02.02",
        "approve for the whole city": "head.H001.case.approved.v1.21.02.00",
        "approve as another head": "head.H002.case.approved.v1.21.02.83",
        "report as an officer": "officer.O001.case.reported.v1.21.02.83",
        "report under its prefix": "head.H001.case.reported.v1.21.02.83",
        "file a case": "police.210283.case.filed.v1.21.02.83",
        "tell a transfer": "case.transferred.v1.21.02.83",
        "tell of a case": "case.moved.v1.21.02.83",
        "write itself a receipt": "receipt.head.H001.request.accepted.v1.21.02.83",
        "speak under its prefix as it likes": "head.H001.anything",
        "fetch an officer's cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.officer-O001",
    },
    "insurer-I007": {
        "fetch another insurer's notices": "$JS.API.CONSUMER.MSG.NEXT.NOTICES.insurer-I012",
        "look at another insurer's durable": "$JS.API.CONSUMER.INFO.NOTICES.insurer-I012",
        "acknowledge for another insurer": "$JS.ACK.NOTICES.insurer-I012.1.1.1.1.0",
        "speak as another insurer": "insurer.I012.policy.bound.v1.21.02.83",
        "read the cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.police-210283",
    },
    "sampler-S01": {
        "speak as another sampler": "sampler.S02.sample.collected.v1.21.02.83",
        "speak in another county": "sampler.S01.sample.collected.v1.21.02.02",
        "speak for the whole city": "sampler.S01.sample.collected.v1.21.02.00",
        "speak for no region": "sampler.S01.sample.collected.v1",
        "speak for half a region": "sampler.S01.sample.collected.v1.21.02",
        "speak behind its region": "sampler.S01.sample.collected.v1.21.02.83.21.02.02",
        "speak in every county at once": "sampler.S01.sample.collected.v1.21.02.*",
        "say what no event is": "sampler.S01.sample.eaten.v1.21.02.83",
        "say an event of another version": "sampler.S01.sample.collected.v2.21.02.83",
        "say an officer's event under its prefix": "sampler.S01.plan.adopted.v1.21.02.83",
        "adopt a plan": "officer.O001.plan.adopted.v1.21.02.83",
        "settle a result": "officer.O001.result.settled.v1.21.02.83",
        "act as an officer of its own id": "officer.S01.clock.corrected.v1.21.02.83",
        "report as a laboratory": "lab.L0142.result.reported.v1.21.02.83",
        "receive as a laboratory": "lab.S01.sample.received.v1.21.02.83",
        "tell a failed sample": FAILED,
        "write itself a receipt": "receipt.sampler.S01.request.accepted.v1.21.02.83",
        "write a dead letter": "dead.sampling",
        "answer into another's inbox": "_INBOX_sampler-S02.anything",
        "fetch another's receipts": "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.sampler-S02",
        "acknowledge another's receipts": "$JS.ACK.RECEIPTS.sampler-S02.1.1.1.1.0",
        "fetch an officer's receipts": "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.officer-O001",
        "fetch what officers hear": "$JS.API.CONSUMER.MSG.NEXT.FOOD.officer-O001",
        "fetch what samplers do not hear": "$JS.API.CONSUMER.MSG.NEXT.FOOD.sampler-S01",
        "make a consumer of food": "$JS.API.CONSUMER.CREATE.FOOD.sampler-S01",
        "read one message of food": "$JS.API.STREAM.MSG.GET.FOOD",
        "read one receipt": "$JS.API.STREAM.MSG.GET.RECEIPTS",
        "read one receipt directly": "$JS.API.DIRECT.GET.RECEIPTS",
        "change its own durable": "$JS.API.CONSUMER.CREATE.RECEIPTS.sampler-S01",
        "change its own durable the old way": "$JS.API.CONSUMER.DURABLE.CREATE.RECEIPTS.sampler-S01",
        "delete its own durable": "$JS.API.CONSUMER.DELETE.RECEIPTS.sampler-S01",
    },
    "officer-O001": {
        "speak as another officer": "officer.O002.plan.adopted.v1.21.02.83",
        "sign as another officer": "officer.O003.case.signed.v1.21.02.83",
        "report in another county": "officer.O001.case.reported.v1.21.02.02",
        "approve a transfer": "head.H001.case.approved.v1.21.02.83",
        "approve under its prefix": "officer.O001.case.approved.v1.21.02.83",
        "answer as the police": "police.210283.case.received.v1.21.02.83",
        "answer as the procuratorate": "procuratorate.210283.case.filing_ordered.v1.21.02.83",
        "tell of a case": "case.moved.v1.21.02.83",
        "tell a transfer": "case.transferred.v1.21.02.83",
        "speak in another county": "officer.O001.plan.adopted.v1.21.02.02",
        "speak for the whole city": "officer.O001.plan.adopted.v1.21.02.00",
        "say what no event is": "officer.O001.result.overturned.v1.21.02.83",
        "collect a sample": "sampler.S01.sample.collected.v1.21.02.83",
        "collect a sample under its prefix": "officer.O001.sample.collected.v1.21.02.83",
        "overturn a sample": "food.sample.overturned.v1.21.02.83",
        "revise a clock": "food.clock.revised.v1.21.02.83",
        "let a clock fall due": "clock.sampling.due.v1.21.02.83",
        "write itself a receipt": "receipt.officer.O001.request.accepted.v1.21.02.83",
        "fetch another officer's receipts": "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.officer-O002",
        "fetch what another officer hears": "$JS.API.CONSUMER.MSG.NEXT.FOOD.officer-O002",
        "acknowledge for another officer": "$JS.ACK.FOOD.officer-O002.1.1.1.1.0",
        "fetch the cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.police-210283",
        "fetch what sampling hears": "$JS.API.CONSUMER.MSG.NEXT.PARTNERS.sampling",
        "change its own durable": "$JS.API.CONSUMER.CREATE.FOOD.officer-O001",
        "widen its own durable": f"$JS.API.CONSUMER.CREATE.FOOD.officer-O001.{FAILED}",
        "change its own durable the old way": "$JS.API.CONSUMER.DURABLE.CREATE.FOOD.officer-O001",
        "read one message of food": "$JS.API.STREAM.MSG.GET.FOOD",
    },
    "officer-O100": {
        "act in another city": "officer.O100.plan.adopted.v1.21.01.02",
        "act in another province": "officer.O100.plan.adopted.v1.22.02.83",
        "act for the whole province": "officer.O100.plan.adopted.v1.21.00.00",
    },
    "alerts": {
        "tell a failed sample": FAILED,
        "tell a case": REFERRED,
        "tell a notice": "notice.I007.insurer.notified.v1.21.02.83",
        "write a receipt": "receipt.lab.L0142.result.accepted.v1.21.02.83",
        "speak as a laboratory": "lab.L0142.result.reported.v1.21.02.83",
        "let another's clock fall due": "clock.sampling.due.v1.21.02.83",
        "write another's dead letter": "dead.sampling",
        "fetch what enforcement hears": "$JS.API.CONSUMER.MSG.NEXT.FOOD.enforcement",
        "acknowledge for enforcement": "$JS.ACK.FOOD.enforcement.1.1.1.1.0",
        "change its own durable": "$JS.API.CONSUMER.CREATE.FOOD.alerts",
        "read the cases": "$JS.API.CONSUMER.CREATE.CASES.alerts-tail",
        "read one case": "$JS.API.STREAM.MSG.GET.CASES",
        "change a stream": "$JS.API.STREAM.UPDATE.FOOD",
        "purge a stream": "$JS.API.STREAM.PURGE.FOOD",
    },
    "enforcement": {
        "approve a transfer": "head.H001.case.approved.v1.21.02.83",
        "sign as an officer": "officer.O001.case.signed.v1.21.02.83",
        "answer as the police": "police.210283.case.received.v1.21.02.83",
        "answer as the procuratorate": "procuratorate.210283.case.filing_ordered.v1.21.02.83",
        "let sampling's clock fall due": "clock.sampling.due.v1.21.02.83",
        "revise a clock of a sample": "food.clock.revised.v1.21.02.83",
        "tell a failed sample": FAILED,
        "accept a report": "receipt.lab.L0142.result.accepted.v1.21.02.83",
        "tell a notice": "notice.I007.insurer.notified.v1.21.02.83",
        "fetch what sampling hears": "$JS.API.CONSUMER.MSG.NEXT.PARTNERS.sampling",
        "fetch the police's cases": "$JS.API.CONSUMER.MSG.NEXT.CASES.police-210283",
    },
    "insurance": {
        "tell a case": REFERRED,
        "tell of a case": "case.moved.v1.21.02.83",
        "answer the police": "receipt.police.210283.request.accepted.v1.21.02.83",
        "list an operator": "food.operator.listed.v1.21.02.83",
    },
    "sampling": {
        "tell a case": REFERRED,
        "tell of a case": "case.moved.v1.21.02.83",
        "let enforcement's clock fall due": "clock.enforcement.due.v1.21.02.83",
        "approve a transfer": "head.H001.case.approved.v1.21.02.83",
        "list an operator": "food.operator.listed.v1.21.02.83",
        "refuse a policy": "receipt.insurer.I007.policy.rejected.v1.21.02.83",
        "raise an alert": "food.alert.raised.v1.21.02.83",
        "report as a laboratory": "lab.L0142.result.reported.v1.21.02.83",
        "collect a sample": "sampler.S01.sample.collected.v1.21.02.83",
        "settle a result": "officer.O001.result.settled.v1.21.02.83",
    },
    OPERATOR: {
        **{
            f"tell {entry.event.__name__}": entry.subject(REGION, {"": "", "one": "X1"}.get(entry.party, "lab.X1"))
            for entry in CATALOGUE
        },
        "write a dead letter": "dead.alerts",
        "acknowledge for a service": "$JS.ACK.FOOD.alerts.1.1.1.1.0",
        "fetch what a service hears": "$JS.API.CONSUMER.MSG.NEXT.FOOD.alerts",
        "change a service's durable": "$JS.API.CONSUMER.CREATE.FOOD.alerts",
        "delete a service's durable": "$JS.API.CONSUMER.DELETE.FOOD.alerts",
        "change a stream": "$JS.API.STREAM.UPDATE.FOOD",
        "purge a stream": "$JS.API.STREAM.PURGE.FOOD",
        "delete a message": "$JS.API.STREAM.MSG.DELETE.FOOD",
        "delete a stream": "$JS.API.STREAM.DELETE.FOOD",
    },
    WATCH: {
        "tell a failed sample": FAILED,
        "write a dead letter": "dead.alerts",
        "read a dead letter": "$JS.API.STREAM.MSG.GET.DEAD",
        "read a stream that is no record": "$JS.API.STREAM.MSG.GET.OTHER",
        "read a stream through a consumer": "$JS.API.CONSUMER.CREATE.FOOD.watch",
        "fetch what a service hears": "$JS.API.CONSUMER.MSG.NEXT.FOOD.alerts",
        "acknowledge for a service": "$JS.ACK.FOOD.alerts.1.1.1.1.0",
        "delete a service's durable": "$JS.API.CONSUMER.DELETE.FOOD.alerts",
        "change a stream": "$JS.API.STREAM.UPDATE.FOOD",
        "purge a stream": "$JS.API.STREAM.PURGE.FOOD",
        "delete a message": "$JS.API.STREAM.MSG.DELETE.FOOD",
        "ask the servers": "$SYS.REQ.SERVER.PING.VARZ",
    },
    STEWARD: {"tell a failed sample": FAILED, "speak as a laboratory": "lab.L0142.result.reported.v1.21.02.83"},
}
LISTENING = {
    "lab-L0142": {
        "another laboratory": "lab.L0200.>",
        "every laboratory": "lab.>",
        "food": "food.>",
        "cases": "case.>",
        "everything": ">",
        "one wildcard token": "*",
        "another's inbox": "_INBOX_lab-L0200.>",
        "every inbox": "_INBOX.>",
        "another's receipts": "receipt.lab.L0200.>",
        "requests to the bus": "$JS.API.>",
        "the system": "$SYS.>",
    },
    "police-210283": {
        "notices": "notice.>",
        "cases outside its durable": "case.>",
        "what the agency does before a transfer": "case.moved.v1.21.02.83",
        "clocks of cases": "case.clock.>",
        "clocks that fall due": "clock.>",
        "food": "food.>",
        "officers": "officer.>",
        "the procuratorate": "procuratorate.>",
        "the procuratorate's inbox": "_INBOX_procuratorate-210283.>",
    },
    "procuratorate-210283": {
        "cases outside its durable": "case.>",
        "the police": "police.>",
        "its own receipts past its durable": "receipt.procuratorate.210283.>",
        "the police's receipts": "receipt.police.210283.>",
        "the police's inbox": "_INBOX_police-210283.>",
    },
    "head-H001": {
        "cases outside its durable": "case.>",
        "officers": "officer.>",
        "an officer's receipts": "receipt.officer.O001.>",
        "an officer's inbox": "_INBOX_officer-O001.>",
    },
    "insurer-I007": {"another insurer's notices": "notice.I012.>", "laboratories": "lab.>"},
    "sampler-S01": {
        "another sampler": "sampler.S02.>",
        "another's receipts": "receipt.sampler.S02.>",
        "its own receipts past its durable": "receipt.sampler.S01.>",
        "food": "food.>",
        "another's inbox": "_INBOX_sampler-S02.>",
        "everything": ">",
    },
    "officer-O001": {
        "food past its durable": "food.>",
        "another officer": "officer.O002.>",
        "another's receipts": "receipt.officer.O002.>",
        "another's inbox": "_INBOX_officer-O002.>",
        "cases": "case.>",
        "the head": "head.H001.>",
        "the head's inbox": "_INBOX_head-H001.>",
    },
    "alerts": {"laboratories": "lab.>", "cases": "case.>", "enforcement's inbox": "_INBOX_enforcement.>"},
    WATCH: {"food": "food.>", "everything": ">", "the operator's inbox": "_INBOX_operator.>"},
    OPERATOR: {"laboratories as they speak": "lab.>", "a service's inbox": "_INBOX_alerts.>"},
}
PARTIES = {
    "lab": "L0142",
    "insurer": "I007",
    "sampler": "S01",
    "officer": "O001",
    "head": "H001",
    "police": "210283",
    "procuratorate": "210283",
}
CITY_OFFICER = Partner(kind="officer", id="O100", region="21.02.00")
CITY_PROCURATORATE = Partner(kind="procuratorate", region="21.02.00")
EVERYBODY = (*PARTNERS, CITY_OFFICER, CITY_PROCURATORATE)


@pytest.fixture(scope="module")
def quiet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A provisioned exchange with two partners of the city as well, for the tests that change nothing on it."""
    server = NatsServer(tmp_path_factory.mktemp("exchange"), EVERYBODY)
    server.start()
    asyncio.run(server.provision(Settings(nats_url=server.url, keys_folder=server.keys)))
    yield server
    server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """A nats-server that knows two partners of the city as well, and no streams yet."""
    server = NatsServer(tmp_path, EVERYBODY)
    server.start()
    yield server
    server.kill()


def cases(table: dict[str, dict[str, str]]) -> list[Any]:
    """One parameter set for each user and what it tries."""
    return [
        pytest.param(user, subject, id=f"{user}: {what}")
        for user, tries in table.items()
        for what, subject in tries.items()
    ]


async def stored(operator: Client) -> int:
    """How many messages all records hold."""
    infos = [await operator.jetstream().stream_info(stream) for stream in RECORDS]
    return sum(info.state.messages for info in infos)


async def fetch(client: Client, consumer: Consumer, batch: int = 10) -> list[str]:
    """Fetch from a durable and acknowledge; the subjects of what came."""
    subscription = await client.jetstream().pull_subscribe_bind(
        durable=consumer.name,
        stream=consumer.stream,
        inbox_prefix=f"{inbox_prefix(consumer.name)}.".encode(),
    )
    messages = await subscription.fetch(batch, timeout=2)
    for message in messages:
        await message.ack()
    await subscription.unsubscribe()
    return [message.subject for message in messages]


async def durable(operator: Client, consumer: Consumer) -> ConsumerInfo:
    """What the operator sees of a durable."""
    info: ConsumerInfo = await operator.jetstream().consumer_info(consumer.stream, consumer.name)
    return info


def subjects_told(teller: str, entry: Entry, listener: str = "") -> str:
    """One subject on which the teller says such an event, to this listener where it is addressed."""
    one = PARTIES.get(teller, teller if entry.type.startswith("clock.") else "I007")
    kinds = [f"{kind}.{PARTIES[kind]}" for kind in entry.consumers if kind in PARTIES and listener in ("", kind)]
    party = {"": "", "one": one, "kind and one": kinds[0] if kinds else ""}
    return entry.subject(REGION, party[entry.party])


def is_of_another(entry: Entry, producer: str, listener: str) -> bool:
    """Whether it is the clock of another service, whose due messages that service alone hears."""
    return entry.type.startswith("clock.") and producer != listener


@pytest.mark.parametrize(("user", "subject"), cases(PUBLISHING))
async def test_publishing_is_refused(enter_quietly: Enter, user: str, subject: str) -> None:
    """What a user may not say or ask is refused by the server, and nothing is stored."""
    speaker, operator = await enter_quietly(user), await enter_quietly(OPERATOR)
    await speaker.client.publish(subject, b"{}")
    await until(lambda: bool(speaker.refusals))
    assert [f'nats: permissions violation for publish to "{subject.lower()}"'] == speaker.refusals
    assert await stored(operator.client) == 0


@pytest.mark.parametrize(("user", "subject"), cases(LISTENING))
async def test_listening_is_refused(enter_quietly: Enter, user: str, subject: str) -> None:
    """What a user may not hear is refused by the server, alone and in a queue."""
    speaker = await enter_quietly(user)
    await speaker.client.subscribe(subject)
    await until(lambda: len(speaker.refusals) == 1)
    await speaker.client.subscribe(subject, queue="spies")
    await until(lambda: len(speaker.refusals) == 2)
    refused = f'nats: permissions violation for subscription to "{subject.lower()}"'
    assert [refused, f'{refused} using queue "spies"'] == speaker.refusals


async def test_authority_reads_its_own_cases_and_no_other(enter: Enter, operator: Client) -> None:
    """Of two cases in two counties each police gets its own; what it asks of the other's durable takes nothing."""
    enforcement, police = await enter("enforcement"), await enter(POLICE.user)
    for region in ("21.02.83", "21.02.02"):
        await enforcement.client.jetstream().publish(f"case.referred.v1.{region}", b"{}")
    own = next(consumer for consumer in consumers_for(POLICE) if consumer.stream == "CASES")
    other = Consumer("CASES", "police-210202", ())
    assert await fetch(police.client, own) == [REFERRED]
    subscription = await police.client.jetstream().pull_subscribe_bind(
        durable=other.name, stream=other.stream, inbox_prefix=f"{inbox_prefix(POLICE.user)}.".encode()
    )
    with pytest.raises(NatsTimeoutError):
        await subscription.fetch(1, timeout=0.3)
    assert (await durable(operator, other)).num_pending == 1
    assert (await durable(operator, own)).num_pending == 0


async def test_authority_cannot_acknowledge_for_another(enter: Enter, operator: Client) -> None:
    """An acknowledgement of a message that another police holds is refused, and the message stays unacknowledged."""
    enforcement, police, other = await enter("enforcement"), await enter(POLICE.user), await enter("police-210202")
    await enforcement.client.jetstream().publish("case.referred.v1.21.02.02", b"{}")
    subscription = await other.client.jetstream().pull_subscribe_bind(
        durable="police-210202", stream="CASES", inbox_prefix=b"_INBOX_police-210202."
    )
    (held,) = await subscription.fetch(1, timeout=2)
    await police.client.publish(held.reply, b"+ACK")
    await until(lambda: bool(police.refusals))
    assert (await durable(operator, Consumer("CASES", "police-210202", ()))).num_ack_pending == 1


@pytest.mark.parametrize(
    "body",
    [
        {"stream_name": "CASES", "config": {"name": "alerts-tail"}},
        {"stream_name": "FOOD", "config": {"name": "enforcement", "durable_name": "enforcement"}},
    ],
    ids=["another stream", "another's durable"],
)
async def test_request_cannot_name_in_its_body_what_its_subject_may_not(
    enter: Enter, operator: Client, body: dict[str, Any]
) -> None:
    """A consumer's making is refused when the body names another stream or consumer than the permitted subject."""
    alerts = await enter("alerts")
    before = (await durable(operator, Consumer("FOOD", "enforcement", ()))).config
    answer = await alerts.client.request("$JS.API.CONSUMER.CREATE.FOOD.alerts-tail", json.dumps(body).encode())
    assert "error" in json.loads(answer.data)
    assert before == (await durable(operator, Consumer("FOOD", "enforcement", ()))).config


@pytest.mark.parametrize("options", [{}, {"nkeys_seed_str": new_seed()}], ids=["no key", "an unknown key"])
async def test_stranger_cannot_connect(server: NatsServer, options: dict[str, Any]) -> None:
    """Without a key that the server knows there is no connection."""
    stranger = Client()
    with pytest.raises(NatsError, match="Authorization Violation"):
        await stranger.connect(server.url, allow_reconnect=False, error_cb=ignore, **options)
    await stranger.close()


async def ignore(error: Exception) -> None:
    """The error is raised as well."""
    del error


async def test_partner_without_a_key_cannot_connect(tmp_path: Path) -> None:
    """A partner that has handed in no key is no user of the server."""
    config = write_server_config(tmp_path, [LABORATORY], listen="127.0.0.1:1", store=tmp_path)
    assert "L0142" not in config.read_text("utf-8")


@pytest.mark.parametrize("stream", RECORDS)
async def test_records_stay_whoever_asks(enter: Enter, operator: Client, stream: str) -> None:
    """Not even the steward can purge a record or delete a message of it."""
    writers = {"PARTNERS": "lab-L0142", "FOOD": "alerts", "CASES": "enforcement", "NOTICES": "insurance"}
    subjects = {
        "PARTNERS": "lab.L0142.anything",
        "FOOD": "food.alert.raised.v1.21.02.83",
        "CASES": REFERRED,
        "NOTICES": "notice.notdue.v1.21.02.83",
        "RECEIPTS": "receipt.lab.L0142.result.accepted.v1.21.02.83",
        "WORK": "clock.sampling.due.v1.21.02.83",
        "DEAD": "dead.sampling",
    }
    writer, steward = await enter(writers.get(stream, "sampling")), await enter(STEWARD)
    await writer.client.jetstream().publish(subjects[stream], b"evidence")
    with pytest.raises(APIError) as purged:
        await steward.client.jetstream().purge_stream(stream)
    with pytest.raises(APIError) as deleted:
        await steward.client.jetstream().delete_msg(stream, 1)
    assert purged.value.description == "stream purge not permitted"
    assert deleted.value.description == "message delete not permitted"
    assert (await operator.jetstream().get_msg(stream, 1)).data == b"evidence"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Nats-Rollup": "all"}, "rollup not permitted"),
        ({"Nats-Rollup": "sub"}, "rollup not permitted"),
        ({"Nats-TTL": "1s"}, "per-message TTL is disabled"),
        ({"Nats-Incr": "1"}, "message counters is disabled"),
        (
            {"Nats-Schedule": "@at 2030-01-01T00:00:00Z", "Nats-Schedule-Target": FAILED},
            "message schedules is disabled",
        ),
    ],
    ids=["roll up all", "roll up the subject", "time to live", "counter", "schedule"],
)
async def test_header_cannot_change_the_record(
    enter: Enter, operator: Client, headers: dict[str, str], said: str
) -> None:
    """A header that would replace, shorten or redirect the record is refused, and what was there stays."""
    jetstream = (await enter("lab-L0142")).client.jetstream()
    await jetstream.publish("lab.L0142.anything", b"evidence")
    with pytest.raises(APIError) as refused:
        await jetstream.publish("lab.L0142.anything", b"other", headers=headers)
    assert said == refused.value.description
    assert await stored(operator) == 1


async def test_record_cannot_be_opened_for_deletion(enter: Enter) -> None:
    """The steward cannot lift the ban on deleting and purging from a stream that has it."""
    jetstream = (await enter(STEWARD)).client.jetstream()
    config = (await jetstream.stream_info("FOOD")).config
    for ban in ("deny_delete", "deny_purge"):
        with pytest.raises(APIError, match="can not cancel"):
            await jetstream.update_stream(config.evolve(**{ban: False}))
    assert config == (await jetstream.stream_info("FOOD")).config


@pytest.mark.parametrize(
    ("teller", "entry"),
    [(teller, entry) for teller in (*SERVICES, *PARTIES) for entry in told_by(teller)],
    ids=lambda value: value if isinstance(value, str) else value.event.__name__,
)
async def test_everyone_may_say_what_the_catalogue_gives_it(enter: Enter, teller: str, entry: Entry) -> None:
    """Each teller's event is taken by the stream that the catalogue names."""
    speaker = await enter(f"{teller}-{PARTIES[teller]}" if teller in PARTIES else teller)
    acknowledgement = await speaker.client.jetstream().publish(subjects_told(teller, entry), b"{}")
    assert entry.stream == acknowledgement.stream
    assert speaker.refusals == []


@pytest.mark.parametrize(
    ("user", "consumer"),
    [(service, consumer) for service in SERVICES for consumer in consumers_of(service)]
    + [
        (partner.user, consumer)
        for partner in (LABORATORY, INSURER, POLICE, PROCURATORATE, SAMPLER, OFFICER, HEAD)
        for consumer in consumers_for(partner)
    ],
    ids=lambda value: value if isinstance(value, str) else value.stream,
)
async def test_everyone_may_read_its_durables(enter: Enter, operator: Client, user: str, consumer: Consumer) -> None:
    """Each listener fetches and acknowledges, through its own durable, one of every event that it hears."""
    kind = user.partition("-")[0]
    told = {
        subjects_told(producer, entry, kind if kind in PARTIES else ""): producer
        for entry in CATALOGUE
        for producer in entry.producers
        if entry.stream == consumer.stream and kind in entry.consumers and not is_of_another(entry, producer, kind)
    }
    for subject, producer in told.items():
        speaker = await enter(f"{producer}-{PARTIES[producer]}" if producer in PARTIES else producer)
        await speaker.client.jetstream().publish(subject, b"{}")
    listener = await enter(user)
    assert list(told) == await fetch(listener.client, consumer, batch=len(told))
    assert (await durable(operator, consumer)).num_pending == 0
    await until(lambda: acknowledged(operator, consumer))
    assert listener.refusals == []


@pytest.mark.parametrize(
    ("user", "subject", "payload", "reply"),
    [
        ("lab-L0142", "lab.L0142.result.reported.v1.21.02.83", b"{}", FAILED),
        ("lab-L0142", "lab.L0142.result.reported.v1.21.02.83", b"{}", "lab.L0200.result.reported.v1.21.02.83"),
        ("lab-L0142", "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.lab-L0142", b'{"batch":1,"no_wait":true}', REFERRED),
        ("police-210283", "$JS.API.CONSUMER.MSG.NEXT.CASES.police-210283", b'{"batch":1,"no_wait":true}', FAILED),
    ],
)
async def test_answers_of_the_server_cannot_be_sent_into_the_record(
    enter: Enter, operator: Client, user: str, subject: str, payload: bytes, reply: str
) -> None:
    """A partner that names a subject of the record as the place for the server's answer puts nothing there."""
    telling = await enter("enforcement")
    await telling.client.jetstream().publish(REFERRED, b"{}")  # something for the police to fetch
    before = await messages(operator)
    partner = await enter(user)
    await partner.client.publish(subject, payload, reply=reply)
    await partner.client.flush()
    await partner.client.jetstream().publish("lab.L0142.x", b"") if user == "lab-L0142" else None
    await telling.client.flush()
    after = await messages(operator)
    assert {stream: count for stream, count in after.items() if stream != "PARTNERS"} == {
        stream: count for stream, count in before.items() if stream != "PARTNERS"
    }
    said = [message.subject async for message in read_record(operator, "PARTNERS", name=OPERATOR)]
    assert all(one.startswith("lab.L0142.") for one in said)


async def test_anothers_inbox_gets_nothing_but_what_its_speaker_has(enter: Enter) -> None:
    """Who names another's inbox for the answers sends there the bus's word and their own receipts, under their name."""
    sampling, speaker, other = await enter("sampling"), await enter(SAMPLER.user), await enter(OTHER_SAMPLER.user)
    for party in ("sampler.S01", "sampler.S02"):
        await sampling.client.jetstream().publish(f"receipt.{party}.request.accepted.v1.21.02.83", party.encode())
    inbox = f"{inbox_prefix(OTHER_SAMPLER.user)}.guessed"
    arrived = await other.client.subscribe(inbox)
    await other.client.flush()
    fetch_one = b'{"batch":1,"no_wait":true}'
    await speaker.client.publish("sampler.S01.sample.collected.v1.21.02.83", b"{}", reply=inbox)
    await speaker.client.publish("$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.sampler-S01", fetch_one, reply=inbox)
    assert {
        inbox: b'{"stream":"PARTNERS","seq":1}',
        "receipt.sampler.S01.request.accepted.v1.21.02.83": b"sampler.S01",
    } == {message.subject: message.data for message in [await arrived.next_msg(timeout=5) for _ in range(2)]}
    (own,) = consumers_for(OTHER_SAMPLER)
    assert await fetch(other.client, own) == ["receipt.sampler.S02.request.accepted.v1.21.02.83"]


async def test_officer_hears_the_food_of_its_own_region(enter: Enter) -> None:
    """Of failed samples in three places an officer of a county hears its own, one of the city those of its counties."""
    sampling = await enter("sampling")
    for region in ("21.02.83", "21.02.02", "21.01.02"):
        await sampling.client.jetstream().publish(f"food.sample.failed.v1.{region}", b"{}")
    county, city = await enter(OFFICER.user), await enter(CITY_OFFICER.user)
    assert await fetch(county.client, Consumer("FOOD", OFFICER.user, ())) == [FAILED]
    assert await fetch(city.client, Consumer("FOOD", CITY_OFFICER.user, ())) == [
        FAILED,
        "food.sample.failed.v1.21.02.02",
    ]


async def test_procuratorate_of_a_city_hears_all_its_counties(enter: Enter) -> None:
    """Of cases in three places a county's procuratorate hears its own, the city's those of its counties."""
    enforcement = await enter("enforcement")
    for region in ("21.02.83", "21.02.02", "21.01.02"):
        await enforcement.client.jetstream().publish(f"case.moved.v1.{region}", b"{}")
    county, city = await enter(PROCURATORATE.user), await enter(CITY_PROCURATORATE.user)
    assert ["case.moved.v1.21.02.83"] == await fetch(county.client, Consumer("CASES", PROCURATORATE.user, ()))
    assert ["case.moved.v1.21.02.83", "case.moved.v1.21.02.02"] == await fetch(
        city.client, Consumer("CASES", CITY_PROCURATORATE.user, ())
    )


async def test_police_hear_nothing_of_a_case_before_its_transfer(enter: Enter) -> None:
    """What the agency does and which periods run reaches procuratorate and head; the police hear of the transfer."""
    enforcement = await enter("enforcement")
    told = [f"case.{what}.v1.{REGION}" for what in ("moved", "transfer.refused", "clock.missed", "transferred")]
    for subject in told:
        await enforcement.client.jetstream().publish(subject, b"{}")
    for listener, heard in ((POLICE, told[-1:]), (PROCURATORATE, told), (HEAD, told)):
        client = (await enter(listener.user)).client
        assert heard == await fetch(client, Consumer("CASES", listener.user, ()))


@pytest.mark.parametrize("region", ["21.02.83", "21.02.02", "21.02.00"])
async def test_officer_of_a_city_acts_in_all_its_counties(enter: Enter, region: str) -> None:
    """What 00 stands for in a person's region lets them act in each county below, and for the whole."""
    speaker = await enter(CITY_OFFICER.user)
    taken = await speaker.client.jetstream().publish(f"officer.O100.plan.adopted.v1.{region}", b"{}")
    assert taken.stream == "PARTNERS"


async def messages(operator: Client) -> dict[str, int]:
    """How many messages each stream holds."""
    return {stream: (await operator.jetstream().stream_info(stream)).state.messages for stream in RECORDS}


async def acknowledged(operator: Client, consumer: Consumer) -> bool:
    """Whether nothing that the durable handed out is open."""
    return (await durable(operator, consumer)).num_ack_pending == 0


async def test_operator_reads_every_record(enter: Enter, operator: Client) -> None:
    """The operator, who may write nothing, reads each record from its beginning."""
    sampling = await enter("sampling")
    for subject in (FAILED, "receipt.lab.L0142.result.accepted.v1.21.02.83", "dead.sampling"):
        await sampling.client.jetstream().publish(subject, b"{}")
    read = {
        stream: [message.subject async for message in read_record(operator, stream, name=OPERATOR)]
        for stream in RECORDS
    }
    assert read["FOOD"] == [FAILED]
    assert read["RECEIPTS"] == ["receipt.lab.L0142.result.accepted.v1.21.02.83"]
    assert read["DEAD"] == ["dead.sampling"]
    assert set(RECORDS) == set(read)


async def test_service_reads_the_tail_of_what_it_tells(enter: Enter) -> None:
    """A service can read the streams that it tells on, to find what it published before."""
    alerts = await enter("alerts")
    await alerts.client.jetstream().publish("food.alert.raised.v1.21.02.83", b"{}")
    for stream, expected in (("FOOD", ["food.alert.raised.v1.21.02.83"]), ("DEAD", [])):
        tail = read_record(alerts.client, stream, name="alerts-tail", headers_only=True)
        assert expected == [message.subject async for message in tail]
    assert alerts.refusals == []


async def test_inbox_is_its_owners_alone(enter: Enter) -> None:
    """Answers to one user's requests arrive in an inbox that carries its name."""
    laboratory: Speaker = await enter("lab-L0142")
    inbox = laboratory.client.new_inbox()
    assert inbox.startswith("_INBOX_lab-L0142.")
    await laboratory.client.subscribe(inbox)
    await laboratory.client.flush()
    assert laboratory.refusals == []


# the generated configuration


def configuration(partners: tuple[Partner, ...] = PARTNERS) -> tuple[str, dict[str, str]]:
    """A configuration in which every partner has a key, and the seeds of all its users."""
    seeds = {user: new_seed() for user in (*INSIDERS, *(partner.user for partner in partners))}
    keyed = [partner.model_copy(update={"public_key": public_key_of(seeds[partner.user])}) for partner in partners]
    insiders = {user: public_key_of(seeds[user]) for user in INSIDERS}
    text = server_config(grants(keyed, insiders), listen="127.0.0.1:4222", store=Path("var/jetstream"))
    return text, seeds


def test_configuration_has_one_user_for_each_partner_and_service() -> None:
    """The steward, the operator, the watch, each service and each partner is a user once, by its own key."""
    text, seeds = configuration()
    users = [*INSIDERS, *(partner.user for partner in PARTNERS)]
    assert sorted(users) == sorted(re.findall(r"# (\S+)$", text, re.MULTILINE))
    assert sorted(public_key_of(seeds[user]) for user in seeds) == sorted(re.findall(r"nkey: (\S+),", text))


def test_configuration_holds_no_seed() -> None:
    """A seed never enters the server's configuration."""
    text, seeds = configuration()
    assert [user for user, seed in seeds.items() if seed in text] == []
    assert None is re.search(r"\bSU[A-Z2-7]{20,}", text)


def test_configuration_follows_from_its_inputs(tmp_path: Path) -> None:
    """Written twice with the same keys and partners, the file is the same byte for byte."""
    first, second = (
        write_server_config(tmp_path, PARTNERS, listen="[::1]:4222", store=tmp_path / "s", make_partner_keys=True)
        .read_bytes()
        .splitlines()
        for _ in range(2)
    )
    assert first == second


def test_configuration_has_no_user_for_a_partner_without_a_key() -> None:
    """A partner without a public key is left out; the others stay."""
    insiders = {user: public_key_of(new_seed()) for user in INSIDERS}
    users = [grant.user for grant in grants(PARTNERS, insiders)]
    assert list(INSIDERS) == users


def test_laboratory_is_granted_its_prefix_its_receipts_and_its_inbox() -> None:
    """The grant of a laboratory is these three subjects to publish and one to hear."""
    keyed = LABORATORY.model_copy(update={"public_key": public_key_of(new_seed())})
    grant = grants([keyed], {user: public_key_of(new_seed()) for user in INSIDERS})[-1]
    assert grant.user == "lab-L0142"
    assert list(grant.publish) == [
        "lab.L0142.>",
        "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.lab-L0142",
        "$JS.ACK.RECEIPTS.lab-L0142.>",
    ]
    assert 'subscribe: { allow: ["_INBOX_lab-L0142.>"] }' in grant.text()


@pytest.mark.parametrize("authority", [POLICE, PROCURATORATE, CITY_PROCURATORATE], ids=lambda one: one.user)
def test_authority_is_granted_its_prefix_its_durables_and_its_inbox(authority: Partner) -> None:
    """Its prefix is its kind and its region in figures; a city's is no county's."""
    keyed = authority.model_copy(update={"public_key": public_key_of(new_seed())})
    grant = grants([keyed], {user: public_key_of(new_seed()) for user in INSIDERS})[-1]
    assert list(grant.publish) == [
        f"{authority.kind}.{authority.region.replace('.', '')}.>",
        *(
            subject
            for stream in ("RECEIPTS", "CASES")
            for subject in (
                f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{authority.user}",
                f"$JS.ACK.{stream}.{authority.user}.>",
            )
        ),
    ]
    assert f'subscribe: {{ allow: ["_INBOX_{authority.user}.>"] }}' in grant.text()


def test_head_is_granted_its_three_decisions_in_its_county() -> None:
    """To approve, to refuse and to have a typical case published; nothing that an officer says."""
    keyed = HEAD.model_copy(update={"public_key": public_key_of(new_seed())})
    grant = grants([keyed], {user: public_key_of(new_seed()) for user in INSIDERS})[-1]
    assert [subject for subject in grant.publish if not subject.startswith("$JS.")] == [
        "head.H001.case.approved.v1.21.02.83",
        "head.H001.case.refused.v1.21.02.83",
        "head.H001.case.bulletin_issued.v1.21.02.83",
    ]


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.event.__name__)
def test_only_its_tellers_may_tell_an_event(entry: Entry) -> None:
    """Of all users those whom the catalogue names, and of partners the one whom the subject names, as who they are."""
    keyed = [partner.model_copy(update={"public_key": "U"}) for partner in EVERYBODY]
    granted = {grant.user: grant.publish for grant in grants(keyed, dict.fromkeys(INSIDERS, "U"))}
    for producer in entry.producers:
        subject = subjects_told(producer, entry)
        told_by_user = {user for user, subjects in granted.items() if any(is_covered(one, subject) for one in subjects)}
        if producer in PARTIES:
            users = {f"{producer}-{PARTIES[producer]}"}
        elif entry.type.startswith("clock."):
            users = {producer}
        else:
            users = set(entry.producers)
        assert users == told_by_user


def test_receipts_are_written_by_the_service_that_answers() -> None:
    """Sampling and enforcement answer requests, sampling reports, insurance policies; nobody else writes a receipt."""
    keyed = [partner.model_copy(update={"public_key": "U"}) for partner in EVERYBODY]
    writing = {
        grant.user: [subject for subject in grant.publish if subject.startswith(("receipt.", "*", ">"))]
        for grant in grants(keyed, dict.fromkeys(INSIDERS, "U"))
    }
    requests = ["receipt.*.*.request.accepted.v1.*.*.*", "receipt.*.*.request.refused.v1.*.*.*"]
    assert {user: subjects for user, subjects in writing.items() if subjects} == {
        "sampling": [
            "receipt.*.*.result.accepted.v1.*.*.*",
            "receipt.*.*.result.rejected.v1.*.*.*",
            *requests,
            "receipt.*.*.reinspection.assigned.v1.*.*.*",
            "receipt.*.*.reinspection.recalled.v1.*.*.*",
        ],
        "enforcement": requests,
        "insurance": ["receipt.*.*.policy.rejected.v1.*.*.*"],
    }


def test_no_partner_may_use_the_api_beyond_its_durables() -> None:
    """Whatever a partner may ask of the bus ends in its own name."""
    keyed = [partner.model_copy(update={"public_key": "U"}) for partner in PARTNERS]
    granted = grants(keyed, dict.fromkeys(INSIDERS, "U"))[len(INSIDERS) :]
    asked = [
        (grant.user, subject.removesuffix(".>").rpartition(".")[2])
        for grant, subject in itertools.chain.from_iterable(
            [(grant, subject) for subject in grant.publish] for grant in granted
        )
        if subject.startswith("$JS.")
    ]
    assert [(user, user) for user, _ in asked] == asked


def test_writes_are_synced_and_the_system_account_has_the_watch_only() -> None:
    """The server syncs every write, and the watch, which may ask the servers how they are, is all of their account."""
    text, seeds = configuration()
    assert "sync_interval: always" in text
    system = text[text.index("  SYS {") :]
    assert [public_key_of(seeds[WATCH_OF_SERVERS])] == re.findall(r"nkey: (\S+),", system)
    assert '["$SYS.REQ.SERVER.PING.VARZ"]' in system
    assert "no_auth_user" not in text


def test_person_is_granted_the_events_of_its_kind_in_its_region() -> None:
    """The grant of a sampler is its three events in its county and its receipts, no prefix as a whole."""
    keyed = SAMPLER.model_copy(update={"public_key": public_key_of(new_seed())})
    grant = grants([keyed], {user: public_key_of(new_seed()) for user in INSIDERS})[-1]
    assert list(grant.publish) == [
        "sampler.S01.sample.collected.v1.21.02.83",
        "sampler.S01.sample.handed_over.v1.21.02.83",
        "sampler.S01.rapid_test.recorded.v1.21.02.83",
        "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.sampler-S01",
        "$JS.ACK.RECEIPTS.sampler-S01.>",
    ]


@pytest.mark.parametrize("kind", PEOPLE)
def test_people_say_every_event_of_their_kind_and_no_other(kind: PartnerKind) -> None:
    """Each event that a kind of person produces is granted to it, in its region, and nothing else under the prefix."""
    person = Partner(kind=kind, id="X01", region="21.02.00", public_key=public_key_of(new_seed()))
    grant = grants([person], {user: public_key_of(new_seed()) for user in INSIDERS})[-1]
    expected = [entry.pattern("X01", "21.02.*") for entry in told_by(kind)]
    assert expected == [subject for subject in grant.publish if not subject.startswith("$JS.")]
